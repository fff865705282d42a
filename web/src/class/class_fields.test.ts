// Owns the examples of which day an unpaid invoice does what. Does not own the rule: docs/domain.md, Collection.
import { expect, it } from 'vitest';
import { textsOfNewClass, timelineOf } from './class_fields';

const days = (texts: Record<string, string>) =>
  timelineOf({ ...textsOfNewClass, ...texts })?.map(({ step, day }) => `${step} ${day}`).join(', ') ?? null;

it.each([
  [{}, 'issued 0, due 0, overdue 1'],
  [{ payment_terms_days: '15', suspend_after_days: '14' }, 'issued 0, due 15, overdue 16, suspended 30'],
  [
    { payment_terms_days: '15', limit_after_days: '0', suspend_after_days: '14', terminate_after_days: '60', close_after_days: '30' },
    'issued 0, due 15, overdue 16, limited 16, suspended 30, terminated 76, closed 106',
  ],
  [{ terminate_after_days: '3', close_after_days: '0' }, 'issued 0, due 0, overdue 1, terminated 4, closed 5'],
  [{ limit_after_days: 'soon' }, null],
])('%j', (texts, expected) => {
  expect(days(texts)).toBe(expected);
});
