// Owns how a person has arranged a list: which columns, in which order and width, its order of rows, what is searched, what
// happens at opening. Pure; what is stored is read with patience, for it may be older than the list. Does not own where it is
// kept (use_layout.ts).
import type { Match } from '../api/types';
import type { GridColumn } from './definition';
import { matches } from './view_state';

export const COLUMN_WIDTH_MIN = 56;
export const COLUMN_WIDTH_MAX = 800;
/** What the name keeps when the window is small. */
const GROWING_WIDTH_MIN = 200;

/** As it stands in the preferences, under `lists.<name>`. What is missing is as the list has it by itself. */
export interface Layout {
  order?: string[];
  shown?: Record<string, boolean>;
  widths?: Record<string, number>;
  sort?: string;
  search_in?: string[];
  match?: Match;
  search_at_opening?: boolean;
  open_single?: boolean;
  totals_open?: boolean;
}

/** A change as the server merges it: null takes away. */
export type LayoutChange = { [Key in keyof Layout]: Layout[Key] | null };

export function layoutFrom(stored: unknown): Layout {
  if (!isRecord(stored)) return {};
  const layout: Layout = {};
  const order = texts(stored.order);
  const searchIn = texts(stored.search_in);
  if (order) layout.order = order;
  if (searchIn) layout.search_in = searchIn;
  const match = matches.find((one) => one === stored.match);
  if (match) layout.match = match;
  if (isRecord(stored.shown)) layout.shown = entriesOf(stored.shown, (value) => typeof value === 'boolean');
  if (isRecord(stored.widths)) layout.widths = entriesOf(stored.widths, (value) => typeof value === 'number');
  if (typeof stored.sort === 'string') layout.sort = stored.sort;
  if (typeof stored.search_at_opening === 'boolean') layout.search_at_opening = stored.search_at_opening;
  if (typeof stored.open_single === 'boolean') layout.open_single = stored.open_single;
  if (typeof stored.totals_open === 'boolean') layout.totals_open = stored.totals_open;
  return layout;
}

/** Every column, the hidden ones too. One that the stored order does not know stands behind its neighbour. */
export function inOrder<Row>(columns: readonly GridColumn<Row>[], order: readonly string[] = []): GridColumn<Row>[] {
  const known = order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  columns.forEach((column, index) => {
    if (known.includes(column)) return;
    const neighbour = index === 0 ? undefined : columns[index - 1];
    known.splice(neighbour ? known.indexOf(neighbour) + 1 : 0, 0, column);
  });
  return known;
}

/** The name is always there: it is the row's link. */
export function isShown<Row>(column: GridColumn<Row>, shown: Layout['shown'] = {}): boolean {
  return column.kind === 'name' || (shown[column.id] ?? !column.isHiddenAtFirst);
}

/** `undefined` where the column takes what the others leave. */
export function widthOf<Row>(column: GridColumn<Row>, widths: Layout['widths'] = {}): number | undefined {
  const own = widths[column.id];
  return own === undefined ? (column.grows ? undefined : column.width) : withinLimits(own);
}

export function withinLimits(width: number): number {
  return Math.min(COLUMN_WIDTH_MAX, Math.max(COLUMN_WIDTH_MIN, Math.round(width)));
}

export function tableWidthMin<Row>(columns: readonly GridColumn<Row>[], widths: Layout['widths']): number {
  return columns.reduce((sum, column) => sum + (widthOf(column, widths) ?? GROWING_WIDTH_MIN), 0);
}

/** The order of all columns after one of the shown ones has been put at a place among those. */
export function moved(all: readonly string[], shown: readonly string[], id: string, place: number): string[] {
  const others = shown.filter((one) => one !== id);
  const next = others[place];
  const rest = all.filter((one) => one !== id);
  // Hidden columns stay beside their neighbours; the last place is behind the last that is shown.
  const last = others.at(-1);
  const at = next === undefined ? (last === undefined ? 0 : rest.indexOf(last) + 1) : rest.indexOf(next);
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

function entriesOf<Value>(record: Record<string, unknown>, isValue: (value: unknown) => boolean): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => isValue(value))) as Record<string, Value>;
}
