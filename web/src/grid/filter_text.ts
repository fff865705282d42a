// Owns how the values of a filter read as chips, and how days of the person become the moments that the server takes. Pure. Does
// not own choosing them (filters.tsx, filter_panel.tsx).
import type { TFunction } from 'i18next';
import { formatDay, formatLocale } from '../language/locale';
import { formatMoney } from '../money/format';
import { parametersOf, type GridFilter } from './definition';

export type FilterValues = Record<string, string[]>;

export interface FilterChip {
  key: string;
  filter: string;
  value: string;
  /** The values that are left without it. */
  without: FilterValues;
}

/** `labels`: of looked-up values, by filter. */
export function chipsOf(filters: readonly GridFilter[], values: FilterValues, labels: Record<string, string>, t: TFunction): FilterChip[] {
  return filters.flatMap((filter): FilterChip[] => {
    const parameters = parametersOf(filter);
    if (parameters.every((name) => values[name] === undefined)) return [];
    const { [filter.name]: own = [], ...others } = values;
    if (filter.takes === 'one' || filter.takes === 'several') {
      return own.map((value) => {
        const left = own.filter((one) => one !== value);
        return {
          key: `${filter.name} ${value}`,
          filter: filter.label,
          value: filter.options.find((option) => option.value === value)?.label ?? value,
          without: left.length > 0 ? { ...others, [filter.name]: left } : others,
        };
      });
    }
    const rest = Object.entries(values).filter(([name]) => !parameters.includes(name));
    const texts = parameters.map((name) => values[name]?.join(',') ?? '');
    const value = filter.takes === 'lookup' ? (labels[filter.name] ?? own.join()) : typedText(filter.takes, texts, t);
    return [{ key: filter.name, filter: filter.label, value, without: Object.fromEntries(rest) }];
  });
}

function typedText(takes: 'amounts' | 'days' | 'yes_no' | 'text', [first = '', second = '']: string[], t: TFunction): string {
  if (takes === 'text') return first;
  if (takes === 'yes_no') return t(first === 'true' ? 'filters.yes' : 'filters.no');
  const from = takes === 'days' ? dayText(dayOfStart(first)) : amountText(first);
  const to = takes === 'days' ? dayText(dayOfEnd(second)) : amountText(second);
  if (from !== '' && to !== '') return from === to ? from : t('filters.between', { from, to });
  return from === '' ? t('filters.upTo', { to }) : t('filters.from', { from });
}

/** With the digits it was given with: which currency it is of, the filter does not say. */
function amountText(amount: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  return formatMoney(amount, amount.split('.')[1]?.length ?? 0, formatLocale()).text;
}

function dayText(day: string): string {
  return day === '' ? '' : formatDay(day);
}

/** The moment at which a day begins where the person is. Of "to", the day after: the server takes the moment before which. */
export function startOfDay(day: string): string {
  return momentOf(day, 0);
}

export function endOfDay(day: string): string {
  return momentOf(day, 1);
}

export function dayOfStart(moment: string): string {
  return dayOf(moment, 0);
}

export function dayOfEnd(moment: string): string {
  return dayOf(moment, 1);
}

function momentOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const moment = new Date(year, month - 1, date + daysLater);
  // Years below 100 would be read as of the last century.
  moment.setFullYear(year, month - 1, date + daysLater);
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().replace('.000Z', 'Z');
}

function dayOf(moment: string, millisecondsBefore: number): string {
  const at = new Date(new Date(moment).getTime() - millisecondsBefore);
  if (Number.isNaN(at.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
