// Owns the examples of what becomes of rows when the server tells of changes. Does not own hearing of them (listen.test.ts).
import { describe, expect, it } from 'vitest';
import { afterTold, type LiveRows } from './live_rows';

interface Row {
  id: number;
  name: string;
  status: string;
  balance: string;
}

const ada: Row = { id: 1, name: 'Ada', status: 'active', balance: '0' };
const bob: Row = { id: 2, name: 'Bob', status: 'active', balance: '7' };
const loaded = {
  rows: [ada, bob],
  view: { sort: [{ column: 'name', descending: false }], filters: {} as Record<string, string[]> },
  choices: ['status'],
  rowId: (row: Row) => row.id,
  facts: ({ name, status, balance }: Row) => ({ name, status, balance }),
};
const none: LiveRows<Row> = new Map();
const told = (items: Row[], gone: number[] = []) => ({ items, gone });
const seen = (rows: LiveRows<Row>) =>
  [...rows].map(([id, row]) => [id, row.row.balance, [...row.changed].join(), row.revision, row.isGone, row.isElsewhere]);

describe('what is told of rows', () => {
  it('is nothing new where they are as they were loaded, or on no screen', () => {
    expect(afterTold(none, told([ada, { ...bob }, { ...ada, id: 3 }], [4]), loaded)).toBe(none);
  });

  it('names the cells that have changed, and counts the changes', () => {
    const first = afterTold(none, told([{ ...bob, balance: '8', status: 'blocked' }]), loaded);
    expect(seen(first)).toEqual([[2, '8', 'status,balance', 1, false, false]]);
    const second = afterTold(first, told([{ ...bob, balance: '9', status: 'blocked' }]), loaded);
    expect(seen(second)).toEqual([[2, '9', 'balance', 2, false, false]]);
    expect(afterTold(second, told([{ ...bob, balance: '9', status: 'blocked' }]), loaded)).toBe(second);
  });

  it.each([
    ['the order', { ...loaded, view: { ...loaded.view, sort: [{ column: 'balance', descending: true }] } }, true],
    ['another order', loaded, false],
    ['a filter that has let it go', { ...loaded, view: { ...loaded.view, filters: { status: ['active', 'closed'] } } }, true],
    ['a filter that has it still', { ...loaded, view: { ...loaded.view, filters: { status: ['blocked'] } } }, false],
    ['a filter that is no choice', { ...loaded, choices: [], view: { ...loaded.view, filters: { balance: ['true'] } } }, false],
  ])('leaves a row in its place, and says whether it is elsewhere by %s', (_, shown, isElsewhere) => {
    const [, row] = [...afterTold(none, told([{ ...bob, balance: '8', status: 'blocked' }]), shown)][0] ?? [];
    expect(row?.isElsewhere).toBe(isElsewhere);
  });

  it('is elsewhere no more when it has come back', () => {
    const shown = { ...loaded, view: { ...loaded.view, filters: { status: ['active'] } } };
    const blocked = afterTold(none, told([{ ...bob, status: 'blocked' }]), shown);
    expect(seen(afterTold(blocked, told([bob]), shown))).toEqual([[2, '7', 'status', 2, false, false]]);
  });

  it('keeps what is gone as it was last seen, until it is back', () => {
    const changed = afterTold(none, told([{ ...bob, balance: '8' }]), loaded);
    const gone = afterTold(changed, told([], [2]), loaded);
    expect(seen(gone)).toEqual([[2, '8', '', 2, true, false]]);
    expect(afterTold(gone, told([], [2]), loaded)).toBe(gone);
    expect(seen(afterTold(gone, told([{ ...bob, balance: '8' }]), loaded))).toEqual([[2, '8', '', 3, false, false]]);
  });
});
