// Owns the table of statuses as the server has it (rank, label, icon, tone). Does not own which status anyone has.
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client';
import type { StatusCode, Statuses, StatusInfo } from '../api/types';

interface StatusTable {
  inOrder: StatusInfo[];
  byCode: Partial<Record<StatusCode, StatusInfo>>;
}

const emptyTable: StatusTable = { inOrder: [], byCode: {} };

export function useStatuses(): StatusTable {
  const { data } = useQuery({
    queryKey: ['statuses'],
    queryFn: ({ signal }) => request<Statuses>('GET', '/statuses', { signal }),
    // The table changes with the server's version only.
    staleTime: Infinity,
    select: toTable,
  });
  return data ?? emptyTable;
}

function toTable({ items }: Statuses): StatusTable {
  return { inOrder: items, byCode: Object.fromEntries(items.map((status) => [status.code, status])) };
}
