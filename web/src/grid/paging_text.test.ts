// Owns the examples of how a page's place reads. Does not own number formats beyond English grouping.
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../api/types';
import { first } from '../language/english';
import { pagingText } from './paging_text';

const formatCount = (count: number) => new Intl.NumberFormat('en').format(count);
const page = (rows: number, first: number | null, total: Page<number>['total']): Page<number> => ({
  items: Array.from({ length: rows }, (_, index) => index),
  page: { next: null, previous: null, first_position: first },
  total,
});

beforeAll(() => i18next.init({ lng: 'en', showSupportNotice: false, resources: { en: { translation: first } } }));

const cases: [page: Page<number>, text: string][] = [
  [page(25, 26, { count: 1204, exact: true }), '26–50 of 1,204'],
  [page(1, 1, { count: 1, exact: true }), '1–1 of 1'],
  [page(4, 1201, { count: 1204, exact: true }), '1,201–1,204 of 1,204'],
  [page(100, 1, { count: 10000, exact: false }), '1–100 of more than 10,000'],
  [page(25, 51, null), '51–75'],
  [page(25, null, { count: 10000, exact: false }), '25 rows of more than 10,000'],
  [page(1, null, null), '1 row'],
  [page(0, null, { count: 0, exact: true }), 'No rows'],
];

describe('pagingText', () => {
  it.each(cases)('%#', (given, text) => {
    expect(pagingText(given, i18next.t, formatCount)).toBe(text);
  });
});
