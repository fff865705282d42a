// Owns what the list of accounts is made of. Does not own how a list works (grid/), nor an account's status.
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Account, Page } from '../api/types';
import { useCustomerFilter } from '../customer/customer_filter';
import type { AmountColumn, GridColumn, GridFilter, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { English } from '../language/english';
import { MomentText } from '../language/moment';
import { Amount } from '../money/amount';
import { usePermissions } from '../session/session';
import { AccountStatusBadge, useAccountStatusFilter } from './account_status';
import { accountSummary } from './account_summary';

export default function AccountList() {
  const { t } = useTranslation();
  const ofCustomer = useCustomerFilter();
  const ofStatus = useAccountStatusFilter();
  const may = usePermissions();
  const definition = useMemo(
    () => ({
      ...accountList(t, [ofStatus, ...accountFilters(t), ...ofCustomer]),
      export: may('export.run') ? { path: '/accounts/export' } : undefined,
    }),
    [t, ofCustomer, ofStatus, may],
  );
  return <ListPage definition={definition} />;
}

function accountList(t: TFunction, filters: GridFilter[]): ListDefinition<Account> {
  return {
    name: 'accounts',
    title: t('accounts.title'),
    searchLabel: t('accounts.search'),
    columns: accountColumns(t),
    filters,
    defaultSort: 'identity',
    rowId: (account) => account.id,
    rowName: (account) => account.identity,
    rowHref: ({ id }) => `/accounts/${id}`,
    narrow: {
      first: (account, { tabIndex }) => <AccountStatusBadge account={account} tabIndex={tabIndex} />,
      second: ({ customer }) => <bdi>{customer.name}</bdi>,
      amount: ({ balance, currency_digits, currency }) => (
        <>
          <Amount amount={balance} digits={currency_digits} /> {currency}
        </>
      ),
    },
    fetchPage: (query, signal) => request<Page<Account>>('GET', '/accounts', { query, signal }),
    summary: accountSummary(t),
    rowMenu: ({ customer }) => [{ label: t('customers.xdrs'), href: `/xdrs?customer_id=${customer.id}` }],
    empty: {
      never: { title: t('accounts.empty'), detail: t('accounts.emptyDetail') },
      notFound: () => ({ title: t('accounts.noneFound'), detail: t('accounts.noneFoundDetail') }),
    },
  };
}

function accountFilters(t: TFunction): GridFilter[] {
  const states = ['open', 'inactive', 'closed', 'any'] as const;
  const models = ['debit', 'credit'] as const;
  const isQuick = true;
  return [
    { name: 'state', label: t('accounts.state'), takes: 'one', isQuick, options: states.map((value) => ({ value, label: t(`accounts.states.${value}`) })) },
    { name: 'model', label: t('accounts.columns.model'), takes: 'one', isQuick, options: models.map((value) => ({ value, label: t(`accounts.models.${value}`) })) },
    { name: 'batch', label: t('accounts.columns.batch'), takes: 'text' },
  ];
}

function accountColumns(t: TFunction): GridColumn<Account>[] {
  const column = (id: keyof English['accounts']['columns'], width: number) => ({ id, header: t(`accounts.columns.${id}`), width, sortable: true });
  const money = (id: 'balance' | 'credit_limit', absence: string): AmountColumn<Account> => ({
    ...column(id, 128),
    kind: 'amount',
    amount: (account) => account[id],
    digits: (account) => account.currency_digits,
    absence: () => absence,
  });
  const hidden = { isHiddenAtFirst: true } as const;
  return [
    { ...column('identity', 160), kind: 'name', grows: true },
    { ...column('status', 232), kind: 'text', cell: (account, { tabIndex }) => <AccountStatusBadge account={account} tabIndex={tabIndex} /> },
    { ...column('customer', 200), kind: 'text', cell: ({ customer }) => <bdi>{customer.name}</bdi> },
    { ...column('model', 96), kind: 'text', cell: ({ model }) => t(`accounts.models.${model}`) },
    { ...column('currency', 96), sortable: false, kind: 'text', cell: ({ currency }) => currency },
    money('balance', ''),
    money('credit_limit', t('accounts.noLimit')),
    { ...column('batch', 128), ...hidden, sortable: false, kind: 'text', cell: ({ batch }) => batch },
    { ...column('last_used', 200), ...hidden, kind: 'text', cell: ({ last_used_at: at }) => at && <MomentText moment={at} /> },
    { ...column('created', 200), ...hidden, kind: 'text', cell: ({ created_at: at }) => <MomentText moment={at} /> },
  ];
}
