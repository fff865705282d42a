// Owns what a list page tells the grid about its list: columns, filters, source of rows, what can be done with them. Does
// not own how any of it is drawn or kept. A new list of the product is one value of `ListDefinition`; what a list leaves
// out (totals, live rows, bulk actions, ...) its page does not have.
import type { ReactNode } from 'react';
import type { Query } from '../api/client';
import type { Money, Page } from '../api/types';
import type { LookupSource } from '../form/lookup_source';
import type { Facts } from '../live/live_rows';
import type { ViewState } from './view_state';

interface ColumnBase {
  /** The name that the server sorts and exports by; also the key of the column in the preferences. */
  id: string;
  header: string;
  width: number;
  sortable: boolean;
  /** Takes the width that the others leave. One column of a list does. */
  grows?: boolean;
  /** Waits in the settings until somebody chooses it. */
  isHiddenAtFirst?: boolean;
}

export interface TextColumn<Row> extends ColumnBase {
  kind: 'text';
  cell: (row: Row, context: CellContext) => ReactNode;
}

export interface AmountColumn<Row> extends ColumnBase {
  kind: 'amount';
  amount: (row: Row) => Money | null;
  digits: (row: Row) => number;
  /** Why the cell is empty, for those who cannot see that it is. */
  absence: (row: Row) => string;
}

export interface CountColumn<Row> extends ColumnBase {
  kind: 'count';
  count: (row: Row) => number;
}

/** The name of the row, as the link that opens it. */
export interface NameColumn extends ColumnBase {
  kind: 'name';
}

export type GridColumn<Row> = TextColumn<Row> | AmountColumn<Row> | CountColumn<Row> | NameColumn;

export interface CellContext {
  /** Follows the current row, so that Tab leaves the table instead of walking through 250 rows. */
  tabIndex: 0 | -1;
}

export interface FilterOption {
  value: string;
  label: string;
  /** Said beside the label where one chooses, and found by. */
  detail?: string;
  icon?: ReactNode;
}

interface FilterBase {
  /** The parameter of the server's query and of the page's address; of a range, what its two parameters begin with. */
  name: string;
  label: string;
  /** Has a button of its own beside the search; the others wait in the panel of all filters. */
  isQuick?: boolean;
}

/** A choice of values, sent as one parameter; several stand with commas between them. */
export interface ChoiceFilter extends FilterBase {
  takes: 'one' | 'several';
  options: FilterOption[];
}

/** One of more than one would read: found by typing, and sent as its value. */
export interface LookupFilter extends FilterBase {
  takes: 'lookup';
  source: LookupSource;
}

/**
 * `amounts` sends `<name>_min` and `<name>_max`, decimal texts, both inclusive. `days` sends `<name>_from` and
 * `<name>_before`, moments at which a day begins where the person is, so that a link means the same everywhere.
 * `yes_no` sends `true` or `false`; `text` what was typed.
 */
export interface TypedFilter extends FilterBase {
  takes: 'amounts' | 'days' | 'yes_no' | 'text';
}

export type GridFilter = ChoiceFilter | LookupFilter | TypedFilter;

export interface SearchField {
  value: string;
  label: string;
}

export interface EmptyAnswer {
  title: string;
  detail: string;
}

/** A fact that a bulk action has to be told, sent under `name`. */
export interface BulkQuestion {
  name: string;
  label: string;
  takes: 'text' | 'day' | 'one';
  options?: FilterOption[];
  isRequired?: boolean;
}

export interface BulkAction {
  /** `action` of the request. */
  code: string;
  label: string;
  /** Heads the dialog and stands on its button: "Block 3 customers". */
  title: (count: number) => string;
  questions?: BulkQuestion[];
  isDestructive?: boolean;
}

export interface ListSummary {
  total: number;
  /** How many rows each value of the counted filter would leave; values without rows may be missing. */
  counts: { value: string; count: number }[];
  /** A sum is null where it is too large to be written as an amount. */
  totals: { currency: string; digits: number; rows: number; figures: { label: string; amount: Money | null }[] }[];
}

export interface RowMenuItem {
  label: string;
  href: string;
}

export interface ListDefinition<Row> {
  /** The key of this list in the preferences, among saved views and in the cache. */
  name: string;
  title: string;
  /** None: there is nothing to search by in words. */
  searchLabel?: string;
  /** What a search can look into; the first one alone at first. None: the list looks where it looks. */
  searchFields?: SearchField[];
  columns: GridColumn<Row>[];
  filters: GridFilter[];
  defaultSort: string;
  /** Sent with every request of this list and shown nowhere: what makes it this list. */
  always?: Record<string, string>;
  rowId: (row: Row) => number;
  rowName: (row: Row) => string;
  /** The page of a row. Without it the name opens `details`. */
  rowHref?: (row: Row) => string;
  /** Two lines for a screen too narrow for columns. The grid puts the name, linked, before `first`. */
  narrow: {
    first: (row: Row, context: CellContext) => ReactNode;
    second: (row: Row) => ReactNode;
    amount: (row: Row) => ReactNode;
  };
  fetchPage: (query: Query, signal: AbortSignal) => Promise<Page<Row>>;
  /** Counts of the values of one filter, and totals by currency, of all rows that match. */
  summary?: {
    countedFilter: string;
    fetch: (query: Query, signal: AbortSignal) => Promise<ListSummary>;
  };
  /** Rows that update by themselves: `parameter` names the ids to `/live`, `event` what it sends; `facts` has the value of each column. */
  live?: { parameter: string; event: string; facts: (row: Row) => Facts };
  /** Fetched anew this often while it is looked at: what ends by itself, and is told by nobody. */
  refreshMilliseconds?: number;
  /** The page where a new one is made. */
  add?: { label: string; href: string };
  /** Where bulk actions are sent, which there are, and the one of them that is a button of its own. Without it no row has a box. */
  bulk?: { path: string; actions: BulkAction[]; delete?: BulkAction };
  /** Where rows are exported from; columns go by their `id`. */
  export?: { path: string };
  /** "More" at the end of a row: the lists and pages about it. */
  rowMenu?: (row: Row) => RowMenuItem[];
  /** Why nothing is there, in the words of this list. */
  empty: { never: EmptyAnswer; notFound: (view: ViewState) => EmptyAnswer };
  /** Stands in the title bar: what explains the rows of this list. */
  titleTool?: ReactNode;
  /** What opens beside the list where a row has no page; the id stands in the list's address. */
  details?: (props: { id: number; close: () => void }) => ReactNode;
}

/** Figures stand under each other, on the right. */
export function isFigure<Row>(column: GridColumn<Row>): boolean {
  return column.kind === 'amount' || column.kind === 'count';
}

/** The parameters under which a filter stands in the address and in the query. */
export function parametersOf(filter: GridFilter): string[] {
  switch (filter.takes) {
    case 'amounts':
      return [`${filter.name}_min`, `${filter.name}_max`];
    case 'days':
      return [`${filter.name}_from`, `${filter.name}_before`];
    case 'one':
    case 'several':
    case 'lookup':
    case 'yes_no':
    case 'text':
      return [filter.name];
  }
}
