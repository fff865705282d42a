// Owns the connection by which the server tells a page what changes: opening, losing, opening again, resting while nobody looks.
// Does not own what is made of what is told.

/** The server says every 15 seconds that it is there. */
const SILENCE_MILLISECONDS = 40_000;
const OPENING_MILLISECONDS = 10_000;
const AGAIN_MILLISECONDS_MAX = 30_000;
/** Another login of the same person, perhaps with another role: the page goes on with it. */
const AFTER_LOGIN_MILLISECONDS = 2_000;

export interface Listening {
  close: () => void;
  /** Without waiting for the next attempt. */
  retry: () => void;
}

export interface Listener {
  /** Names of the events, and what is done with the data of each. */
  events: Record<string, (told: unknown) => void>;
  /** Since when nothing has been heard; `null`: what is told is up to date. */
  onStale: (since: number | null) => void;
  /** The server refused, or has ended the login: who asks has to look whether it is still signed in. */
  onRefused: () => void;
}

/** What is told at the beginning is all there is to know, so that a new connection makes good what a lost one has missed. */
export function listen(address: string, { events, onStale, onRefused }: Listener): Listening {
  let source: EventSource | null = null;
  let failures = 0;
  let heardAt = Date.now();
  let again: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const rest = () => {
    source?.close();
    source = null;
    clearTimeout(again);
    clearTimeout(silence);
  };
  const expect = (withinMilliseconds: number) => {
    clearTimeout(silence);
    silence = setTimeout(lose, withinMilliseconds);
  };
  const hear = () => {
    heardAt = Date.now();
    failures = 0;
    onStale(null);
    expect(SILENCE_MILLISECONDS);
  };
  const lose = () => {
    rest();
    failures += 1;
    // A server that has just been started anew is back before it is worth a word.
    if (failures > 1 || !navigator.onLine) onStale(heardAt);
    const wait = Math.min(AGAIN_MILLISECONDS_MAX, 500 * 2 ** failures);
    // Not everybody at once.
    again = setTimeout(open, wait * (0.5 + Math.random() / 2));
  };
  const open = () => {
    rest();
    if (document.hidden) return;
    source = new EventSource(address);
    expect(OPENING_MILLISECONDS);
    source.onopen = hear;
    source.onerror = () => {
      // The browser gives up where the answer was a refusal; where there was none it would go on by itself, at its own pace.
      if (source?.readyState === EventSource.CLOSED) onRefused();
      lose();
    };
    source.addEventListener('here', hear);
    source.addEventListener('refetch', open);
    source.addEventListener('signed_out', () => {
      rest();
      onRefused();
      again = setTimeout(open, AFTER_LOGIN_MILLISECONDS);
    });
    for (const [name, take] of Object.entries(events)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        hear();
        take(JSON.parse(event.data));
      });
    }
  };
  const onOnline = () => {
    // What failed without a network says nothing of how soon to try now. Browsers tell of it a moment before it is so: the next
    // attempt is not far.
    failures = 0;
    open();
  };
  const onVisible = () => (document.hidden ? rest() : open());
  const onOffline = () => {
    if (source) lose();
  };
  document.addEventListener('visibilitychange', onVisible);
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  open();
  return {
    retry: open,
    close: () => {
      rest();
      document.removeEventListener('visibilitychange', onVisible);
      window.removeEventListener('online', onOnline);
      window.removeEventListener('offline', onOffline);
    },
  };
}
