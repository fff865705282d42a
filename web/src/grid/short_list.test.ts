// Owns the examples of how a list that came whole is sorted and searched. Does not own the lists of long ones, which the server sorts.
import { describe, expect, it } from 'vitest';
import { inOrder } from './short_list';

const rows = [
  { id: 1, name: 'Retail 10', calls: 2 as number | null },
  { id: 2, name: 'retail 9', calls: null },
  { id: 3, name: 'Wholesale', calls: 10 },
  { id: 4, name: 'Data', calls: 2 },
];
const ids = (query: Record<string, string>) => inOrder(rows, query, ({ name, calls }) => ({ name, calls })).items.map(({ id }) => id);

describe('a short list', () => {
  it.each([
    ['name', [4, 2, 1, 3]],
    ['-name', [3, 1, 2, 4]],
    // What is not there comes last; the name decides among those that are alike.
    ['calls', [4, 1, 3, 2]],
    ['-calls,name', [2, 3, 4, 1]],
  ])('sorted by %s', (sort, expected) => {
    expect(ids({ sort })).toEqual(expected);
  });

  it.each([
    ['starts_with', 'RETAIL', [2, 1]],
    ['contains', 'ale', [3]],
    ['ends_with', '9', [2]],
    ['exactly', ' data ', [4]],
    ['exactly', 'dat', []],
  ])('searched: %s “%s”', (match, search, expected) => {
    expect(ids({ sort: 'name', match, search })).toEqual(expected);
  });

  it('is one page, counted', () => {
    expect(inOrder(rows, { search: 'retail' }, ({ name }) => ({ name }))).toMatchObject({
      page: { next: null, previous: null, first_position: 1 },
      total: { count: 2, exact: true },
    });
  });
});
