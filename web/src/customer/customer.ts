// Owns the requests about customers. Does not own how a customer is shown.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { request, type Query } from '../api/client';
import type { Customer, CustomerRow, CustomerSummary, Page } from '../api/types';

export function fetchCustomers(query: Query, signal: AbortSignal): Promise<Page<CustomerRow>> {
  return request('GET', '/customers', { query, signal });
}

export function fetchCustomerSummary(query: Query, signal: AbortSignal): Promise<CustomerSummary> {
  return request('GET', '/customers/summary', { query, signal });
}

export function customerKey(id: number) {
  return ['customer', id];
}

export function useCustomer(id: number) {
  return useQuery({
    queryKey: customerKey(id),
    queryFn: ({ signal }) => request<Customer>('GET', `/customers/${id}`, { signal }),
  });
}

/** Takes a customer as a write has answered it; lists that show it are asked for again. */
export function useKeepCustomer(): (customer: Customer) => void {
  const client = useQueryClient();
  return (customer) => {
    client.setQueryData(customerKey(customer.id), customer);
    void client.invalidateQueries({ queryKey: ['list'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
  };
}
