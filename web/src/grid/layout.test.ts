// Owns the examples of how stored columns are read and moved. Does not own dragging.
import { describe, expect, it } from 'vitest';
import type { GridColumn } from './definition';
import { inOrder, isShown, layoutFrom, moved, tableWidthMin, widthOf } from './layout';

const column = (id: string, more: Partial<GridColumn<null>> = {}): GridColumn<null> =>
  ({ id, header: id, width: 100, sortable: true, kind: 'text', cell: () => id, ...more }) as GridColumn<null>;

const columns = [column('status'), column('name', { kind: 'name', grows: true }), column('phone', { isHiddenAtFirst: true }), column('balance')];
const ids = (list: GridColumn<null>[]) => list.map(({ id }) => id).join(' ');

describe('a stored order', () => {
  it.each([
    ['', 'status name phone balance'],
    ['balance name', 'status balance name phone'],
    ['balance gone status name phone', 'balance status name phone'],
    ['name status', 'name phone balance status'],
  ])('%s gives %s', (stored, expected) => {
    expect(ids(inOrder(columns, stored.split(' ')))).toBe(expected);
  });
});

describe('moving', () => {
  const all = ['status', 'name', 'phone', 'balance'];
  const shown = ['status', 'name', 'balance'];
  it.each([
    ['balance', 0, 'balance status name phone'],
    ['balance', 1, 'status balance name phone'],
    ['status', 2, 'name phone balance status'],
    ['status', 1, 'name phone status balance'],
    ['name', 1, 'status phone name balance'],
  ])('%s to %i gives %s', (id, place, expected) => {
    expect(moved(all, shown, id, place).join(' ')).toBe(expected);
  });
});

it('shows what is chosen, and the name always', () => {
  const shown = columns.filter((one) => isShown(one, { name: false, phone: true, balance: false }));
  expect(ids(shown)).toBe('status name phone');
  expect(ids(columns.filter((one) => isShown(one)))).toBe('status name balance');
});

it('keeps widths within their limits and lets the name grow until it has its own', () => {
  expect(columns.map((one) => widthOf(one, { status: 5, balance: 9999 }))).toEqual([56, undefined, 100, 800]);
  expect(widthOf(columns[1] as GridColumn<null>, { name: 260.4 })).toBe(260);
  expect(tableWidthMin(columns, { status: 60 })).toBe(60 + 200 + 100 + 100);
});

it('reads of what is stored only what makes sense', () => {
  const stored = { order: ['a', 'b'], shown: { a: true, b: 'x' }, widths: { a: 90, b: null }, sort: 7, search_in: 'name', open_single: true };
  expect(layoutFrom(stored)).toEqual({ order: ['a', 'b'], shown: { a: true }, widths: { a: 90 }, open_single: true });
  expect(layoutFrom(null)).toEqual({});
});
