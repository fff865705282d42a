// Owns the filter of a list by one customer, which a link sets: the address has the id, the chip says the name. Does not own
// the list.
import { useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Customer } from '../api/types';
import type { GridFilter } from '../grid/definition';
import type { AddressParameters } from '../grid/view_state';
import { customerKey } from './customer';

/** No filter to choose from: there is nothing to choose but the customer that the address names. */
export function useCustomerFilter(): GridFilter[] {
  const { t } = useTranslation();
  const { customer_id: id }: AddressParameters = useSearch({ strict: false });
  const { data } = useQuery({
    queryKey: customerKey(Number(id)),
    queryFn: ({ signal }) => request<Customer>('GET', `/customers/${id}`, { signal }),
    enabled: id !== undefined,
  });
  const name = data?.name;
  return useMemo(() => {
    const options = id === undefined ? [] : [{ value: id, label: name ?? id }];
    return [{ name: 'customer_id', label: t('accounts.columns.customer'), takes: 'one', options }];
  }, [t, id, name]);
}
