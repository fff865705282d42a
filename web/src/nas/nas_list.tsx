// Owns what the list of NASes is made of. Does not own how a list works (grid/).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Nas } from '../api/types';
import type { ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import { fetchShort } from '../grid/short_list';
import type { English } from '../language/english';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';

export default function NasList() {
  const { t } = useTranslation();
  return <ListPage definition={useMemo(() => nasList(t), [t])} />;
}

function nasList(t: TFunction): ListDefinition<Nas> {
  const column = (id: keyof English['nas']['columns'], width: number) => ({ id, header: t(`nas.columns.${id}`), width, sortable: true });
  return {
    name: 'nas',
    title: t('nas.title'),
    searchLabel: t('nas.search'),
    columns: [
      { ...column('name', 200), kind: 'name', grows: true },
      { ...column('network', 168), kind: 'text', cell: ({ network }) => <bdi dir="ltr">{network}</bdi> },
      { ...column('identifier', 168), kind: 'text', cell: ({ identifier }) => <bdi dir="ltr">{identifier}</bdi> },
      { ...column('reauthorizes', 128), sortable: false, kind: 'text', cell: ({ reauthorizes: is }) => t(is ? 'customers.permit.yes' : 'customers.permit.no') },
      { ...column('interim', 144), kind: 'text', cell: ({ interim_interval_seconds: seconds }) => secondsText(t, seconds) },
      {
        ...column('message_authenticator', 200),
        sortable: false,
        kind: 'text',
        cell: ({ message_authenticator_required: is }) => t(is ? 'nas.required' : 'nas.notRequired'),
      },
      { ...column('created', 208), isHiddenAtFirst: true, kind: 'text', cell: ({ created_at }) => <MomentText moment={created_at} /> },
    ],
    filters: [],
    defaultSort: 'name',
    rowId: ({ id }) => id,
    rowName: ({ name }) => name,
    rowHref: ({ id }) => `/nas/${id}`,
    narrow: {
      first: () => null,
      second: ({ network }) => <bdi dir="ltr">{network}</bdi>,
      amount: () => null,
    },
    fetchPage: (query, signal) =>
      fetchShort<Nas>('/nas', query, signal, ({ name, network, identifier, interim_interval_seconds, created_at }) => ({
        name,
        network,
        identifier,
        interim: interim_interval_seconds,
        created: created_at,
      })),
    empty: {
      never: { title: t('nas.empty'), detail: t('nas.emptyDetail') },
      notFound: () => ({ title: t('nas.noneFound'), detail: t('nas.noneFoundDetail') }),
    },
  };
}

export function secondsText(t: TFunction, seconds: number | null): string {
  return seconds === null ? '' : t('nas.seconds', { count: seconds, formatted: formatCount(seconds) });
}
