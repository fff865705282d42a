// Owns what the customer list is made of: its parts, its words. Does not own how a list works (grid/), its columns
// (customer_columns.tsx), its filters (customer_filters.tsx), nor what is done to many (customer_bulk.ts).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '../api/types';
import type { GridFilter, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { Facts } from '../live/live_rows';
import { Amount } from '../money/amount';
import { usePermissions } from '../session/session';
import { StatusBadge } from '../status/badge';
import { LegendButton } from '../status/legend';
import { fetchCustomers, fetchCustomerSummary } from './customer';
import { customerActions } from './customer_bulk';
import { useCustomerClasses } from './customer_choices';
import { customerColumns } from './customer_columns';
import { customerSearchFields, useCustomerFilters } from './customer_filters';

export function CustomerList() {
  return <ListPage definition={useCustomerList()} />;
}

export function useCustomerList(): ListDefinition<CustomerRow> {
  const { t } = useTranslation();
  const may = usePermissions();
  const classes = useCustomerClasses();
  const filters = useCustomerFilters(classes);
  return useMemo(
    () => ({
      ...customerList(t, filters),
      bulk: customerActions(t, may, classes),
      add: may('customer.create') ? { label: t('customerPage.new.add'), href: '/customers/new' } : undefined,
      export: may('export.run') ? { path: '/customers/export' } : undefined,
      rowMenu: menuOf(t),
    }),
    [t, may, classes, filters],
  );
}

function customerList(t: TFunction, filters: GridFilter[]): ListDefinition<CustomerRow> {
  return {
    name: 'customers',
    title: t('customers.title'),
    searchLabel: t('customers.search'),
    searchFields: customerSearchFields(t),
    columns: customerColumns(t),
    filters,
    defaultSort: 'name',
    rowId: (customer) => customer.id,
    rowName: (customer) => customer.name,
    narrow: {
      first: ({ id, status }, { tabIndex }) => <StatusBadge status={status} customerId={id} tabIndex={tabIndex} withLabel />,
      second: (customer) => t(`customers.${customer.balance_control}`),
      amount: (customer) => <MainAmount customer={customer} />,
    },
    fetchPage: fetchCustomers,
    live: { parameter: 'customers', event: 'customers', facts: factsOf },
    summary: {
      countedFilter: 'status',
      fetch: async (query, signal) => {
        const { total, statuses, totals } = await fetchCustomerSummary(query, signal);
        return {
          total,
          counts: statuses.map(({ status, count }) => ({ value: status, count })),
          totals: totals.map((sum) => ({
            currency: sum.currency,
            digits: sum.currency_digits,
            rows: sum.customers,
            figures: [
              { label: t('customers.columns.balance'), amount: sum.balance },
              { label: t('customers.columns.available_funds'), amount: sum.available_funds },
              { label: t('customers.details.overdue'), amount: sum.overdue_amount },
            ],
          })),
        };
      },
    },
    empty: {
      never: { title: t('customers.empty'), detail: t('customers.emptyDetail') },
      notFound: ({ search, match, searchIn }) => {
        const words = () => (searchIn.length === 0 ? t(`customers.none.${match}`, { search }) : t(`customers.noneIn.${match}`, { search }));
        return { title: t('customers.noneFound'), detail: search.trim() === '' ? t('customers.noneWithFilters') : words() };
      },
    },
    titleTool: <LegendButton />,
    rowHref: ({ id }) => `/customers/${id}`,
  };
}

/** The lists about a customer. */
function menuOf(t: TFunction): ListDefinition<CustomerRow>['rowMenu'] {
  return ({ id }) => [
    { label: t('customers.xdrs'), href: `/xdrs?customer_id=${id}` },
    { label: t('customers.accounts'), href: `/accounts?customer_id=${id}` },
  ];
}

/** By the names of columns and filters. */
function factsOf(customer: CustomerRow): Facts {
  const { status, reseller, last_payment: payment } = customer;
  return {
    status: status.code,
    name: customer.name,
    type: customer.type,
    balance_control: customer.balance_control,
    currency: customer.currency,
    balance: customer.balance,
    credit_limit: customer.credit_limit,
    available_funds: customer.available_funds,
    company: customer.company_name,
    email: customer.email,
    phone: customer.phone,
    class: customer.class.name,
    class_id: String(customer.class.id),
    reseller: reseller?.name ?? null,
    reseller_id: String(reseller?.id ?? 'none'),
    billing_period: customer.billing_period,
    accounts: String(customer.account_count),
    last_payment: payment && `${payment.at} ${payment.amount}`,
    overdue: customer.overdue_amount,
  };
}

/** The one figure that matters of each kind: what a prepaid customer has, what a postpaid customer owes. */
function MainAmount({ customer }: { customer: CustomerRow }) {
  const amount = customer.available_funds ?? customer.balance;
  if (amount === null) return null;
  return (
    <>
      <Amount amount={amount} digits={customer.currency_digits} /> {customer.currency}
    </>
  );
}
