// Owns the short lists that a customer is described with: classes and currencies. Does not own what is chosen from them.
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client';
import type { Currencies, Currency, CustomerClass, Page } from '../api/types';

/** Classes change seldom, and a new one is wanted at the next look, not at the next visit. */
const CLASSES_FRESH_MILLISECONDS = 60_000;
const CLASSES_AT_ONCE = 250;
/** More classes than anybody chooses from; the rest is found in the list of classes. */
const CLASS_PAGES_MAX = 20;

const noClasses: CustomerClass[] = [];
const noCurrencies: Currency[] = [];

/** All of them: who chooses a class finds each. */
export function useCustomerClasses(): CustomerClass[] {
  const { data } = useQuery({
    queryKey: ['list', 'classes', 'all'],
    queryFn: ({ signal }) => allClasses(signal),
    staleTime: CLASSES_FRESH_MILLISECONDS,
  });
  return data ?? noClasses;
}

async function allClasses(signal: AbortSignal): Promise<CustomerClass[]> {
  const found: CustomerClass[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < CLASS_PAGES_MAX; pages += 1) {
    const { items, page } = await request<Page<CustomerClass>>('GET', '/customer-classes', { query: { limit: CLASSES_AT_ONCE, after }, signal });
    found.push(...items);
    if (page.next === null) break;
    after = page.next;
  }
  return found;
}

export function useCurrencies(): Currency[] {
  const { data } = useQuery({
    queryKey: ['currencies'],
    queryFn: ({ signal }) => request<Currencies>('GET', '/currencies', { signal }),
    // The table changes with the server's version only.
    staleTime: Infinity,
  });
  return data?.items ?? noCurrencies;
}
