// Owns the examples of how often figures are fetched while changes go on. Does not own the figures.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced, type Paced } from './paced';

let startedAt: number[];
let answerMilliseconds: number;
let figures: Paced;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  startedAt = [];
  answerMilliseconds = 10;
  figures = paced(() => {
    startedAt.push(Date.now());
    return new Promise((resolve) => setTimeout(resolve, answerMilliseconds));
  });
});
afterEach(() => {
  figures.stop();
  vi.useRealTimers();
});

async function changesEvery(milliseconds: number, until: number): Promise<void> {
  while (Date.now() < until) {
    figures.want();
    await vi.advanceTimersByTimeAsync(milliseconds);
  }
}

describe('figures', () => {
  it('are fetched once what is summed up has followed the change', async () => {
    figures.want();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(startedAt).toEqual([1_500]);
  });

  it('are fetched every five seconds while changes go on, and once after the last', async () => {
    await changesEvery(100, 12_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(startedAt).toEqual([1_500, 6_500, 11_500, 16_500]);
  });

  it('are fetched the more rarely the longer they take', async () => {
    answerMilliseconds = 300;
    await changesEvery(100, 40_000);
    expect(startedAt).toEqual([1_500, 31_500]);
  });

  it('are not fetched for a list that is left', async () => {
    figures.want();
    figures.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(startedAt).toEqual([]);
  });
});
