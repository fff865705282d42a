// Owns the short lists that a customer is described with: classes and currencies. Does not own what is chosen from them.
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client';
import type { Currencies, Currency, CustomerClass, CustomerClasses } from '../api/types';

/** Classes change seldom, and a new one is wanted at the next look, not at the next visit. */
const CLASSES_FRESH_MILLISECONDS = 60_000;

const noClasses: CustomerClass[] = [];
const noCurrencies: Currency[] = [];

export function useCustomerClasses(): CustomerClass[] {
  const { data } = useQuery({
    queryKey: ['customer classes'],
    queryFn: ({ signal }) => request<CustomerClasses>('GET', '/customer-classes', { signal }),
    staleTime: CLASSES_FRESH_MILLISECONDS,
  });
  return data?.items ?? noClasses;
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
