// Owns what the list of xDRs is made of. Does not own how a list works (grid/).
import type { TFunction } from 'i18next';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Page, Xdr } from '../api/types';
import { lazySoon } from '../app/lazy_soon';
import { useCustomerFilter } from '../customer/customer_filter';
import type { GridColumn, GridFilter, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { AddressParameters } from '../grid/view_state';
import type { English } from '../language/english';
import { MomentText } from '../language/moment';
import { formatCount } from '../language/locale';
import { Amount } from '../money/amount';
import { usePermissions } from '../session/session';
import { xdrSummary } from './xdr_summary';

const XdrDrawer = lazySoon(() => import('./xdr_drawer'));

export default function XdrList() {
  const { t } = useTranslation();
  const ofCustomer = useCustomerFilter();
  const { customer_id }: AddressParameters = useSearch({ strict: false });
  // Everybody's come in the order in which they came, and are neither counted nor searched for days.
  const isOfOne = customer_id !== undefined;
  const may = usePermissions();
  const definition = useMemo(
    () => ({ ...xdrList(t, ofCustomer, isOfOne), export: may('export.run') ? { path: '/xdrs/export' } : undefined }),
    [t, ofCustomer, isOfOne, may],
  );
  return <ListPage definition={definition} />;
}

function xdrList(t: TFunction, ofCustomer: GridFilter[], isOfOne: boolean): ListDefinition<Xdr> {
  return {
    name: 'xdrs',
    title: t('customers.xdrs'),
    columns: xdrColumns(t, isOfOne),
    filters: isOfOne ? [...ofCustomer, { name: 'bill_time', label: t('xdrs.columns.bill_time'), takes: 'days' }] : ofCustomer,
    summary: isOfOne ? xdrSummary(t) : undefined,
    defaultSort: '-bill_time',
    rowId: (xdr) => xdr.id,
    rowName: ({ kind, cld }) => cld ?? t(`xdrs.kinds.${kind}`),
    // One xDR after the other is looked at, and the list stays beside it.
    details: ({ id, close }) => <XdrDrawer key={id} id={id} close={close} />,
    narrow: {
      first: ({ kind }) => t(`xdrs.kinds.${kind}`),
      second: ({ customer, bill_time }) => (
        <>
          <bdi>{customer.name}</bdi> · <MomentText moment={bill_time} />
        </>
      ),
      amount: ({ amount, currency_digits, currency }) => (
        <>
          <Amount amount={amount} digits={currency_digits} /> {currency}
        </>
      ),
    },
    fetchPage: (query, signal) => request<Page<Xdr>>('GET', '/xdrs', { query, signal }),
    empty: {
      never: { title: t('xdrs.empty'), detail: t('xdrs.emptyDetail') },
      notFound: () => ({ title: t('xdrs.noneFound'), detail: t('xdrs.noneFoundDetail') }),
    },
  };
}

function xdrColumns(t: TFunction, isOfOne: boolean): GridColumn<Xdr>[] {
  const column = (id: keyof English['xdrs']['columns'], width: number) => ({ id, header: t(`xdrs.columns.${id}`), width, sortable: false });
  const hidden = { isHiddenAtFirst: true } as const;
  return [
    { ...column('bill_time', 216), sortable: isOfOne, kind: 'text', cell: ({ bill_time }) => <MomentText moment={bill_time} /> },
    { ...column('cld', 176), kind: 'name', grows: true },
    { ...column('kind', 104), kind: 'text', cell: ({ kind }) => t(`xdrs.kinds.${kind}`) },
    { ...column('customer', 192), kind: 'text', cell: ({ customer }) => <bdi>{customer.name}</bdi> },
    { ...column('account', 136), kind: 'text', cell: ({ account }) => <bdi dir="ltr">{account?.identity}</bdi> },
    { ...column('cli', 160), ...hidden, kind: 'text', cell: ({ cli }) => <bdi dir="ltr">{cli}</bdi> },
    { ...column('comment', 240), ...hidden, kind: 'text', cell: ({ comment }) => <bdi>{comment}</bdi> },
    { ...column('quantity', 120), ...hidden, kind: 'text', cell: ({ quantity }) => formatCount(quantity) },
    { ...column('amount', 128), kind: 'amount', amount: (xdr) => xdr.amount, digits: (xdr) => xdr.currency_digits, absence: () => '' },
    { ...column('currency', 112), kind: 'text', cell: ({ currency }) => currency },
  ];
}
