// Owns the view of a list as it stands in the address bar: search, sort, filters, place, open row. The same words go to
// the server. Does not own the number of results, which is a preference, nor the columns.
import type { Query } from '../api/client';
import type { Match, RowsPerPage } from '../api/types';

export const matches: readonly Match[] = ['starts_with', 'contains', 'exactly', 'ends_with'];
export const defaultMatch: Match = 'starts_with';
/** What the server calls the text that is searched for. */
export const SEARCH_FIELD = 'search';

export interface Sort {
  column: string;
  descending: boolean;
}

export type Place = { at: 'first' } | { at: 'last' } | { after: string } | { before: string };

export interface ViewState {
  search: string;
  match: Match;
  sort: Sort;
  filters: Record<string, string[]>;
  place: Place;
  openId: number | null;
}

/** What the address bar may say of a list; everything else in it is ignored. */
export interface ViewVocabulary {
  sortable: readonly string[];
  defaultSort: string;
  filters: readonly string[];
}

export type AddressParameters = Record<string, string>;

export function viewFromAddress(parameters: AddressParameters, vocabulary: ViewVocabulary): ViewState {
  const filters: Record<string, string[]> = {};
  for (const name of vocabulary.filters) {
    const values = (parameters[name] ?? '').split(',').filter((value) => value !== '');
    if (values.length > 0) filters[name] = values;
  }
  const openId = Number(parameters.open);
  return {
    search: parameters.search ?? '',
    match: matches.find((match) => match === parameters.match) ?? defaultMatch,
    sort: sortFromText(parameters.sort, vocabulary),
    filters,
    place: placeFrom(parameters),
    openId: Number.isSafeInteger(openId) && openId > 0 ? openId : null,
  };
}

/** Defaults are left out: the plain address of a list is its plain view. */
export function addressOfView(view: ViewState, vocabulary: ViewVocabulary): AddressParameters {
  const parameters: AddressParameters = {};
  if (view.search !== '') parameters.search = view.search;
  if (view.match !== defaultMatch) parameters.match = view.match;
  const sort = sortToText(view.sort);
  if (sort !== vocabulary.defaultSort) parameters.sort = sort;
  for (const [name, values] of Object.entries(view.filters)) {
    if (values.length > 0) parameters[name] = values.join(',');
  }
  if ('after' in view.place) parameters.after = view.place.after;
  else if ('before' in view.place) parameters.before = view.place.before;
  else if (view.place.at === 'last') parameters.at = 'last';
  if (view.openId !== null) parameters.open = String(view.openId);
  return parameters;
}

export function queryOfView(view: ViewState, limit: RowsPerPage): Query {
  const query: Query = { sort: sortToText(view.sort), limit, total: 'bounded' };
  if (view.search.trim() !== '') {
    query.search = view.search.trim();
    query.match = view.match;
  }
  for (const [name, values] of Object.entries(view.filters)) query[name] = values.join(',');
  if ('after' in view.place) query.after = view.place.after;
  else if ('before' in view.place) query.before = view.place.before;
  else if (view.place.at === 'last') query.at = 'last';
  return query;
}

export function isNarrowed(view: ViewState): boolean {
  return view.search.trim() !== '' || Object.keys(view.filters).length > 0;
}

function sortFromText(text: string | undefined, vocabulary: ViewVocabulary): Sort {
  const descending = text?.startsWith('-') ?? false;
  const column = descending ? text?.slice(1) : text;
  if (column !== undefined && vocabulary.sortable.includes(column)) return { column, descending };
  return { column: vocabulary.defaultSort, descending: false };
}

function sortToText({ column, descending }: Sort): string {
  return descending ? `-${column}` : column;
}

function placeFrom(parameters: AddressParameters): Place {
  if (parameters.after) return { after: parameters.after };
  if (parameters.before) return { before: parameters.before };
  return { at: parameters.at === 'last' ? 'last' : 'first' };
}
