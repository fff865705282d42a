// Owns the English words of statuses. Does not own how they are put together (index.ts).
export const status = {
  status: {
    column: 'Status',
    since: 'Since',
    next: 'Next',
    also: 'Also',
    show: '{{label}}: show why',
  },
} as const;
