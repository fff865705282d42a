// Owns when the figures of a filter are asked for: after its rows, once a filter, and given up when the filter changes.
// Does not own how they are shown (value_counts.tsx, totals.tsx).
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ListDefinition, ListSummary } from './definition';
import type { List } from './use_list';
import { filterOfView } from './view_state';

const FRESH_MILLISECONDS = 10_000;

interface Summary {
  figures: ListSummary | null;
  /** The figures are those of the filter before. */
  isOld: boolean;
  hasFailed: boolean;
  retry: () => void;
}

export function useSummary<Row>({ name, summary, always }: ListDefinition<Row>, { view, phase }: List<Row>): Summary {
  const query = { ...always, ...filterOfView(view) };
  const { data, isPlaceholderData, isError, isFetching, refetch } = useQuery({
    queryKey: ['summary', name, query],
    queryFn: ({ signal }) => (summary ? summary.fetch(query, signal) : null),
    // The rows are what one waits for; nothing stands in their way.
    enabled: summary !== undefined && phase === 'shown',
    placeholderData: keepPreviousData,
    staleTime: FRESH_MILLISECONDS,
  });
  return {
    figures: data ?? null,
    isOld: isPlaceholderData,
    hasFailed: isError && !isFetching,
    retry: () => void refetch(),
  };
}
