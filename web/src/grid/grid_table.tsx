// Owns the table: columns with their widths, head, body, skeleton. The table library keeps columns, sorting and selection;
// the server sorts. Does not own the cells of a row (grid_row.tsx) nor the head's cells (grid_header.tsx).
import {
  columnSizingFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type OnChangeFn,
  type RowSelectionState,
  type SortingState,
} from '@tanstack/react-table';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../preferences/preferences';
import { shownAtFirst, type GridColumn, type ListDefinition } from './definition';
import { GridHeader } from './grid_header';
import { GridRow, NarrowRow } from './grid_row';
import { GridSkeleton } from './grid_skeleton';
import type { List } from './use_list';
import type { RowFocus } from './use_row_focus';
import styles from './table.module.css';

const features = tableFeatures({ rowSortingFeature, rowSelectionFeature, columnSizingFeature });
const noRows: never[] = [];

interface GridTableProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  isNarrow: boolean;
  rowFocus: RowFocus;
  selection: RowSelectionState;
  setSelection: OnChangeFn<RowSelectionState>;
}

export function GridTable<Row>(props: GridTableProps<Row>) {
  const { definition, list, isNarrow, rowFocus } = props;
  const { t } = useTranslation();
  const preferences = usePreferences();
  const table = useGridTable(props);
  const rows = table.getRowModel().rows;
  const fractions = useFractions(definition.columns, list.page?.items ?? noRows);
  const isSkeleton = list.phase === 'loading';
  const { scroller, body, setCurrent } = rowFocus;

  // Other rows are read from their top.
  useEffect(() => {
    // Braces, because browsers differ in what `scrollTo` returns, and React would call it.
    scroller.current?.scrollTo({ top: 0 });
  }, [list.page, scroller]);

  const open = useOpenRow(definition, list);
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      aria-label={definition.title}
      // A region that scrolls must be reachable by those who scroll with keys.
      tabIndex={0}
      aria-busy={list.isFetching}
    >
      <div className={styles.progress} data-active={list.isFetching || undefined} />
      <table
        className={styles.table}
        aria-label={definition.title}
        data-density={preferences.density}
        data-striped={preferences.striped || undefined}
        data-narrow={isNarrow || undefined}
        data-changing={list.phase === 'changing' || undefined}
      >
        <colgroup>
          <col className={styles.selectColumn} />
          {!isNarrow &&
            table.getAllLeafColumns().map((column) => (
              <col key={column.id} style={growsIn(definition, column.id) ? undefined : { width: column.getSize() }} />
            ))}
        </colgroup>
        <GridHeader definition={definition} table={table} isNarrow={isNarrow} />
        {isSkeleton ? (
          <GridSkeleton rows={preferences.rows_per_page} columns={shownAtFirst(definition.columns)} isNarrow={isNarrow} />
        ) : (
          <tbody ref={body}>
            {rows.map((row, index) => {
              const RowComponent = isNarrow ? NarrowRow : GridRow;
              const id = definition.rowId(row.original);
              return (
                <RowComponent
                  key={row.id}
                  row={row.original}
                  index={index}
                  href={definition.rowHref?.(row.original) ?? list.hrefOf({ openId: id })}
                  definition={definition}
                  fractions={fractions}
                  isCurrent={index === rowFocus.current}
                  isSelected={row.getIsSelected()}
                  toggle={row.getToggleSelectedHandler()}
                  setCurrent={setCurrent}
                  open={open}
                />
              );
            })}
          </tbody>
        )}
      </table>
      {isSkeleton && (
        <p role="status" className="for-screen-readers">
          {t('grid.loading')}
        </p>
      )}
    </section>
  );
}

/** The page of the row, or what opens beside the list. */
function useOpenRow<Row>(definition: ListDefinition<Row>, { change }: List<Row>): (row: Row) => void {
  const { history } = useRouter();
  return useCallback(
    (row: Row) => {
      // Its way back leads to the list as it stands.
      if (definition.rowHref) history.push(definition.rowHref(row), { from: history.location.href });
      else change({ openId: definition.rowId(row) });
    },
    [definition, history, change],
  );
}

/** The one place where the library's types meet ours. */
function useGridTable<Row>({ definition, list, selection, setSelection }: GridTableProps<Row>) {
  const { change } = list;
  const { sort } = list.view;
  const columns = useMemo(() => {
    return shownAtFirst(definition.columns).map(
      (one): ColumnDef<typeof features, Row & object> => ({
        id: one.id,
        size: one.width,
        enableSorting: one.sortable,
        // The value is never read, as the server sorts; but only a column that has one may be sorted.
        accessorFn: definition.rowId,
      }),
    );
  }, [definition]);
  const sorting = useMemo<SortingState>(() => sort.map(({ column, descending }) => ({ id: column, desc: descending })), [sort]);
  return useTable({
    features,
    columns,
    data: (list.page?.items ?? noRows) as (Row & object)[],
    getRowId: (row) => String(definition.rowId(row)),
    manualSorting: true,
    enableSortingRemoval: false,
    sortDescFirst: false,
    state: { sorting, rowSelection: selection },
    onRowSelectionChange: setSelection,
    onSortingChange: (updater) => {
      const [first] = typeof updater === 'function' ? updater(sorting) : updater;
      if (first) change({ sort: [{ column: first.id, descending: first.desc }], place: { at: 'first' } });
    },
  });
}

export type ReactGridTable<Row> = ReturnType<typeof useGridTable<Row>>;

function growsIn<Row>(definition: ListDefinition<Row>, columnId: string): boolean {
  return definition.columns.find((column) => column.id === columnId)?.grows ?? false;
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
