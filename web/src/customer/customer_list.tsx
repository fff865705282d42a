// Owns what the customer list is made of: its columns, its filters, its words. Does not own how a list works (grid/).
import type { TFunction } from 'i18next';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BalanceControl, Currency, CustomerClass, CustomerRow, Permission } from '../api/types';
import type { AmountColumn, BulkAction, BulkQuestion, GridColumn, GridFilter, ListDefinition, TextColumn } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { english } from '../language/english';
import { formatCount, formatMoment } from '../language/locale';
import { Amount } from '../money/amount';
import { usePermissions } from '../session/session';
import { StatusBadge } from '../status/badge';
import { LegendButton } from '../status/legend';
import { statusColumn, statusFilter } from '../status/status_column';
import { useStatuses } from '../status/statuses';
import { fetchCustomers } from './customer';
import { useCurrencies, useCustomerClasses } from './customer_choices';

export function CustomerList() {
  const { t } = useTranslation();
  const may = usePermissions();
  const { inOrder: statuses } = useStatuses();
  const classes = useCustomerClasses();
  const currencies = useCurrencies();
  const definition = useMemo(
    () => ({
      ...customerList(t, [statusFilter(t, statuses), ...customerFilters(t, classes, currencies)]),
      bulk: customerActions(t, may, classes),
      add: may('customer.create') ? { label: t('customerPage.new.add'), href: '/customers/new' } : undefined,
      export: may('export.run') ? { path: '/customers/export' } : undefined,
      rowMenu: menuOf(t),
    }),
    [t, may, statuses, classes, currencies],
  );
  return <ListPage definition={definition} />;
}

function customerList(t: TFunction, filters: GridFilter[]): ListDefinition<CustomerRow> {
  return {
    name: 'customers',
    title: t('customers.title'),
    searchLabel: t('customers.search'),
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
    empty: {
      never: { title: t('customers.empty'), detail: t('customers.emptyDetail') },
      notFound: ({ search, match }) => ({
        title: t('customers.noneFound'),
        detail: search.trim() === '' ? t('customers.noneWithFilters') : t(`customers.none.${match}`, { search }),
      }),
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

/** What the role may do to many customers at once. */
function customerActions(t: TFunction, may: (permission: Permission) => boolean, classes: CustomerClass[]): ListDefinition<CustomerRow>['bulk'] {
  const title = (code: keyof typeof english.customers.bulk) => (count: number) =>
    t(`customers.bulkTitle.${code}`, { count, formatted: formatCount(count) });
  const action = (code: keyof typeof english.customers.bulk, more: Partial<BulkAction> = {}): BulkAction => ({
    code,
    label: t(`customers.bulk.${code}`),
    title: title(code),
    ...more,
  });
  const comment: BulkQuestion = { name: 'comment', label: t('customers.blockComment'), takes: 'text' };
  const until: BulkQuestion = { name: 'until', label: t('customers.liftUntil'), takes: 'day', isRequired: true };
  const newClass: BulkQuestion = {
    name: 'class_id',
    label: t('customers.newClass'),
    takes: 'one',
    isRequired: true,
    options: classes.map(({ id, name }) => ({ value: String(id), label: name })),
  };
  return {
    path: '/customers/bulk',
    actions: [
      ...(may('customer.block') ? [action('block', { questions: [comment] }), action('unblock')] : []),
      ...(may('customer.lift_suspension') ? [action('lift_suspension', { questions: [until] })] : []),
      ...(may('customer.update') ? [action('change_class', { questions: [newClass] })] : []),
    ],
    delete: may('customer.delete') ? action('delete', { isDestructive: true }) : undefined,
  };
}

function customerFilters(t: TFunction, classes: CustomerClass[], currencies: Currency[]): GridFilter[] {
  const controls: BalanceControl[] = ['prepaid', 'postpaid'];
  return [
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
  ];
}

function customerColumns(t: TFunction): GridColumn<CustomerRow>[] {
  const column = (id: keyof typeof english.customers.columns, width: number) => ({
    id,
    header: t(`customers.columns.${id}`),
    width,
    sortable: true,
  });
  const money = (
    id: 'balance' | 'credit_limit' | 'available_funds',
    width: number,
    absence: (customer: CustomerRow) => string,
  ): AmountColumn<CustomerRow> => ({
    ...column(id, width),
    kind: 'amount',
    amount: (customer) => customer[id],
    digits: (customer) => customer.currency_digits,
    absence,
  });
  // The server does not sort by these.
  const hidden = (
    id: keyof typeof english.customers.details,
    width: number,
    cell: (customer: CustomerRow) => ReactNode,
  ): TextColumn<CustomerRow> => ({
    id,
    header: t(`customers.details.${id}`),
    width,
    kind: 'text',
    cell,
    sortable: false,
    isHiddenAtFirst: true,
  });
  const named = (text: string | null) => text !== null && <bdi>{text}</bdi>;
  const notForPrepaid = t('customers.notForPrepaid');
  return [
    statusColumn(t, ({ id }) => id),
    { ...column('name', 320), kind: 'name', grows: true },
    {
      ...column('balance_control', 168),
      kind: 'text',
      cell: ({ balance_control }) => t(`customers.${balance_control}`),
    },
    { ...column('currency', 120), kind: 'text', cell: ({ currency }) => currency },
    money('balance', 144, () => notForPrepaid),
    money('credit_limit', 144, (customer) =>
      customer.balance_control === 'prepaid' ? notForPrepaid : t('customers.unlimited'),
    ),
    money('available_funds', 176, () => t('customers.notForPostpaid')),
    hidden('company', 200, ({ company_name }) => named(company_name)),
    hidden('email', 220, ({ email }) => named(email)),
    hidden('phone', 160, ({ phone }) => phone !== null && <bdi dir="ltr">{phone}</bdi>),
    hidden('class', 160, (customer) => named(customer.class.name)),
    hidden('reseller', 180, ({ reseller }) => named(reseller?.name ?? null)),
    hidden('created', 200, ({ created_at }) => formatMoment(created_at)),
  ];
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
