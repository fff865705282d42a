// Owns what a page can say of filters before it asks the server: what is no amount, and a range that ends before it begins. Pure.
// Does not own what makes sense otherwise; the server says that, under the same codes.
import type { Money } from '../api/types';
import { moneyFromText, typedMoney } from '../money/format';
import { parametersOf, type GridFilter } from './definition';
import type { FilterValues } from './filter_text';

export type FilterFault = 'no_amount' | 'range_reversed';

export interface CheckedFilters {
  /** As the server takes them: without what was left empty. */
  values: FilterValues;
  /** By parameter. */
  faults: Record<string, FilterFault>;
}

export function checked(filters: readonly GridFilter[], draft: FilterValues, locale: string): CheckedFilters {
  const values: FilterValues = {};
  const faults: Record<string, FilterFault> = {};
  for (const filter of filters) {
    for (const name of parametersOf(filter)) {
      const given = (draft[name] ?? []).map((one) => one.trim()).filter((one) => one !== '');
      if (given.length === 0) continue;
      const amount = filter.takes === 'amounts' ? moneyFromText(given.join(), locale) : null;
      if (filter.takes === 'amounts' && amount === null) faults[name] = 'no_amount';
      values[name] = amount === null ? given : [amount];
    }
    const [first = '', last = ''] = parametersOf(filter);
    const [from, to] = [values[first]?.[0], values[last]?.[0]];
    if (from === undefined || to === undefined || faults[first] || faults[last]) continue;
    const isReversed = filter.takes === 'amounts' ? isLess(to, from) : filter.takes === 'days' && Date.parse(to) <= Date.parse(from);
    if (isReversed) faults[last] = 'range_reversed';
  }
  return { values, faults };
}

/** As they stand in the fields: amounts as this language writes them. */
export function draftOf(filters: readonly GridFilter[], values: FilterValues, locale: string): FilterValues {
  const amounts = filters.flatMap((filter) => (filter.takes === 'amounts' ? parametersOf(filter) : []));
  // An address may hold anything; what is no amount is shown as it is.
  const written = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? typedMoney(text, locale) : text);
  return Object.fromEntries(
    Object.entries(values).map(([name, own]) => [name, amounts.includes(name) ? own.map(written) : own]),
  );
}

/** Digit by digit, for no amount passes through a floating-point number. */
function isLess(one: Money, other: Money): boolean {
  const fraction = (amount: Money) => amount.split('.')[1]?.length ?? 0;
  const digits = Math.max(fraction(one), fraction(other));
  const scaled = (amount: Money) => {
    const [whole = '', rest = ''] = amount.split('.');
    return BigInt(whole + rest.padEnd(digits, '0'));
  };
  return scaled(one) < scaled(other);
}
