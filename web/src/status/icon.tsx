// Owns the drawings of the status icons: a shape first, a tone second. Does not own which status has which icon; the
// server's table says that by name.
import type { ReactNode } from 'react';
import type { Tone } from '../api/types';
import styles from './status.module.css';

const box = 'M7 3.25H4A1.75 1.75 0 0 0 2.25 5v7A1.75 1.75 0 0 0 4 13.75h7A1.75 1.75 0 0 0 12.75 12V9';
const arrow = 'M7 9l6.5-6.5M9.75 2.25h4v4';

const blocked = <path d="M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM3.6 3.6l8.8 8.8" />;
const suspended = <path fill="currentColor" d="M3.75 2.75h2.5v10.5h-2.5zM9.75 2.75h2.5v10.5h-2.5z" />;
const hourglass = (
  <path d="M3 1.75h10M3 14.25h10M4.25 1.75v2.5L8 8l3.75-3.75v-2.5M4.25 14.25v-2.5L8 8l3.75 3.75v2.5" />
);
/** Until a date: at the foot of what rests. */
const clock = <path d="M11 7.25a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5zM11 9v2l1.3 1" />;

export const shapes: Record<string, ReactNode> = {
  closed: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      stroke="none"
      d="M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5zM4.25 7.1v1.8h7.5V7.1z"
    />
  ),
  exported: <path d={`${box}${arrow}`} />,
  export_in_progress: (
    <>
      <path d={box} strokeDasharray="2 2" strokeLinecap="butt" />
      <path d={arrow} />
    </>
  ),
  blocked,
  suspended,
  provisionally_terminated: hourglass,
  limited: (
    <>
      <path d="M1.75 11.25a6.25 6.25 0 0 1 12.5 0M1.75 13h12.5" />
      <path d="M8.75 10.75L4.25 8.5" />
    </>
  ),
  lifted_limitation: (
    <>
      <path d="M1.5 10V9a5.5 5.5 0 0 1 8.25-4.76M1.5 12.5h4M6.25 9.25L3.9 7.4" />
      {clock}
    </>
  ),
  lifted_suspension: (
    <>
      <path d="M2.75 2v9.5M7 2v5" />
      {clock}
    </>
  ),
  credit_exceeded: (
    <>
      <path d="M1.25 5.75h6.5M13.5 5.75h1.25" />
      <path fill="currentColor" d="M3 9.75h2.5v4.5H3zM9.5 1.75h2.5v12.5H9.5z" />
    </>
  ),
  no_available_funds: (
    <path d="M12.25 5.25v-2H3.5a1.5 1.5 0 0 0 0 3H13a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1H4A1.75 1.75 0 0 1 2 12V4.75M14 8.75h-3a1.25 1.25 0 0 0 0 2.5h3" />
  ),
  spending_limit_reached: (
    <path d="M1.5 13.25h13M4.75 10.25a3.25 3.25 0 0 1 6.5 0M8 2v2M2.6 4.6L4 6M13.4 4.6L12 6M1 10.25h1M14 10.25h1" />
  ),
  frozen: (
    <>
      <path d="M6 12.75H2.75a1 1 0 0 1-1-1v-7.5a1 1 0 0 1 1-1h10.5a1 1 0 0 1 1 1V5M1.75 6.25H8" />
      <path d="M11 7.25v7M8 9l6 3.5M14 9l-6 3.5" />
    </>
  ),
  reseller_blocked: withHouse(blocked),
  reseller_suspended: withHouse(suspended),
  reseller_provisionally_terminated: withHouse(hourglass),
};

/** The same shape, smaller, with a house at its foot: the cause lies with the reseller. */
function withHouse(shape: ReactNode): ReactNode {
  return (
    <>
      <g transform="scale(0.66)">{shape}</g>
      <path fill="currentColor" stroke="none" d="M11.5 7.5L16 11.6h-1.2V16h-2.3v-2.4h-2V16H8.2v-4.4H7z" />
    </>
  );
}

interface StatusIconProps {
  icon: string;
  tone: Tone;
}

/** Draws nothing for the active status, which has no icon, and an open circle for a name it does not know yet. */
export function StatusIcon({ icon, tone }: StatusIconProps) {
  if (icon === '') return null;
  return <StatusDrawing shape={shapes[icon] ?? <path d="M8 2.25a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.5z" />} tone={tone} />;
}

export function StatusDrawing({ shape, tone }: { shape: ReactNode; tone: Tone }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
      className={styles.icon}
      data-tone={tone}
    >
      {shape}
    </svg>
  );
}
