// Owns the table of statuses as the server has it (rank, icon, tone), in the person's words. Does not own which status anyone
// has.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { StatusCode, Statuses, StatusInfo } from '../api/types';
import { inWords } from './wording';

export interface StatusTable {
  inOrder: StatusInfo[];
  byCode: Partial<Record<StatusCode, StatusInfo>>;
}

const emptyTable: StatusTable = { inOrder: [], byCode: {} };

export function useStatuses(): StatusTable {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const { data } = useQuery({
    queryKey: ['statuses'],
    queryFn: ({ signal }) => request<Statuses>('GET', '/statuses', { signal }),
    // The table changes with the server's version only.
    staleTime: Infinity,
  });
  return useMemo(() => (data ? toTable(data, language) : emptyTable), [data, language]);
}

const tables = new WeakMap<Statuses, { language: string; table: StatusTable }>();

/** One table for all who ask: a page may hold 250 badges. */
function toTable(statuses: Statuses, language: string): StatusTable {
  const known = tables.get(statuses);
  if (known?.language === language) return known.table;
  const inOrder = statuses.items.map(inWords);
  const table = { inOrder, byCode: Object.fromEntries(inOrder.map((status) => [status.code, status])) };
  tables.set(statuses, { language, table });
  return table;
}
