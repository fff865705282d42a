// Owns what a list page tells the grid about its list: columns, filters, source of rows. Does not own how any of it is
// drawn or kept. A new list of the product is one value of `ListDefinition`.
import type { ReactNode } from 'react';
import type { Query } from '../api/client';
import type { Money, Page } from '../api/types';
import type { ViewState } from './view_state';

interface ColumnBase {
  /** The name that the server sorts by; also the key of the column in the preferences. */
  id: string;
  header: string;
  width: number;
  sortable: boolean;
  /** Takes the width that the others leave. One column of a list does. */
  grows?: boolean;
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

/** The name of the row, as the link that opens it. */
export interface NameColumn extends ColumnBase {
  kind: 'name';
}

export type GridColumn<Row> = TextColumn<Row> | AmountColumn<Row> | NameColumn;

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

/** A choice of values, sent to the server as one parameter; several stand with commas between them. */
export interface GridFilter {
  /** The parameter of the server's query and of the page's address. */
  name: string;
  label: string;
  takes: 'one' | 'several';
  options: FilterOption[];
}

export interface EmptyAnswer {
  title: string;
  detail: string;
}

export interface ListDefinition<Row> {
  /** The key of this list in the preferences and in the cache. */
  name: string;
  title: string;
  searchLabel: string;
  columns: GridColumn<Row>[];
  filters: GridFilter[];
  defaultSort: string;
  rowId: (row: Row) => number;
  rowName: (row: Row) => string;
  /** Two lines for a screen too narrow for columns. The grid puts the name, linked, before `first`. */
  narrow: {
    first: (row: Row, context: CellContext) => ReactNode;
    second: (row: Row) => ReactNode;
    amount: (row: Row) => ReactNode;
  };
  fetchPage: (query: Query, signal: AbortSignal) => Promise<Page<Row>>;
  /** Why nothing is there, in the words of this list. */
  empty: { never: EmptyAnswer; notFound: (view: ViewState) => EmptyAnswer };
  /** What opens with Enter; the id stands in the page's address. */
  details: (props: { id: number; close: () => void }) => ReactNode;
}
