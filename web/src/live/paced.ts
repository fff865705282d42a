// Owns how often something is fetched anew while changes go on: soon after the first, together for those that follow, and more rarely
// the longer an answer takes, so that all who look at a list together ask for little of the server's time. Does not own what is fetched.

/** What the server sums up follows a change within a second. */
const BEHIND_MILLISECONDS = 1_500;
const PAUSE_MILLISECONDS_MIN = 5_000;
const PAUSE_PER_MILLISECOND = 100;

export interface Paced {
  /** Something has changed. */
  want: () => void;
  stop: () => void;
}

export function paced(fetchAnew: () => Promise<unknown>): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let wantedAt = 0;
  let nextAt = 0;
  const run = async () => {
    const startedAt = Date.now();
    await fetchAnew();
    timer = undefined;
    nextAt = startedAt + Math.max(PAUSE_MILLISECONDS_MIN, PAUSE_PER_MILLISECOND * (Date.now() - startedAt));
    // It came too late to be in the answer.
    if (wantedAt + BEHIND_MILLISECONDS > startedAt) arm();
  };
  const arm = () => {
    if (isStopped) return;
    timer = setTimeout(() => void run(), Math.max(wantedAt + BEHIND_MILLISECONDS, nextAt) - Date.now());
  };
  return {
    want: () => {
      wantedAt = Date.now();
      if (timer === undefined) arm();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
