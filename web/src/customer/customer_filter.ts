// Owns the filter of a list by one customer, found by its name or set by a link. Does not own the list.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LookupOption } from '../form/lookup_source';
import type { GridFilter } from '../grid/definition';
import { useCustomerSource } from './customer_source';

const noOthers: LookupOption[] = [];

export function useCustomerFilter(): GridFilter[] {
  const { t } = useTranslation();
  const source = useCustomerSource(noOthers);
  return useMemo(() => [{ name: 'customer_id', label: t('accounts.columns.customer'), takes: 'lookup', source }], [t, source]);
}
