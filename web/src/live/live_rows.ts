// Owns what becomes of the rows on a screen when the server tells of changes: each stays in its place, and says what is new about
// it. Does not own hearing of them (listen.ts), nor how it looks.
import type { ViewState } from '../grid/view_state';

/** What a list sorts and filters by and what its columns show, by their names. */
export type Facts = Record<string, string | null>;

export interface LiveRow<Row> {
  row: Row;
  /** The columns that the last change has changed. */
  changed: ReadonlySet<string>;
  /** Counts the changes of this row. */
  revision: number;
  isGone: boolean;
  /** The list as it is now has it elsewhere, or not at all. */
  isElsewhere: boolean;
}

export type LiveRows<Row> = ReadonlyMap<number, LiveRow<Row>>;

export interface Told<Row> {
  items: Row[];
  gone: number[];
}

export interface Loaded<Row> {
  rows: readonly Row[];
  view: Pick<ViewState, 'sort' | 'filters'>;
  /** Filters whose values are facts. */
  choices: readonly string[];
  rowId: (row: Row) => number;
  facts: (row: Row) => Facts;
}

/** The rows that are not as they were loaded any more. The same map where nothing is new. */
export function afterTold<Row>(known: LiveRows<Row>, told: Told<Row>, loaded: Loaded<Row>): LiveRows<Row> {
  const { rowId, facts } = loaded;
  const after = new Map(known);
  let isNew = false;
  const byId = new Map(loaded.rows.map((row) => [rowId(row), row]));
  for (const row of told.items) {
    const first = byId.get(rowId(row));
    const before = known.get(rowId(row));
    const last = before?.row ?? first;
    if (first === undefined || last === undefined) continue;
    if (!before?.isGone && JSON.stringify(last) === JSON.stringify(row)) continue;
    after.set(rowId(row), {
      row,
      changed: differing(facts(last), facts(row)),
      revision: (before?.revision ?? 0) + 1,
      isGone: false,
      isElsewhere: isElsewhere(facts(first), facts(row), loaded),
    });
    isNew = true;
  }
  for (const id of told.gone) {
    const first = byId.get(id);
    const before = known.get(id);
    if (first === undefined || before?.isGone) continue;
    const revision = (before?.revision ?? 0) + 1;
    after.set(id, { row: before?.row ?? first, changed: new Set(), revision, isGone: true, isElsewhere: false });
    isNew = true;
  }
  return isNew ? after : known;
}

function differing(before: Facts, now: Facts): ReadonlySet<string> {
  return new Set(Object.keys(now).filter((name) => before[name] !== now[name]));
}

/** As far as a page can tell: what it is sorted by has changed, or a filter does not name it any more. */
function isElsewhere<Row>(first: Facts, now: Facts, { view, choices }: Loaded<Row>): boolean {
  const hasMoved = view.sort.some(({ column }) => first[column] !== now[column]);
  const isLeftOut = choices.some((name) => {
    const wanted = view.filters[name];
    const value = now[name];
    return wanted !== undefined && typeof value === 'string' && !wanted.includes(value);
  });
  return hasMoved || isLeftOut;
}
