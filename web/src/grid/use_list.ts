// Owns the life of one list on the screen: the view in the address, the page of rows for it, stopping and trying again.
// Does not own how anything looks, nor which rows are ticked.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Page } from '../api/types';
import { usePreferences } from '../preferences/preferences';
import type { Layout } from './layout';
import { parametersOf, type ListDefinition } from './definition';
import {
  addressOfView,
  queryOfView,
  sortFromText,
  viewFromAddress,
  type AddressParameters,
  type Place,
  type ViewState,
  type ViewVocabulary,
} from './view_state';

/** A page seen a moment ago is shown again without asking, so that "previous" and "back" are instant. */
const FRESH_MILLISECONDS = 10_000;

export type ListPhase =
  /** Nothing to show yet. */
  | 'loading'
  /** Rows belong to the view in the address. */
  | 'shown'
  /** Rows are those of the view before; the ones asked for are on their way. */
  | 'changing'
  /** Nothing was asked for yet, as the person wants it at opening. */
  | 'waiting'
  /** The person stopped the search; rows, if any, are from before. */
  | 'stopped'
  /** The server refused or gave no answer; rows, if any, are from before. */
  | 'failed';

export interface List<Row> {
  view: ViewState;
  phase: ListPhase;
  page: Page<Row> | null;
  /** Which view the rows are of: fetched anew they are the same page, however they have changed. */
  pageOf: string | null;
  error: Error | null;
  isFetching: boolean;
  change: (change: Partial<ViewState>, history?: 'push' | 'replace') => void;
  hrefOf: (change: Partial<ViewState>) => string;
  stop: () => void;
  retry: () => void;
  prefetch: (place: Place) => void;
}

export function useList<Row>(definition: ListDefinition<Row>, layout: Layout): List<Row> {
  const client = useQueryClient();
  const preferences = usePreferences();
  const { view, vocabulary, isPlain, change } = useView(definition, layout);
  const [isAsked, setAsked] = useState(layout.search_at_opening ?? true);
  if (!isPlain && !isAsked) setAsked(true);
  const limit = preferences.rows_per_page;

  const optionsFor = useCallback(
    (of: ViewState) => {
      const query = { ...definition.always, ...queryOfView(of, limit) };
      return {
        queryKey: ['list', definition.name, query],
        queryFn: ({ signal }: { signal: AbortSignal }) => definition.fetchPage(query, signal),
        staleTime: FRESH_MILLISECONDS,
      };
    },
    [definition, limit],
  );
  const options = optionsFor(view);
  const result = useQuery({ ...options, enabled: isAsked, refetchInterval: definition.refreshMilliseconds });
  const keyText = JSON.stringify(options.queryKey);

  // The last page stays on the screen while the next is fetched, when that is stopped, and when it fails.
  const [last, setLast] = useState<{ page: Page<Row>; view: string } | null>(null);
  if (result.data && result.data !== last?.page) setLast({ page: result.data, view: keyText });

  const stop = useCallback(() => {
    void client.cancelQueries({ queryKey: JSON.parse(keyText) as unknown[], exact: true });
  }, [client, keyText]);
  const { refetch } = result;
  const retry = useCallback(() => {
    setAsked(true);
    void refetch();
  }, [refetch]);
  const prefetch = (place: Place) => void client.prefetchQuery(optionsFor({ ...view, place }));
  const hrefOf = useCallback(
    (changed: Partial<ViewState>) => `?${new URLSearchParams(addressOfView({ ...view, ...changed }, vocabulary))}`,
    [view, vocabulary],
  );
  return {
    view,
    phase: isAsked ? phaseOf(result, last !== null) : 'waiting',
    page: result.data ?? last?.page ?? null,
    pageOf: result.data ? keyText : (last?.view ?? null),
    error: result.error,
    isFetching: result.isFetching,
    change,
    hrefOf,
    stop,
    retry,
    prefetch,
  };
}

function useView<Row>(definition: ListDefinition<Row>, layout: Layout) {
  const navigate = useNavigate();
  const parameters: AddressParameters = useSearch({ strict: false });
  const vocabulary = useMemo<ViewVocabulary>(
    () => ({
      sortable: definition.columns.filter((column) => column.sortable).map((column) => column.id),
      defaultSort: definition.defaultSort,
      searchFields: definition.searchFields?.map((field) => field.value) ?? [],
      filters: definition.filters.flatMap(parametersOf),
      textFilters: definition.filters.filter((filter) => filter.takes === 'text').map((filter) => filter.name),
    }),
    [definition],
  );
  const view = useMemo(
    () => viewAsLeft(viewFromAddress(parameters, vocabulary), parameters, layout, vocabulary),
    [parameters, layout, vocabulary],
  );
  const change = useCallback(
    (changed: Partial<ViewState>, history: 'push' | 'replace' = 'push') => {
      void navigate({
        to: '.',
        search: addressOfView({ ...view, ...changed }, vocabulary),
        replace: history === 'replace',
      });
    },
    [navigate, view, vocabulary],
  );
  // A link has to show others the same list, so that what is remembered here stands in it as well.
  const remembered = addressOfView(view, vocabulary).sort;
  useEffect(() => {
    if (remembered !== undefined && parameters.sort === undefined) change({}, 'replace');
  }, [remembered, parameters.sort, change]);
  return { view, vocabulary, isPlain: Object.keys(parameters).every((name) => name === 'sort'), change };
}

/** The plain address is the list as the person left it; any other one says all there is to say. */
function viewAsLeft(view: ViewState, parameters: AddressParameters, layout: Layout, vocabulary: ViewVocabulary): ViewState {
  const sort = Object.keys(parameters).length === 0 ? sortFromText(layout.sort, vocabulary) : view.sort;
  // Which fields are searched matters from the first letter on.
  const searchIn = parameters.search === undefined ? (layout.search_in ?? view.searchIn) : view.searchIn;
  const isSaid = parameters.search !== undefined || parameters.match !== undefined;
  const match = isSaid ? view.match : (layout.match ?? view.match);
  return { ...view, sort, match, searchIn: searchIn.filter((field) => vocabulary.searchFields.includes(field)) };
}

function phaseOf(
  result: { data: unknown; isError: boolean; isFetching: boolean },
  hasLastPage: boolean,
): ListPhase {
  if (result.isError && !result.isFetching) return 'failed';
  if (result.data !== undefined) return 'shown';
  if (!result.isFetching) return 'stopped';
  return hasLastPage ? 'changing' : 'loading';
}
