// Owns how a customer, or a reseller, is looked up by its name. Does not own where one is chosen.
import { useMemo } from 'react';
import { request } from '../api/client';
import type { Customer, CustomerRow, Page } from '../api/types';
import type { LookupOption, LookupSource } from '../form/lookup_source';

const OFFERED_MAX = 12;
/** The server searches within names from this many characters on. */
const WITHIN_CHARACTERS_MIN = 3;

/** `fixed` are what can be chosen besides; without a type it is any customer. */
export function useCustomerSource(fixed: LookupOption[], type?: 'reseller'): LookupSource {
  const key = JSON.stringify(fixed);
  return useMemo(
    () => ({
      name: type ?? 'customer',
      fixed: JSON.parse(key) as LookupOption[],
      find: async (text, signal) => {
        const match = text.length < WITHIN_CHARACTERS_MIN ? 'starts_with' : 'contains';
        const query = { type, limit: OFFERED_MAX, total: 'none', ...(text === '' ? {} : { search: text, match }) };
        const { items } = await request<Page<CustomerRow>>('GET', '/customers', { query, signal });
        return items.map(({ id, name }) => ({ value: String(id), label: name }));
      },
      labelOf: async (value, signal) => (await request<Customer>('GET', `/customers/${value}`, { signal })).name,
    }),
    [key, type],
  );
}
