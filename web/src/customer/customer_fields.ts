// Owns the fields a customer is described with, for making and for changing one. Does not own the forms
// (customer_edit.tsx, customer_new.tsx).
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { request } from '../api/client';
import type { BillingPeriod, Currency, Customer, CustomerClass, TimeZones } from '../api/types';
import { momentText, type Field, type Texts } from '../form/field';
import { first, type English } from '../language/english';
import { formatLocale } from '../language/locale';
import { typedMoney } from '../money/format';
import { useCustomerClasses } from './customer_choices';

type FieldName = keyof English['customerPage']['fields'];

const noZones: string[] = [];

export function useTimeZones(): string[] {
  const { data } = useQuery({
    queryKey: ['time zones'],
    queryFn: ({ signal }) => request<TimeZones>('GET', '/time-zones', { signal }),
    // The table changes with the server's version only.
    staleTime: Infinity,
    select: ({ items }) => items.map(({ name }) => name),
  });
  return data ?? noZones;
}

export function contactFields(t: TFunction): Field[] {
  const text = (name: FieldName, charactersMax: number, more: Partial<Field> = {}): Field => ({
    name: `address.${name}`,
    label: t(`customerPage.fields.${name}`),
    takes: 'text',
    charactersMax,
    ...more,
  });
  return [
    text('company_name', 100, { isWide: true }),
    text('salutation', 15),
    text('first_name', 120),
    text('middle_name', 5),
    text('last_name', 120),
    text('contact', 120),
    text('email', 128, { isCode: true }),
    text('bcc', 99, { isCode: true, help: t('customerPage.help.bcc') }),
    text('phone_1', 20, { isCode: true }),
    text('phone_2', 20, { isCode: true }),
    text('fax', 20, { isCode: true }),
    text('address_line_1', 41),
    text('address_line_2', 167),
    text('postal_code', 13, { isCode: true }),
    text('city', 31),
    text('state', 21),
    text('country', 2, { isCode: true, help: t('customerPage.help.country') }),
    text('tax_id', 16, { isCode: true }),
  ];
}

export function notesField(t: TFunction): Field {
  return { name: 'address.notes', label: t('customerPage.fields.notes'), takes: 'long_text', charactersMax: 4000, isWide: true };
}

export function nameField(t: TFunction): Field {
  return { name: 'name', label: t('customerPage.fields.name'), takes: 'text', charactersMax: 100, isRequired: true, isWide: true };
}

/** What decides how one is billed, apart from what never changes. */
export function billingFields(t: TFunction, classes: CustomerClass[], zones: string[], isPrepaid: boolean): Field[] {
  const label = (name: FieldName) => t(`customerPage.fields.${name}`);
  const periods = Object.keys(first.customerPage.period) as BillingPeriod[];
  const shortFunds = ['', 'true', 'false'] as const;
  return [
    {
      name: 'class_id',
      label: label('class_id'),
      takes: 'id',
      options: classes.map(({ id, name }) => ({ value: String(id), label: name })),
    },
    {
      name: 'billing_period',
      label: label('billing_period'),
      takes: 'choice',
      options: periods.map((period) => ({ value: period, label: t(`customerPage.period.${period}`) })),
    },
    { name: 'time_zone', label: label('time_zone'), takes: 'text', proposals: zones, isCode: true, isRequired: true },
    {
      name: 'credit_limit',
      label: label('credit_limit'),
      takes: 'amount',
      help: t(isPrepaid ? 'customerPage.help.limitPrepaid' : 'customerPage.help.limitPostpaid'),
    },
    ...(isPrepaid
      ? [
          {
            name: 'suspend_on_insufficient_funds',
            label: label('suspend_on_insufficient_funds'),
            takes: 'yes_no' as const,
            options: shortFunds.map((value) => ({
              value,
              label: t(`customerPage.shortFunds.${value === '' ? 'null' : value}`),
            })),
          },
        ]
      : []),
    { name: 'login', label: label('login'), takes: 'text', charactersMax: 64, isCode: true },
    { name: 'reference', label: label('reference'), takes: 'text', charactersMax: 64, help: t('customerPage.help.reference') },
  ];
}

export function temporaryLimitFields(t: TFunction): Field[] {
  return [
    { name: 'temporary_credit_limit.amount', label: t('customerPage.fields.temporary_limit'), takes: 'amount', help: t('customerPage.help.temporaryLimit') },
    {
      name: 'temporary_credit_limit.until',
      label: t('customerPage.fields.temporary_until'),
      takes: 'moment',
      help: t('customerPage.help.yourClock', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
    },
  ];
}

/** A customer as it stands in the fields. */
export function textsOfCustomer(customer: Customer): Texts {
  const locale = formatLocale();
  const money = (amount: string | null | undefined) => (amount ? typedMoney(amount, locale) : '');
  const temporary = customer.temporary_credit_limit;
  const address = Object.entries(customer.address).map(([name, text]) => [`address.${name}`, text ?? '']);
  return {
    ...(Object.fromEntries(address) as Texts),
    name: customer.name,
    class_id: String(customer.class.id),
    billing_period: customer.billing_period,
    time_zone: customer.time_zone,
    credit_limit: money(customer.permanent_credit_limit),
    'temporary_credit_limit.amount': money(temporary?.amount),
    'temporary_credit_limit.until': temporary ? momentText(temporary.until) : '',
    suspend_on_insufficient_funds: String(customer.suspend_on_insufficient_funds ?? ''),
    login: customer.login ?? '',
    reference: customer.reference ?? '',
  };
}

/** Those that customers in this currency can be in, and the one they are in. */
export function useClassesFor(currency: string): CustomerClass[] {
  const classes = useCustomerClasses();
  return useMemo(() => classes.filter((one) => one.currency === null || one.currency === currency), [classes, currency]);
}

export function currencyField(t: TFunction, currencies: Currency[]): Field {
  return {
    name: 'currency',
    label: t('customers.columns.currency'),
    takes: 'choice',
    help: t('customerPage.help.never'),
    options: currencies.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` })),
  };
}
