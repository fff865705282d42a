// Owns the table: columns with their order and widths, head, body, skeleton. The server sorts and pages. Does not own the
// cells of a row (grid_row.tsx), the head's cells (grid_header.tsx), nor where columns are kept (use_layout.ts).
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchoredMenu } from '../app/menu';
import type { LiveRows } from '../live/live_rows';
import { usePreferences } from '../preferences/preferences';
import type { GridColumn, ListDefinition } from './definition';
import { GridHeader } from './grid_header';
import { GridRow, NarrowRow } from './grid_row';
import { GridSkeleton } from './grid_skeleton';
import { inOrder, isShown, moved, tableWidthMin, widthOf, type Layout, type LayoutChange } from './layout';
import type { Selection } from './selection';
import type { List } from './use_list';
import type { RowFocus } from './use_row_focus';
import { sortedBy, sortToText } from './view_state';
import styles from './table.module.css';

const SELECT_WIDTH = 44;
const MORE_WIDTH = 48;
/** More than a high screen shows of the lowest ones. */
const ROWS_AT_FIRST = 48;
const ROWS_A_SLICE = 24;
const SLICE_PAUSE_MILLISECONDS = 16;
const noRows: never[] = [];

interface GridTableProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  /** What has changed since the page was loaded. */
  live: LiveRows<Row>;
  layout: Layout;
  changeLayout: (change: LayoutChange) => void;
  isNarrow: boolean;
  rowFocus: RowFocus;
  selection: Selection;
  /** How far the rows were scrolled when the list was left. */
  topAtFirst: number;
  onScroll: (top: number) => void;
}

export function GridTable<Row>(props: GridTableProps<Row>) {
  const { definition, list, layout, isNarrow, rowFocus } = props;
  const { t } = useTranslation();
  const preferences = usePreferences();
  const { columns, header } = useColumns(props);
  const hintId = useId();
  const [said, say] = useState('');
  const isSkeleton = list.phase === 'loading';
  const { scroller } = rowFocus;

  useScrollOfPage(props);
  const { menu, openMenu } = useRowMenu(definition);
  const hasBoxes = definition.bulk !== undefined;
  const hasMenu = definition.rowMenu !== undefined;
  const minInlineSize = isNarrow
    ? undefined
    : (hasBoxes ? SELECT_WIDTH : 0) + tableWidthMin(columns, layout.widths) + (hasMenu ? MORE_WIDTH : 0);
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      aria-label={definition.title}
      // A region that scrolls must be reachable by those who scroll with keys.
      tabIndex={0}
      aria-busy={list.isFetching}
      onScroll={(event) => props.onScroll(event.currentTarget.scrollTop)}
    >
      <div className={styles.progress} data-active={list.isFetching || undefined} />
      <table
        className={styles.table}
        style={{ minInlineSize }}
        aria-label={definition.title}
        data-density={preferences.density}
        data-striped={preferences.striped || undefined}
        data-narrow={isNarrow || undefined}
        data-changing={list.phase === 'changing' || undefined}
      >
        <colgroup>
          {hasBoxes && <col className={styles.selectColumn} />}
          {!isNarrow &&
            columns.map((column) => <col key={column.id} style={{ width: widthOf(column, layout.widths) }} />)}
          {isNarrow && <col />}
          {hasMenu && <col style={{ width: MORE_WIDTH }} />}
        </colgroup>
        <GridHeader {...header} {...{ columns, isNarrow, hasBoxes, hasMenu, hintId, say }} title={definition.title} />
        {isSkeleton ? (
          <GridSkeleton rows={preferences.rows_per_page} {...{ columns, isNarrow, hasBoxes, hasMenu }} />
        ) : (
          <Body {...props} columns={columns} openMenu={openMenu} />
        )}
      </table>
      {menu}
      <p id={hintId} hidden>
        {t('grid.headerHint')}
      </p>
      <p role="status" aria-live="assertive" className="for-screen-readers">
        {said}
      </p>
      {isSkeleton && (
        <p role="status" className="for-screen-readers">
          {t('grid.loading')}
        </p>
      )}
    </section>
  );
}

/** One menu for all rows; it stands outside of the table. */
function useRowMenu<Row>({ rowMenu, rowName }: ListDefinition<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ row: Row; anchor: HTMLElement } | null>(null);
  const openMenu = useCallback((row: Row, anchor: HTMLElement) => setOpened({ row, anchor }), []);
  const menu = opened && rowMenu && (
    <AnchoredMenu
      anchor={opened.anchor}
      label={t('grid.moreOf', { name: rowName(opened.row) })}
      items={rowMenu(opened.row)}
      close={() => setOpened(null)}
    />
  );
  return { openMenu, menu };
}

interface BodyProps<Row> extends GridTableProps<Row> {
  columns: GridColumn<Row>[];
  openMenu: (row: Row, anchor: HTMLElement) => void;
}

function Body<Row>(props: BodyProps<Row>) {
  const { definition, list, live, isNarrow, selection, columns } = props;
  const { t } = useTranslation();
  const { body, current, setCurrent } = props.rowFocus;
  const rows = list.page?.items ?? noRows;
  const drawn = useDrawn(rows, list.pageOf, props.topAtFirst > 0);
  const fractions = useFractions(columns, rows);
  const open = useOpenRow(definition, list);
  const RowComponent = isNarrow ? NarrowRow : GridRow;
  return (
    <tbody ref={body}>
      {drawn.map((row, index) => {
        const id = definition.rowId(row);
        const change = live.get(id);
        return (
          <RowComponent
            key={id}
            t={t}
            row={change?.row ?? row}
            change={change}
            index={index}
            href={definition.rowHref?.(row) ?? list.hrefOf({ openId: id })}
            definition={definition}
            columns={columns}
            fractions={fractions}
            isCurrent={index === current}
            isSelected={selection.has(id)}
            toggle={selection.toggle}
            setCurrent={setCurrent}
            open={open}
            openMenu={props.openMenu}
          />
        );
      })}
    </tbody>
  );
}

/** What fills the screen at once and the rest slice by slice, so that the page answers meanwhile. The way back needs all of them. */
function useDrawn<Row>(rows: readonly Row[], pageOf: string | null, isWholeAtFirst: boolean): readonly Row[] {
  const [first, setFirst] = useState(pageOf);
  if (first === null && pageOf !== null) setFirst(pageOf);
  const [state, setState] = useState({ pageOf, count: ROWS_AT_FIRST });
  const drawn = state.pageOf === pageOf ? state.count : ROWS_AT_FIRST;
  const count = isWholeAtFirst && pageOf === first ? rows.length : drawn;
  useEffect(() => {
    if (count >= rows.length) return;
    const timer = setTimeout(() => setState({ pageOf, count: count + ROWS_A_SLICE }), SLICE_PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [rows, pageOf, count]);
  return useMemo(() => rows.slice(0, count), [rows, count]);
}

/** Other rows are read from their top; the way back leads to where they were left. */
function useScrollOfPage<Row>({ list, rowFocus, topAtFirst }: GridTableProps<Row>): void {
  const { scroller } = rowFocus;
  const shown = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (list.pageOf === null || list.pageOf === shown.current) return;
    const isFirst = shown.current === null;
    shown.current = list.pageOf;
    scroller.current?.scrollTo({ top: isFirst ? topAtFirst : 0 });
  }, [list.pageOf, scroller, topAtFirst]);
}

/** The columns as they stand now, while one is being moved too, and what the head needs to change them. */
function useColumns<Row>({ definition, list, layout, changeLayout, selection }: GridTableProps<Row>) {
  const [preview, setPreview] = useState<string[] | null>(null);
  const all = useMemo(() => inOrder(definition.columns, preview ?? layout.order), [definition, preview, layout.order]);
  const columns = useMemo(() => all.filter((column) => isShown(column, layout.shown)), [all, layout.shown]);
  const ids = (of: GridColumn<Row>[]) => of.map((column) => column.id);
  const { view, change } = list;
  const header = {
    sort: view.sort,
    sortBy: (column: string, isAdded: boolean) => {
      const sort = sortedBy(view.sort, column, isAdded);
      change({ sort, place: { at: 'first' } });
      changeLayout({ sort: sortToText(sort) });
    },
    /** `null` puts everything back. */
    preview: (id: string, place: number | null) =>
      setPreview(place === null ? null : moved(ids(all), ids(columns), id, place)),
    drop: () => {
      if (preview) changeLayout({ order: preview });
      setPreview(null);
    },
    setWidth: (id: string, width: number) => changeLayout({ widths: { [id]: width } }),
    pageSelection: selection.ofPage(list.page?.items ?? noRows, definition),
  };
  return { columns, header };
}

export type HeaderControl = ReturnType<typeof useColumns>['header'];

/** The page of the row, or what opens beside the list. */
export function useOpenRow<Row>(definition: ListDefinition<Row>, { change }: List<Row>): (row: Row) => void {
  const { history } = useRouter();
  // The same function while the view changes: rows that stay as they are are not drawn again.
  const latest = useRef(change);
  useLayoutEffect(() => {
    latest.current = change;
  }, [change]);
  return useCallback(
    (row: Row) => {
      // Its way back leads to the list as it stands.
      if (definition.rowHref) history.push(definition.rowHref(row), { from: history.location.href });
      else latest.current({ openId: definition.rowId(row) });
    },
    [definition, history],
  );
}

/** The longest fraction of each amount column on this page, to align all of them on their separator. */
function useFractions<Row>(columns: GridColumn<Row>[], rows: readonly Row[]): Record<string, number> {
  return useMemo(() => {
    const longest: Record<string, number> = {};
    for (const column of columns) {
      if (column.kind !== 'amount') continue;
      const digits = rows.filter((row) => column.amount(row) !== null).map((row) => column.digits(row));
      longest[column.id] = Math.max(0, ...digits);
    }
    return longest;
  }, [columns, rows]);
}
