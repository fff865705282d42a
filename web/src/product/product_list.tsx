// Owns what the list of products is made of. Does not own how a list works (grid/).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Product } from '../api/types';
import type { ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import { fetchShort } from '../grid/short_list';
import type { English } from '../language/english';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';

export default function ProductList() {
  const { t } = useTranslation();
  return <ListPage definition={useMemo(() => productList(t), [t])} />;
}

function productList(t: TFunction): ListDefinition<Product> {
  const column = (id: keyof English['products']['columns'], width: number) => ({ id, header: t(`products.columns.${id}`), width, sortable: true });
  return {
    name: 'products',
    title: t('products.title'),
    searchLabel: t('products.search'),
    columns: [
      { ...column('name', 240), kind: 'name', grows: true },
      { ...column('kind', 160), kind: 'text', cell: ({ kind }) => t(`products.kinds.${kind}`) },
      { ...column('currency', 120), kind: 'text', cell: ({ currency }) => currency },
      { ...column('priority', 112), kind: 'count', count: ({ priority }) => priority },
      { ...column('tariffs', 112), kind: 'count', count: ({ tariffs }) => tariffs.length },
      { ...column('calls_max', 160), kind: 'text', cell: ({ calls_max: count }) => (count === null ? t('products.unlimited') : formatCount(count)) },
      { ...column('created', 208), isHiddenAtFirst: true, kind: 'text', cell: ({ created_at }) => <MomentText moment={created_at} /> },
    ],
    filters: [],
    defaultSort: 'name',
    rowId: ({ id }) => id,
    rowName: ({ name }) => name,
    rowHref: ({ id }) => `/products/${id}`,
    narrow: {
      first: ({ currency }) => currency,
      second: ({ kind }) => t(`products.kinds.${kind}`),
      amount: () => null,
    },
    fetchPage: (query, signal) =>
      fetchShort<Product>('/products', query, signal, ({ name, kind, currency, priority, tariffs, calls_max, created_at }) => ({
        name,
        kind: t(`products.kinds.${kind}`),
        currency,
        priority,
        tariffs: tariffs.length,
        calls_max,
        created: created_at,
      })),
    empty: {
      never: { title: t('products.empty'), detail: t('products.emptyDetail') },
      notFound: () => ({ title: t('products.noneFound'), detail: t('products.noneFoundDetail') }),
    },
  };
}
