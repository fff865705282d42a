// Owns parts of the program that are not needed for the first rows: loaded when the browser has nothing else to do, so that
// they are there before they are asked for, even when the server is not any more. Does not own which parts those are.
import { lazy, type ComponentType } from 'react';

const IDLE_WAIT_MILLISECONDS = 2_000;

export function lazySoon<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  whenIdle(() => {
    // What fails here is asked for again, and then told, when it is needed.
    load().catch(() => undefined);
  });
  return lazy(load);
}

function whenIdle(run: () => void): void {
  // Not every browser has it.
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: IDLE_WAIT_MILLISECONDS });
  else setTimeout(run, IDLE_WAIT_MILLISECONDS);
}
