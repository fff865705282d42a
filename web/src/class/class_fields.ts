// Owns the fields of a customer class, and what they mean for an unpaid invoice day by day. Does not own the pages.
import type { TFunction } from 'i18next';
import type { Currency, CustomerClass } from '../api/types';
import type { Field, Texts } from '../form/field';
import type { English } from '../language/english';

type Step = keyof English['customerClass']['steps'];

const CLOSE_AFTER_DAYS_DEFAULT = 30;

/** The currency is chosen once: customers of the class may have it already. */
export function classFields(t: TFunction, currencies: Currency[] | null): Field[] {
  const labelled = (name: keyof English['customerClass']['fields']): Pick<Field, 'name' | 'label' | 'help'> => ({
    name,
    label: t(`customerClass.fields.${name}`),
    help: t(`customerClass.help.${name}`),
  });
  return [
    { ...labelled('name'), takes: 'text', charactersMax: 100, isRequired: true, isWide: true },
    ...(currencies
      ? [
          {
            ...labelled('currency'),
            takes: 'choice' as const,
            options: [
              { value: '', label: t('customerClass.anyCurrency') },
              ...currencies.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` })),
            ],
          },
        ]
      : []),
    { ...labelled('payment_terms_days'), takes: 'count', isRequired: true },
    { ...labelled('limit_after_days'), takes: 'count' },
    { ...labelled('suspend_after_days'), takes: 'count' },
    { ...labelled('terminate_after_days'), takes: 'count' },
    { ...labelled('close_after_days'), takes: 'count', isRequired: true },
    { ...labelled('suspend_on_insufficient_funds'), takes: 'yes_no' },
  ];
}

export function textsOfClass(one: CustomerClass): Texts {
  const days = (count: number | null) => (count === null ? '' : String(count));
  return {
    name: one.name,
    payment_terms_days: days(one.payment_terms_days),
    limit_after_days: days(one.limit_after_days),
    suspend_after_days: days(one.suspend_after_days),
    terminate_after_days: days(one.terminate_after_days),
    close_after_days: days(one.close_after_days),
    suspend_on_insufficient_funds: String(one.suspend_on_insufficient_funds),
  };
}

export const textsOfNewClass: Texts = {
  payment_terms_days: '0',
  close_after_days: String(CLOSE_AFTER_DAYS_DEFAULT),
  suspend_on_insufficient_funds: 'false',
};

/**
 * On which day after its issue what happens to an invoice that nobody pays; null while a figure is no figure. It can be
 * paid in time on its due day, is overdue from the next one on, and the days of the steps count from there.
 */
export function timelineOf(texts: Texts): { step: Step; day: number }[] | null {
  const days = (name: string) => {
    const text = (texts[name] ?? '').trim();
    return text === '' ? null : /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  };
  const due = days('payment_terms_days') ?? 0;
  const overdue = due + 1;
  const terminated = days('terminate_after_days');
  const steps: [Step, number | null][] = [
    ['issued', 0],
    ['due', due],
    ['overdue', overdue],
    ['limited', days('limit_after_days')],
    ['suspended', days('suspend_after_days')],
    ['terminated', terminated],
  ];
  const found = steps.flatMap(([step, day], at) => (day === null ? [] : [{ step, day: at < 3 ? day : overdue + day }]));
  // A termination lasts a day at least.
  const window = Math.max(1, days('close_after_days') ?? CLOSE_AFTER_DAYS_DEFAULT);
  if (terminated !== null) found.push({ step: 'closed', day: overdue + terminated + window });
  return found.some(({ day }) => Number.isNaN(day)) ? null : found;
}
