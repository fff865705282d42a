// Owns the examples of what a page says of filters by itself. Does not own what the server says of them.
import { describe, expect, it } from 'vitest';
import type { GridFilter } from './definition';
import { checked, draftOf } from './filter_check';

const filters: GridFilter[] = [
  { name: 'balance', label: 'Balance', takes: 'amounts' },
  { name: 'created', label: 'Created', takes: 'days' },
  { name: 'batch', label: 'Batch', takes: 'text' },
];
const of = (draft: Record<string, string[]>, locale = 'en-GB') => checked(filters, draft, locale);

describe('checked', () => {
  it('sends what was typed as the server takes it, without what was left empty', () => {
    const draft = { balance_min: [' 1.234,50 '], balance_max: [''], created_from: [], batch: [' spring ', ' '] };
    expect(of(draft, 'de-DE')).toEqual({ values: { balance_min: ['1234.50'], batch: ['spring'] }, faults: {} });
  });

  it.each([
    ['1,2,3x', { balance_min: 'no_amount' }],
    ['abc', { balance_min: 'no_amount' }],
    ['-0.00001', {}],
  ])('finds whether %s is an amount', (typed, faults) => {
    expect(of({ balance_min: [typed] }).faults).toEqual(faults);
  });

  it.each([
    ['10', '9.99', true],
    ['9', '10', false],
    ['5.0', '5', false],
    ['-1', '-2', true],
    ['-2', '-1', false],
    ['-0.5', '0.25', false],
    // More digits than a floating-point number keeps.
    ['9007199254740993.000002', '9007199254740993.000001', true],
  ])('of amounts from %s to %s says whether the end lies before the start', (from, to, isReversed) => {
    expect(of({ balance_min: [from], balance_max: [to] }).faults).toEqual(isReversed ? { balance_max: 'range_reversed' } : {});
  });

  it('says of days that end where they begin that they are none', () => {
    const [first, second] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'];
    expect(of({ created_from: [first], created_before: [second] }).faults).toEqual({});
    expect(of({ created_from: [second], created_before: [first] }).faults).toEqual({ created_before: 'range_reversed' });
    expect(of({ created_from: [first], created_before: [first] }).faults).toEqual({ created_before: 'range_reversed' });
  });

  it('does not call a range reversed whose end is no amount', () => {
    expect(of({ balance_min: ['5'], balance_max: ['x'] }).faults).toEqual({ balance_max: 'no_amount' });
  });
});

it('writes amounts into the fields as the language does, and leaves what is none as it is', () => {
  const values = { balance_min: ['1234.5'], balance_max: ['1e5'], batch: ['1.5'] };
  expect(draftOf(filters, values, 'de-DE')).toEqual({ balance_min: ['1234,5'], balance_max: ['1e5'], batch: ['1.5'] });
});
