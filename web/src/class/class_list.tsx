// Owns what the list of customer classes is made of. Does not own how a list works (grid/), nor what a setting does (class_fields.ts).
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { CustomerClass, Page, Permission } from '../api/types';
import type { GridColumn, ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import type { English } from '../language/english';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { usePermissions } from '../session/session';

export default function ClassList() {
  const { t } = useTranslation();
  const may = usePermissions();
  const definition = useMemo(() => classList(t, may), [t, may]);
  return <ListPage definition={definition} />;
}

function classList(t: TFunction, may: (permission: Permission) => boolean): ListDefinition<CustomerClass> {
  return {
    name: 'classes',
    title: t('classes.title'),
    searchLabel: t('classes.search'),
    columns: classColumns(t),
    filters: [],
    defaultSort: 'name',
    rowId: (one) => one.id,
    rowName: (one) => one.name,
    rowHref: ({ id }) => `/classes/${id}`,
    narrow: {
      first: ({ currency }) => currency ?? t('customerClass.anyCurrency'),
      second: ({ payment_terms_days: days }) => t('classes.terms', { count: days, formatted: formatCount(days) }),
      amount: () => null,
    },
    fetchPage: (query, signal) => request<Page<CustomerClass>>('GET', '/customer-classes', { query, signal }),
    add: may('customer_class.write') ? { label: t('classes.add'), href: '/classes/new' } : undefined,
    rowMenu: ({ id }) => [{ label: t('classes.customers'), href: `/customers?class_id=${id}` }],
    empty: {
      never: { title: t('classes.empty'), detail: t('classes.emptyDetail') },
      notFound: () => ({ title: t('classes.noneFound'), detail: t('classes.noneFoundDetail') }),
    },
  };
}

function classColumns(t: TFunction): GridColumn<CustomerClass>[] {
  const column = (id: keyof English['classes']['columns'], width: number) => ({ id, header: t(`classes.columns.${id}`), width, sortable: true });
  const days = (id: 'payment_terms_days' | 'limit_after_days' | 'suspend_after_days' | 'terminate_after_days' | 'close_after_days', width: number) => ({
    ...column(id, width),
    kind: 'text' as const,
    cell: ({ [id]: count }: CustomerClass) => (count === null ? t('customerClass.never') : t('classes.days', { count, formatted: formatCount(count) })),
  });
  return [
    { ...column('name', 200), kind: 'name', grows: true },
    { ...column('currency', 128), kind: 'text', cell: ({ currency }) => currency ?? t('customerClass.anyCurrency') },
    days('payment_terms_days', 156),
    days('limit_after_days', 128),
    days('suspend_after_days', 152),
    days('terminate_after_days', 160),
    days('close_after_days', 132),
    {
      ...column('suspend_on_insufficient_funds', 176),
      sortable: false,
      isHiddenAtFirst: true,
      kind: 'text',
      cell: ({ suspend_on_insufficient_funds: is }) => t(is ? 'customers.permit.yes' : 'customers.permit.no'),
    },
    { ...column('created', 208), isHiddenAtFirst: true, kind: 'text', cell: ({ created_at }) => <MomentText moment={created_at} /> },
  ];
}
