// Owns that a few letters find the names one means, the best first.
import { expect, it } from 'vitest';
import { fit, fitting } from './fuzzy';

it.each([
  ['add', 'Add customer', 0],
  ['cus', 'Add customer', 1],
  ['tom', 'Add customer', 2],
  ['adcu', 'Add customer', 3],
  ['cada', 'Add customer', null],
  ['', 'Add customer', 0],
  ['uber', 'Übersicht', 0],
  [' Add', 'add customer', 0],
] as const)('"%s" fits "%s": %s', (typed, name, rank) => {
  expect(fit(typed, name)).toBe(rank);
});

it('puts the best first and keeps the others in their order', () => {
  const names = ['Export as CSV', 'xDRs', 'Export as Excel', 'Next'];
  expect(fitting(names, 'ex', (name) => name)).toEqual(['Export as CSV', 'Export as Excel', 'Next']);
  expect(fitting(names, 'x', (name) => name)).toEqual(['xDRs', 'Export as CSV', 'Export as Excel', 'Next']);
});
