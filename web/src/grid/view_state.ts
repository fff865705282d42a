// Owns the view of a list as it stands in the address bar: search, sort, filters, place, open row, saved view. The same
// words go to the server. Does not own the number of results, which is a preference, nor the columns.
import type { Query } from '../api/client';
import type { Match, RowsPerPage } from '../api/types';

export const matches: readonly Match[] = ['starts_with', 'contains', 'exactly', 'ends_with'];
export const defaultMatch: Match = 'starts_with';
/** What the server calls the text that is searched for. */
export const SEARCH_FIELD = 'search';
export const SORT_FIELD = 'sort';
/** The server's limit. */
export const SORT_COLUMNS_MAX = 3;

export interface Sort {
  column: string;
  descending: boolean;
}

export type Place = { at: 'first' } | { at: 'last' } | { after: string } | { before: string };

export interface ViewState {
  search: string;
  match: Match;
  /** The fields that are searched; none means the list's first. */
  searchIn: string[];
  /** The first one leads. Never empty. */
  sort: Sort[];
  /** By parameter; a range has two. */
  filters: Record<string, string[]>;
  place: Place;
  openId: number | null;
  savedViewId: number | null;
}

/** What the address bar may say of a list; everything else in it is ignored. */
export interface ViewVocabulary {
  sortable: readonly string[];
  defaultSort: string;
  searchFields: readonly string[];
  /** Parameters of the filters. */
  filters: readonly string[];
  /** Those of them that hold one text, commas and all. */
  textFilters: readonly string[];
}

export type AddressParameters = Record<string, string>;

export function viewFromAddress(parameters: AddressParameters, vocabulary: ViewVocabulary): ViewState {
  const filters: Record<string, string[]> = {};
  for (const name of vocabulary.filters) {
    const text = parameters[name] ?? '';
    const values = (vocabulary.textFilters.includes(name) ? [text] : text.split(',')).filter((value) => value !== '');
    if (values.length > 0) filters[name] = values;
  }
  const searchIn = (parameters.in ?? '').split(',').filter((field) => vocabulary.searchFields.includes(field));
  return {
    search: parameters.search ?? '',
    match: matches.find((match) => match === parameters.match) ?? defaultMatch,
    searchIn: isOnlyFirst(searchIn, vocabulary) ? [] : searchIn,
    sort: sortFromText(parameters.sort, vocabulary),
    filters,
    place: placeFrom(parameters),
    openId: idFrom(parameters.open),
    savedViewId: idFrom(parameters.view),
  };
}

/** Defaults are left out: the plain address of a list is its plain view. */
export function addressOfView(view: ViewState, vocabulary: ViewVocabulary): AddressParameters {
  const parameters: AddressParameters = {};
  if (view.search !== '') parameters.search = view.search;
  if (view.search !== '' && view.match !== defaultMatch) parameters.match = view.match;
  if (view.search !== '' && view.searchIn.length > 0 && !isOnlyFirst(view.searchIn, vocabulary)) parameters.in = view.searchIn.join(',');
  const sort = sortToText(view.sort);
  if (sort !== vocabulary.defaultSort) parameters.sort = sort;
  for (const [name, values] of Object.entries(view.filters)) {
    if (values.length > 0) parameters[name] = values.join(',');
  }
  if ('after' in view.place) parameters.after = view.place.after;
  else if ('before' in view.place) parameters.before = view.place.before;
  else if (view.place.at === 'last') parameters.at = 'last';
  if (view.openId !== null) parameters.open = String(view.openId);
  if (view.savedViewId !== null) parameters.view = String(view.savedViewId);
  return parameters;
}

/** What a saved view keeps, and what a bulk action or an export works on: all but the place and what is open. */
export function lastingPart(view: ViewState): ViewState {
  return { ...view, place: { at: 'first' }, openId: null, savedViewId: null };
}

export function queryOfView(view: ViewState, limit: RowsPerPage): Query {
  const query: Query = { sort: sortToText(view.sort), limit, total: 'bounded', ...filterOfView(view) };
  if ('after' in view.place) query.after = view.place.after;
  else if ('before' in view.place) query.before = view.place.before;
  else if (view.place.at === 'last') query.at = 'last';
  return query;
}

/** Which rows match, in no order. */
export function filterOfView(view: ViewState): Query {
  const query: Query = {};
  if (view.search.trim() !== '') {
    query.search = view.search.trim();
    query.match = view.match;
    if (view.searchIn.length > 0) query.in = view.searchIn.join(',');
  }
  for (const [name, values] of Object.entries(view.filters)) query[name] = values.join(',');
  return query;
}

export function isNarrowed(view: ViewState): boolean {
  return view.search.trim() !== '' || Object.keys(view.filters).length > 0;
}

/**
 * One column to sort by: the same again turns it round. `isAdded` keeps the others before it; a column that is there
 * already turns round at its place. Beyond the limit the last one gives way.
 */
export function sortedBy(sort: readonly Sort[], column: string, isAdded: boolean): Sort[] {
  const own = sort.find((one) => one.column === column);
  const turned = { column, descending: own !== undefined && !own.descending };
  // Alone and new, it begins ascending, whatever it was among others.
  if (!isAdded) return [sort.length === 1 ? turned : { column, descending: own?.descending ?? false }];
  if (own) return sort.map((one) => (one.column === column ? turned : one));
  return [...sort.slice(0, SORT_COLUMNS_MAX - 1), turned];
}

export function sortFromText(text: string | undefined, vocabulary: Pick<ViewVocabulary, 'sortable' | 'defaultSort'>): Sort[] {
  const columns = new Map<string, Sort>();
  for (const part of (text ?? '').split(',')) {
    const sort = oneSort(part);
    if (vocabulary.sortable.includes(sort.column) && !columns.has(sort.column)) columns.set(sort.column, sort);
  }
  const sort = [...columns.values()].slice(0, SORT_COLUMNS_MAX);
  return sort.length > 0 ? sort : [oneSort(vocabulary.defaultSort)];
}

/** One column as the server names it. */
export function oneSort(text: string): Sort {
  const descending = text.startsWith('-');
  return { column: descending ? text.slice(1) : text, descending };
}

export function sortToText(sort: readonly Sort[]): string {
  return sort.map(({ column, descending }) => (descending ? `-${column}` : column)).join(',');
}

function isOnlyFirst(searchIn: readonly string[], vocabulary: ViewVocabulary): boolean {
  return searchIn.length === 1 && searchIn[0] === vocabulary.searchFields[0];
}

function idFrom(text: string | undefined): number | null {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

function placeFrom(parameters: AddressParameters): Place {
  if (parameters.after) return { after: parameters.after };
  if (parameters.before) return { before: parameters.before };
  return { at: parameters.at === 'last' ? 'last' : 'first' };
}
