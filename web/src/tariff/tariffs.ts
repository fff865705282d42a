// Owns asking for all tariffs, for their names. Does not own their list.
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client';
import type { Tariff } from '../api/types';

const none: Tariff[] = [];

export function useTariffs(): Tariff[] {
  const { data } = useQuery({
    queryKey: ['tariffs'],
    queryFn: ({ signal }) => request<{ items: Tariff[] }>('GET', '/tariffs', { signal }),
    staleTime: 60_000,
  });
  return data?.items ?? none;
}
