// Owns what makes the customer list that of resellers. Does not own what a customer's row shows (customer_list.tsx).
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '../api/types';
import type { ListDefinition } from '../grid/definition';
import { ListPage } from '../grid/list_page';
import { useCustomerList } from './customer_list';

/** All resellers are that. */
const leftOut = ['type', 'reseller', 'reseller_id'];
/** What tells one reseller from another; how it is billed its balance and its limit say. */
const shownAtFirst = ['class'];
const hiddenAtFirst = ['balance_control'];

export default function ResellerList() {
  const { t } = useTranslation();
  const customers = useCustomerList();
  const definition = useMemo((): ListDefinition<CustomerRow> => {
    const { columns, filters, add, rowMenu } = customers;
    return {
      ...customers,
      name: 'resellers',
      title: t('resellers.title'),
      always: { type: 'reseller' },
      columns: columns
        .filter(({ id }) => !leftOut.includes(id))
        .map((column) => {
          if (shownAtFirst.includes(column.id)) return { ...column, isHiddenAtFirst: false };
          return hiddenAtFirst.includes(column.id) ? { ...column, isHiddenAtFirst: true } : column;
        }),
      filters: filters.filter(({ name }) => !leftOut.includes(name)),
      add: add && { label: t('resellers.add'), href: `${add.href}?type=reseller` },
      rowMenu: (row) => [{ label: t('resellers.customers'), href: `/customers?reseller_id=${row.id}` }, ...(rowMenu?.(row) ?? [])],
      empty: {
        never: { title: t('resellers.empty'), detail: t('resellers.emptyDetail') },
        notFound: () => ({ title: t('resellers.noneFound'), detail: t('resellers.noneFoundDetail') }),
      },
    };
  }, [t, customers]);
  return <ListPage definition={definition} />;
}
