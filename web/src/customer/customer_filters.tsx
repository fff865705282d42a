// Owns what the customer list is filtered by and searched in. Does not own the list (customer_list.tsx) nor how one chooses (grid/).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BalanceControl, BillingPeriod, CustomerClass, CustomerType } from '../api/types';
import type { GridFilter, SearchField } from '../grid/definition';
import { first } from '../language/english';
import { statusFilter } from '../status/status_column';
import { useStatuses } from '../status/statuses';
import { useCurrencies } from './customer_choices';
import { useCustomerSource } from './customer_source';

const controls: BalanceControl[] = ['prepaid', 'postpaid'];
const types: CustomerType[] = ['retail', 'reseller'];
const amounts = ['balance', 'credit_limit', 'available_funds'] as const;

export function useCustomerFilters(classes: CustomerClass[]): GridFilter[] {
  const { t } = useTranslation();
  const { inOrder: statuses } = useStatuses();
  const currencies = useCurrencies();
  const resellers = useCustomerSource([{ value: 'none', label: t('customers.noReseller') }], 'reseller');
  return useMemo(() => {
    const periods = Object.keys(first.customerPage.period) as BillingPeriod[];
    return [
      statusFilter(t, statuses),
      {
        name: 'class_id',
        isQuick: true,
        label: t('customers.class'),
        takes: 'one',
        options: classes.map(({ id, name }) => ({ value: String(id), label: name })),
      },
      {
        name: 'currency',
        isQuick: true,
        label: t('customers.columns.currency'),
        takes: 'one',
        options: currencies.map(({ code, name }) => ({ value: code, label: code, detail: name })),
      },
      {
        name: 'balance_control',
        isQuick: true,
        label: t('customers.columns.balance_control'),
        takes: 'one',
        options: controls.map((control) => ({ value: control, label: t(`customers.${control}`) })),
      },
      {
        name: 'type',
        label: t('customerPage.fields.type'),
        takes: 'one',
        options: types.map((type) => ({ value: type, label: t(`customerPage.type.${type}`) })),
      },
      { name: 'reseller_id', label: t('customers.details.reseller'), takes: 'lookup', source: resellers },
      {
        name: 'billing_period',
        label: t('customerPage.fields.billing_period'),
        takes: 'one',
        options: periods.map((period) => ({ value: period, label: t(`customerPage.period.${period}`) })),
      },
      { name: 'overdue', label: t('customers.hasOverdue'), takes: 'yes_no' },
      { name: 'created', label: t('customers.details.created'), takes: 'days' },
      ...amounts.map((name): GridFilter => ({ name, label: t(`customers.columns.${name}`), takes: 'amounts' })),
    ];
  }, [t, statuses, classes, currencies, resellers]);
}

export function customerSearchFields(t: TFunction): SearchField[] {
  return [
    { value: 'name', label: t('customers.columns.name') },
    { value: 'company', label: t('customers.details.company') },
    { value: 'contact', label: t('customerPage.fields.contact') },
    { value: 'email', label: t('customers.details.email') },
    { value: 'phone', label: t('customers.details.phone') },
    { value: 'login', label: t('customerPage.fields.login') },
    { value: 'address', label: t('customers.details.address') },
  ];
}
