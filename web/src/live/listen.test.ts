// Owns the examples of how a connection is opened, lost, opened again and rested. Does not own what is told over it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen, type Listening } from './listen';

/** A connection as the browser makes it; the tests are the server. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly address: string) {
    super();
    Source.all.push(this);
  }

  close() {
    this.readyState = Source.CLOSED;
  }

  tell(name: string, told: unknown = {}) {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(told) }));
  }

  /** As the browser says it: the connection broke, or the answer was a refusal. */
  fail({ isRefused = false } = {}) {
    if (isRefused) this.readyState = Source.CLOSED;
    this.onerror?.();
  }
}

const screen = Object.assign(new EventTarget(), { hidden: false });
const network = { onLine: true };
const now = () => Source.all.filter(({ readyState }) => readyState !== Source.CLOSED);
const last = () => Source.all[Source.all.length - 1];
let heard: unknown[];
let stale: (number | null)[];
let refusals: number;
let listening: Listening;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('document', screen);
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('navigator', network);
  vi.spyOn(Math, 'random').mockReturnValue(1);
  Source.all = [];
  screen.hidden = false;
  network.onLine = true;
  heard = [];
  stale = [];
  refusals = 0;
  listening = listen('/live', {
    events: { customers: (told) => heard.push(told) },
    onStale: (since) => stale.push(since),
    onRefused: () => (refusals += 1),
  });
});
afterEach(() => {
  listening.close();
  expect(now()).toEqual([]);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a connection', () => {
  it('hands on what is told', () => {
    last()?.onopen?.();
    last()?.tell('customers', { items: [1] });
    expect([last()?.address, heard, stale]).toEqual(['/live', [{ items: [1] }], [null, null]]);
  });

  it('that breaks once is opened again without a word, and after that since when nothing was heard is said', () => {
    last()?.onopen?.();
    last()?.fail();
    expect([now().length, stale]).toEqual([0, [null]]);
    vi.advanceTimersByTime(1_000);
    expect(now()).toHaveLength(1);
    last()?.fail();
    expect(stale).toEqual([null, 1_000]);
    vi.advanceTimersByTime(2_000);
    last()?.onopen?.();
    expect([stale, refusals]).toEqual([[null, 1_000, null], 0]);
  });

  it('is tried for more and more rarely, and at once when somebody asks for it', () => {
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      last()?.fail();
      vi.advanceTimersByTime(wait - 1);
      expect(now()).toHaveLength(0);
      vi.advanceTimersByTime(1);
      expect(now()).toHaveLength(1);
    }
    last()?.fail();
    listening.retry();
    expect(now()).toHaveLength(1);
  });

  it('in which nothing is heard any more is given up, heartbeats apart', () => {
    last()?.onopen?.();
    vi.advanceTimersByTime(39_000);
    last()?.tell('here');
    vi.advanceTimersByTime(39_000);
    expect(Source.all).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect([Source.all.length, now().length]).toEqual([2, 1]);
  });

  it('rests while nobody looks, and is opened anew for who looks again', () => {
    last()?.onopen?.();
    screen.hidden = true;
    screen.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(120_000);
    expect([now().length, stale]).toEqual([0, [null]]);
    screen.hidden = false;
    screen.dispatchEvent(new Event('visibilitychange'));
    expect(now()).toHaveLength(1);
  });

  it('is told of at once when the network is gone, and opened when it is back', () => {
    last()?.onopen?.();
    network.onLine = false;
    window.dispatchEvent(new Event('offline'));
    expect([now().length, stale]).toEqual([0, [null, 1_000]]);
    network.onLine = true;
    window.dispatchEvent(new Event('online'));
    expect(now()).toHaveLength(1);
  });

  it('that fails once more when the network is just back is soon tried again, however long the network was gone', () => {
    network.onLine = false;
    window.dispatchEvent(new Event('offline'));
    for (let attempt = 0; attempt < 6; attempt += 1) {
      vi.advanceTimersByTime(30_000);
      last()?.fail();
    }
    network.onLine = true;
    window.dispatchEvent(new Event('online'));
    last()?.fail();
    expect(now()).toHaveLength(0);
    vi.advanceTimersByTime(1_000);
    expect(now()).toHaveLength(1);
  });

  it('that is refused, or whose login has ended, asks who is signed in', () => {
    last()?.fail({ isRefused: true });
    expect(refusals).toBe(1);
    vi.advanceTimersByTime(1_000);
    last()?.tell('signed_out');
    expect([refusals, now().length]).toEqual([2, 0]);
    // The same person with another login goes on.
    vi.advanceTimersByTime(2_000);
    expect(now()).toHaveLength(1);
  });

  it('that has passed over something begins anew', () => {
    last()?.onopen?.();
    last()?.tell('refetch');
    expect([Source.all.length, now().length]).toEqual([2, 1]);
  });
});
