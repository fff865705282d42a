// Owns a list page as a whole: title, tools, table, pages, and the keys that work on it. Every list of the product is this
// component with another `ListDefinition`. Does not own the parts, nor what is in the rows.
import type { RowSelectionState } from '@tanstack/react-table';
import { useMediaQuery } from '@mantine/hooks';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '../app/shortcuts';
import { formatCount } from '../language/locale';
import type { ListDefinition } from './definition';
import { GridTable } from './grid_table';
import { ListBanner, ListMessage } from './list_message';
import { ListTitle } from './list_title';
import { ListTools } from './list_tools';
import { Pager } from './pager';
import { pagingText } from './paging_text';
import { useList, type List } from './use_list';
import { useRowFocus } from './use_row_focus';
import styles from './grid.module.css';

const NARROW = '(max-width: 44em)';

export function ListPage<Row>({ definition }: { definition: ListDefinition<Row> }) {
  const { t } = useTranslation();
  const list = useList(definition);
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;
  const [selection, setSelection] = useState<RowSelectionState>({});
  const searchField = useRef<HTMLInputElement>(null);
  const rows = list.page?.items ?? [];
  const rowFocus = useRowFocus(rows.length, list.page);

  useEffect(() => {
    document.title = `${definition.title} · ${t('product')}`;
  }, [definition.title, t]);
  useListShortcuts(definition, list, rowFocus, { searchField, setSelection });

  const { change } = list;
  const closeDetails = useCallback(() => change({ openId: null }), [change]);
  const hasRows = rows.length > 0;
  return (
    <div className={styles.page}>
      <ListTitle title={definition.title} total={list.page?.total ?? null} />
      <ListTools
        definition={definition}
        list={list}
        searchField={searchField}
        isNarrow={isNarrow}
        selectedCount={Object.keys(selection).length}
        clearSelection={() => setSelection({})}
      />
      <ListBanner list={list} />
      {hasRows || list.phase === 'loading' ? (
        <GridTable
          definition={definition}
          list={list}
          isNarrow={isNarrow}
          rowFocus={rowFocus}
          selection={selection}
          setSelection={setSelection}
        />
      ) : (
        <ListMessage definition={definition} list={list} />
      )}
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

interface Reach {
  searchField: React.RefObject<HTMLInputElement | null>;
  setSelection: (change: (selection: RowSelectionState) => RowSelectionState) => void;
}

function useListShortcuts<Row>(
  definition: ListDefinition<Row>,
  list: List<Row>,
  rowFocus: ReturnType<typeof useRowFocus>,
  { searchField, setSelection }: Reach,
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
        if (row === undefined || (key === ' ' && document.activeElement?.tagName !== 'A')) return false;
        const id = definition.rowId(row);
        setSelection(({ [String(id)]: isSelected, ...others }) => (isSelected ? others : { ...others, [id]: true }));
      },
    },
    {
      keys: ['Escape'],
      description: t('keyboard.stop'),
      run: () => (list.isFetching ? list.stop() : false),
    },
  ]);
}
