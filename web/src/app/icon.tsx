// Owns the small drawings of the shell and the grid. All are decoration: whoever uses one gives it its words. Does not own
// the status icons (status/icon.tsx).
const shapes = {
  customers: 'M5.75 7.75a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.25c0-2.4 1.9-3.75 4.25-3.75S10 10.85 10 13.25M10.5 3.1a2.4 2.4 0 0 1 0 4.5M12 9.9c1.5.5 2.5 1.6 2.5 3.35',
  accounts: 'M5 1.75h6a.75.75 0 0 1 .75.75v11a.75.75 0 0 1-.75.75H5a.75.75 0 0 1-.75-.75v-11A.75.75 0 0 1 5 1.75zM7 12h2',
  xdrs: 'M3.25 2.25h9.5v11.5l-1.9-1.25-1.9 1.25-1.9-1.25-1.9 1.25-1.9-1.25zM5.75 5.5h4.5M5.75 8.25h4.5',
  resellers: 'M6 2.25h4v3H6zM1.75 10.75h4v3h-4zM10.25 10.75h4v3h-4zM8 5.25V8M3.75 10.75V8h8.5v2.75',
  classes: 'M2.25 2.75v4.5l6.5 6.5 5-5-6.5-6.5h-4.5zM5 5.5h.01',
  products: 'M2.25 5L8 2l5.75 3v6L8 14l-5.75-3zM2.25 5L8 8l5.75-3M8 8v6',
  tariffs: 'M5.5 3.25v9.5M10.5 3.25v9.5M2.5 5.75h3M10.5 5.75h3M2.5 10.25h3M10.5 10.25h3M5.5 8h5',
  dids: 'M5.5 2.5l-1 11M11.5 2.5l-1 11M2.5 5.75h11.25M2.25 10.25h11.25',
  nas: 'M2.75 2.75h10.5v4H2.75zM2.75 9.25h10.5v4H2.75zM5.25 4.75h.01M5.25 11.25h.01M8 4.75h3M8 11.25h3',
  sessions: 'M1.75 8h2.5l2-5 3.5 10 2-5h2.5',
  search: 'M7 2.25a4.75 4.75 0 1 0 0 9.5 4.75 4.75 0 0 0 0-9.5zM10.5 10.5l3.25 3.25',
  settings: 'M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M9.75 2.75a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zM6.25 9.75a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5z',
  ascending: 'M8 12.5v-9M4.5 7L8 3.5 11.5 7',
  descending: 'M8 3.5v9M4.5 9L8 12.5 11.5 9',
  add: 'M8 3v10M3 8h10',
  delete: 'M2.75 4.25h10.5M6.25 4V2.25h3.5V4M4 4.25l.6 9h6.8l.6-9M6.75 7v4M9.25 7v4',
  more: 'M8 3.25h.01M8 8h.01M8 12.75h.01',
  filter: 'M2 3.5h12M4.25 8h7.5M6.5 12.5h3',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M4 6.25L8 10l4-3.75',
  up: 'M4 9.75L8 6l4 3.75',
  first: 'M11.5 4L7.5 8l4 4M4.5 4v8',
  previous: 'M10 4L6 8l4 4',
  next: 'M6 4l4 4-4 4',
  last: 'M4.5 4l4 4-4 4M11.5 4v8',
  legend: 'M2.5 4.25h1M2.5 8h1M2.5 11.75h1M6 4.25h7.5M6 8h7.5M6 11.75h7.5',
  keyboard: 'M2.75 4h10.5a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4.5 6.75h.01M7 6.75h.01M9.5 6.75h.01M12 6.75h.01M5 9.5h6',
} as const;

/** What means "back" and "on", or begins where a line begins, turns round where the page runs from right to left. */
const mirrored: ReadonlySet<string> = new Set(['first', 'previous', 'next', 'last', 'legend']);

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      data-mirrored={mirrored.has(name) || undefined}
    >
      <path d={shapes[name]} />
    </svg>
  );
}

/** The mark of the product: a trunk line and its branch. */
export function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" focusable="false">
      <rect width="16" height="16" rx="3.5" fill="var(--accent)" />
      <path
        d="M3.5 5h9M8 5v7.5M8 8.5h3.5v4"
        fill="none"
        stroke="var(--paper)"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
