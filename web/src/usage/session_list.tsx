// Owns what the list of active sessions is made of; it follows by itself. Does not own how a list works (grid/), nor who is signed in,
// which is a login (session/).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request, type Query } from '../api/client';
import type { Page, UsageSession } from '../api/types';
import { useCustomerFilter } from '../customer/customer_filter';
import type { GridFilter, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { English } from '../language/english';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';

const REFRESH_MILLISECONDS = 5_000;

export default function SessionList() {
  const { t } = useTranslation();
  const ofCustomer = useCustomerFilter();
  return <ListPage definition={useMemo(() => sessionList(t, ofCustomer), [t, ofCustomer])} />;
}

function sessionList(t: TFunction, filters: GridFilter[]): ListDefinition<UsageSession> {
  const column = (id: keyof English['sessions']['columns'], width: number) => ({ id, header: t(`sessions.columns.${id}`), width, sortable: false });
  const hidden = { isHiddenAtFirst: true } as const;
  return {
    name: 'sessions',
    title: t('sessions.title'),
    columns: [
      { ...column('cld', 168), kind: 'name', grows: true },
      { ...column('cli', 152), kind: 'text', cell: ({ cli }) => <bdi dir="ltr">{cli}</bdi> },
      { ...column('customer', 192), kind: 'text', cell: ({ customer }) => <bdi>{customer.name}</bdi> },
      { ...column('service', 112), kind: 'text', cell: ({ service, emergency }) => (emergency ? t('sessions.emergency') : t(`service.${service}`)) },
      { ...column('direction', 112), kind: 'text', cell: ({ direction }) => t(`direction.${direction}`) },
      {
        ...column('started', 208),
        kind: 'text',
        cell: ({ started_at: at }) => (at === null ? t('sessions.waiting') : <MomentText moment={at} />),
      },
      { ...column('used', 104), kind: 'count', count: ({ used_units }) => used_units },
      { ...column('granted', 112), kind: 'count', count: ({ granted_units }) => granted_units },
      { ...column('expires', 208), ...hidden, kind: 'text', cell: ({ expires_at: at }) => at && <MomentText moment={at} /> },
      { ...column('session', 208), ...hidden, kind: 'text', cell: ({ session }) => <bdi dir="ltr">{session}</bdi> },
    ],
    filters,
    defaultSort: 'started',
    rowId: ({ id }) => id,
    rowName: ({ cld, session }) => cld || session,
    rowHref: ({ account_id }) => `/accounts/${account_id}`,
    narrow: {
      first: ({ service }) => t(`service.${service}`),
      second: ({ customer }) => <bdi>{customer.name}</bdi>,
      amount: ({ used_units }) => formatCount(used_units),
    },
    fetchPage: fetchSessions,
    refreshMilliseconds: REFRESH_MILLISECONDS,
    empty: {
      never: { title: t('sessions.empty'), detail: t('sessions.emptyDetail') },
      notFound: () => ({ title: t('sessions.noneFound'), detail: t('sessions.noneFoundDetail') }),
    },
  };
}

/** The oldest first, onwards from an id: the way back leads to the first page. */
async function fetchSessions({ limit, after, customer_id }: Query, signal: AbortSignal): Promise<Page<UsageSession>> {
  const { items } = await request<{ items: UsageSession[] }>('GET', '/usage/sessions', { query: { limit, after, customer_id }, signal });
  const isFull = items.length === Number(limit);
  const last = items.at(-1);
  return { items, page: { next: isFull && last ? String(last.id) : null, previous: after === undefined ? null : 'first', first_position: after === undefined ? 1 : null }, total: null };
}
