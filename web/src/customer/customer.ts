// Owns the requests about customers. Does not own how a customer is shown.
import { useQuery } from '@tanstack/react-query';
import { request, type Query } from '../api/client';
import type { Customer, CustomerRow, Page } from '../api/types';

export function fetchCustomers(query: Query, signal: AbortSignal): Promise<Page<CustomerRow>> {
  return request('GET', '/customers', { query, signal });
}

export function useCustomer(id: number) {
  return useQuery({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => request<Customer>('GET', `/customers/${id}`, { signal }),
  });
}
