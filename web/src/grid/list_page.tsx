// Owns a list page as a whole: title, tools, table, pages, and the keys that work on it. Every list of the product is this
// component with another `ListDefinition`. Does not own the parts, nor what is in the rows.
import { useMediaQuery } from '@mantine/hooks';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../app/page_title';
import { useShortcuts } from '../app/shortcuts';
import { formatCount } from '../language/locale';
import { LiveNotice } from '../live/live_notice';
import { useLiveRows } from '../live/use_live_rows';
import type { ListDefinition } from './definition';
import { GridTable, useOpenRow } from './grid_table';
import { inOrder, isShown } from './layout';
import { ListActions } from './list_actions';
import { ListBanner, ListMessage } from './list_message';
import { ListTitle } from './list_title';
import { ListTools } from './list_tools';
import { Pager } from './pager';
import { pagingText } from './paging_text';
import { useSelection, type Selection } from './selection';
import { useLayout } from './use_layout';
import { useList, type List } from './use_list';
import { useRowFocus } from './use_row_focus';
import { useListMemory } from './use_list_memory';
import { Totals } from './totals';
import { ValueCounts } from './value_counts';
import { filterOfView, isNarrowed } from './view_state';
import styles from './grid.module.css';

const NARROW = '(max-width: 44em)';

export function ListPage<Row>({ definition }: { definition: ListDefinition<Row> }) {
  const { t } = useTranslation();
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;
  const { layout, changeLayout } = useLayout(definition.name);
  const list = useList(definition, layout);
  const live = useLiveRows(definition, list);
  const { recalled, remember } = useListMemory(definition.name, list.hrefOf({ openId: null }));
  const selection = useSelection(recalled.picked, JSON.stringify(filterOfView(list.view)));
  const columns = useMemo(
    () => inOrder(definition.columns, layout.order).filter((column) => isShown(column, layout.shown)),
    [definition, layout],
  );
  const searchField = useRef<HTMLInputElement>(null);
  const filterButton = useRef<HTMLButtonElement>(null);
  const rows = list.page?.items ?? [];
  const rowFocus = useRowFocus(rows.length, list.pageOf, recalled.current);
  useRemember(remember, selection, rowFocus.current);
  usePageTitle(definition.title);
  const open = useOpenRow(definition, list);
  useListShortcuts(definition, list, rowFocus, { searchField, selection, open });

  const wantSingle = useSingleResult(list, layout.open_single ?? false, open);
  const { change } = list;
  const closeDetails = useCallback(() => change({ openId: null }), [change]);
  const openFilters = () => filterButton.current?.click();
  const hasRows = rows.length > 0;
  return (
    <div className={styles.page}>
      <ListTitle
        tool={definition.titleTool}
        notice={<LiveNotice live={live} reload={list.retry} />}
        title={definition.title}
        total={list.page?.total ?? null}
        settings={{ columns: definition.columns, layout, changeLayout }}
      />
      <ListTools
        definition={definition}
        list={list}
        searchField={searchField}
        filterButton={filterButton}
        wantSingle={wantSingle}
        isNarrow={isNarrow}
        layout={layout}
        changeLayout={changeLayout}
      />
      <ListActions definition={definition} list={list} columns={columns} selection={selection} />
      {definition.summary && <ValueCounts definition={definition} list={list} />}
      <ListBanner definition={definition} list={list} openFilters={openFilters} />
      {hasRows || list.phase === 'loading' ? (
        <GridTable
          definition={definition}
          list={list}
          live={live.rows}
          isNarrow={isNarrow}
          rowFocus={rowFocus}
          selection={selection}
          layout={layout}
          changeLayout={changeLayout}
          topAtFirst={recalled.top}
          onScroll={(top) => remember({ top })}
        />
      ) : (
        <ListMessage definition={definition} list={list} openFilters={openFilters} />
      )}
      {definition.summary && <Totals definition={definition} list={list} layout={layout} changeLayout={changeLayout} />}
      <Pager list={list} />
      <p role="status" className="for-screen-readers">
        {list.phase === 'shown' && list.page && pagingText(list.page, t, formatCount)}
      </p>
      {list.view.openId !== null && (
        <Suspense>{definition.details?.({ id: list.view.openId, close: closeDetails })}</Suspense>
      )}
    </div>
  );
}

function useRemember(remember: ReturnType<typeof useListMemory>['remember'], { names, isAllMatching }: Selection, current: number): void {
  useEffect(() => {
    remember({ picked: { names, isAllMatching }, current });
  }, [remember, names, isAllMatching, current]);
}

/** Opens the one row that a search has found, where the person wants that. Told the address of a search that is meant as one. */
function useSingleResult<Row>(list: List<Row>, isWanted: boolean, open: (row: Row) => void): (address: string) => void {
  const [searched, setSearched] = useState({ address: '' });
  const done = useRef(searched);
  const { phase, page, view } = list;
  const isThere = phase === 'shown' && list.hrefOf({}) === searched.address;
  useEffect(() => {
    if (!isThere || done.current === searched) return;
    done.current = searched;
    const [only, second] = page?.items ?? [];
    if (only !== undefined && second === undefined && isNarrowed(view)) open(only);
  }, [isThere, searched, page, view, open]);
  return useCallback((address: string) => isWanted && setSearched({ address }), [isWanted]);
}

interface Reach<Row> {
  searchField: React.RefObject<HTMLInputElement | null>;
  selection: Selection;
  open: (row: Row) => void;
}

function useListShortcuts<Row>(
  definition: ListDefinition<Row>,
  list: List<Row>,
  rowFocus: ReturnType<typeof useRowFocus>,
  { searchField, selection, open }: Reach<Row>,
): void {
  const { t } = useTranslation();
  const currentRow = () => (rowFocus.isInTable() ? list.page?.items[rowFocus.current] : undefined);
  useShortcuts([
    {
      keys: ['/'],
      description: t('keyboard.search'),
      run: () => {
        searchField.current?.focus();
        searchField.current?.select();
      },
    },
    { keys: ['j', 'ArrowDown'], description: t('keyboard.down'), run: () => rowFocus.move(1) },
    { keys: ['k', 'ArrowUp'], description: t('keyboard.up'), run: () => rowFocus.move(-1) },
    {
      keys: ['Enter'],
      description: t('keyboard.open'),
      // The focus is on the row's own link, which opens by itself.
      run: () => false,
    },
    {
      keys: ['o'],
      description: t('keyboard.openTab'),
      run: () => {
        const row = currentRow();
        if (row === undefined) return false;
        const href = definition.rowHref?.(row) ?? list.hrefOf({ openId: definition.rowId(row) });
        window.open(href, '_blank', 'noopener');
      },
    },
    {
      keys: ['x', ' '],
      description: t('keyboard.select'),
      run: ({ key }) => {
        const row = currentRow();
        // On a box or a button Space is theirs already.
        if (row === undefined || !definition.bulk || (key === ' ' && document.activeElement?.tagName !== 'A')) return false;
        selection.toggle(definition.rowId(row), definition.rowName(row));
      },
    },
    {
      keys: ['e'],
      description: t('keyboard.edit'),
      run: () => {
        const row = currentRow();
        if (row === undefined || !definition.rowHref) return false;
        open(row);
      },
    },
    {
      keys: ['m'],
      description: t('keyboard.more'),
      run: () => rowFocus.press('[aria-haspopup="menu"]'),
    },
    {
      keys: ['Escape'],
      description: t('keyboard.stop'),
      run: () => (list.isFetching ? list.stop() : false),
    },
  ]);
}
