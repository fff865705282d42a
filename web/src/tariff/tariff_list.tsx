// Owns what the list of tariffs is made of. Does not own how a list works (grid/), nor rates.
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tariff } from '../api/types';
import type { ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import { fetchShort } from '../grid/short_list';
import type { English } from '../language/english';
import { MomentText } from '../language/moment';
import { Price } from './price';

export default function TariffList() {
  const { t } = useTranslation();
  return <ListPage definition={useMemo(() => tariffList(t), [t])} />;
}

function tariffList(t: TFunction): ListDefinition<Tariff> {
  const column = (id: keyof English['tariffs']['columns'], width: number) => ({ id, header: t(`tariffs.columns.${id}`), width, sortable: true });
  return {
    name: 'tariffs',
    title: t('tariffs.title'),
    searchLabel: t('tariffs.search'),
    columns: [
      { ...column('name', 240), kind: 'name', grows: true },
      { ...column('service', 128), kind: 'text', cell: ({ service }) => t(`service.${service}`) },
      { ...column('currency', 120), kind: 'text', cell: ({ currency }) => currency },
      { ...column('unit', 144), kind: 'text', cell: ({ unit }) => unitText(t, unit) },
      { ...column('connect_fee', 136), sortable: false, kind: 'text', cell: ({ connect_fee }) => <Price amount={connect_fee} /> },
      { ...column('surcharge', 128), sortable: false, kind: 'text', cell: ({ surcharge_percent: percent }) => <bdi dir="ltr">{`${percent}\u00a0%`}</bdi> },
      { ...column('created', 208), isHiddenAtFirst: true, kind: 'text', cell: ({ created_at }) => <MomentText moment={created_at} /> },
    ],
    filters: [],
    defaultSort: 'name',
    rowId: ({ id }) => id,
    rowName: ({ name }) => name,
    rowHref: ({ id }) => `/tariffs/${id}`,
    narrow: {
      first: ({ currency }) => currency,
      second: ({ service }) => t(`service.${service}`),
      amount: () => null,
    },
    fetchPage: (query, signal) =>
      fetchShort<Tariff>('/tariffs', query, signal, ({ name, service, currency, unit, created_at }) => ({
        name,
        service: t(`service.${service}`),
        currency,
        unit: unitText(t, unit),
        created: created_at,
      })),
    empty: {
      never: { title: t('tariffs.empty'), detail: t('tariffs.emptyDetail') },
      notFound: () => ({ title: t('tariffs.noneFound'), detail: t('tariffs.noneFoundDetail') }),
    },
  };
}

/** What usage is counted in; a word that we do not have is the server's. */
export function unitText(t: TFunction, unit: string): string {
  return unit === 'second' || unit === 'message' || unit === 'kilobyte' ? t(`tariffs.units.${unit}`) : unit;
}
