// Owns what the inventory of DID numbers is made of. Does not own how a list works (grid/), nor a number's page (did_page.tsx).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Did, Page } from '../api/types';
import { useCustomerFilter } from '../customer/customer_filter';
import type { GridColumn, GridFilter, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { English } from '../language/english';
import { MomentText } from '../language/moment';

const states = ['free', 'on_customer', 'on_account', 'frozen'] as const;

export default function DidList() {
  const { t } = useTranslation();
  const ofCustomer = useCustomerFilter();
  return <ListPage definition={useMemo(() => didList(t, ofCustomer), [t, ofCustomer])} />;
}

function didList(t: TFunction, ofCustomer: GridFilter[]): ListDefinition<Did> {
  return {
    name: 'dids',
    title: t('dids.title'),
    searchLabel: t('dids.search'),
    columns: didColumns(t),
    filters: [
      { name: 'state', label: t('dids.columns.state'), takes: 'one', isQuick: true, options: states.map((value) => ({ value, label: t(`dids.states.${value}`) })) },
      ...ofCustomer,
    ],
    defaultSort: 'number',
    rowId: ({ id }) => id,
    rowName: ({ number }) => number,
    rowHref: ({ id }) => `/dids/${id}`,
    narrow: {
      first: ({ state }) => t(`dids.states.${state}`),
      second: ({ customer, description }) => <bdi>{customer?.name ?? description}</bdi>,
      amount: () => null,
    },
    fetchPage: (query, signal) => request<Page<Did>>('GET', '/dids', { query, signal }),
    empty: {
      never: { title: t('dids.empty'), detail: t('dids.emptyDetail') },
      notFound: () => ({ title: t('dids.noneFound'), detail: t('dids.noneFoundDetail') }),
    },
  };
}

function didColumns(t: TFunction): GridColumn<Did>[] {
  const column = (id: keyof English['dids']['columns'], width: number) => ({ id, header: t(`dids.columns.${id}`), width, sortable: false });
  const hidden = { isHiddenAtFirst: true } as const;
  return [
    { ...column('number', 184), sortable: true, kind: 'name', grows: true },
    { ...column('state', 144), kind: 'text', cell: ({ state }) => t(`dids.states.${state}`) },
    { ...column('customer', 208), kind: 'text', cell: ({ customer }) => <bdi>{customer?.name}</bdi> },
    { ...column('account', 176), kind: 'text', cell: ({ account }) => <bdi dir="ltr">{account?.identity}</bdi> },
    { ...column('description', 208), kind: 'text', cell: ({ description }) => <bdi>{description}</bdi> },
    { ...column('assigned', 208), kind: 'text', cell: ({ assigned_at: at }) => at && <MomentText moment={at} /> },
    { ...column('released', 208), ...hidden, kind: 'text', cell: ({ released_at: at }) => at && <MomentText moment={at} /> },
    { ...column('created', 208), ...hidden, kind: 'text', cell: ({ created_at }) => <MomentText moment={created_at} /> },
  ];
}
