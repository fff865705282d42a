// Owns the tools above a list: search with its matching mode, filters with their chips. Does not own what a
// search finds, nor the actions below (list_actions.tsx).
import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import { Icon } from '../app/icon';
import type { Match } from '../api/types';
import type { ListDefinition } from './definition';
import type { Layout, LayoutChange } from './layout';
import { SavedViews } from './saved_views';
import { SearchFields } from './search_fields';
import { FilterPanel } from './filter_panel';
import { FilterChips, FilterMenu, isQuick, SortChips } from './filters';
import { matches, oneSort, SEARCH_FIELD, sortToText, type ViewState } from './view_state';
import type { List } from './use_list';
import styles from './tools.module.css';

/** Long enough not to ask for every letter, short enough to feel like one's own typing. */
const TYPING_PAUSE_MILLISECONDS = 250;
/** The server's limit: a longer search is refused. */
const SEARCH_CHARACTERS_MAX = 100;

interface ListToolsProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  searchField: RefObject<HTMLInputElement | null>;
  filterButton: RefObject<HTMLButtonElement | null>;
  wantSingle: (address: string) => void;
  isNarrow: boolean;
  layout: Layout;
  changeLayout: (change: LayoutChange) => void;
}

export function ListTools<Row>(props: ListToolsProps<Row>) {
  const { definition, list, searchField, isNarrow } = props;
  const { t } = useTranslation();
  const { view, change } = list;
  return (
    <search className={styles.tools} aria-label={definition.title}>
      {definition.searchLabel !== undefined && (
        <SearchField label={searchLabel(definition, view, t)} list={list} field={searchField} wantSingle={props.wantSingle} />
      )}
      <div className={styles.strip}>
        {definition.searchFields && <SearchFields definition={definition} list={list} changeLayout={props.changeLayout} />}
        {definition.searchLabel !== undefined && (
          <NativeSelect
            size="xs"
            aria-label={t('grid.match.label')}
            value={view.match}
            data={matches.map((match) => ({ value: match, label: t(`grid.match.${match}`) }))}
            onChange={(event) => {
              const match = event.currentTarget.value as Match;
              props.changeLayout({ match });
              if (view.search !== '') change({ match, place: { at: 'first' } });
            }}
          />
        )}
        {definition.filters.filter(isQuick).map((filter) => (
          <FilterMenu key={filter.name} filter={filter} list={list} />
        ))}
        {definition.filters.some((filter) => !('options' in filter) || filter.options.length > 0) && (
          <FilterPanel button={props.filterButton} filters={definition.filters} list={list} wantSingle={props.wantSingle} />
        )}
        <SavedViews listName={definition.name} list={list} layout={props.layout} />
        {isNarrow && definition.columns.some((column) => column.sortable) && <SortSelect definition={definition} list={list} />}
      </div>
      {!isNarrow && <SortChips definition={definition} list={list} layout={props.layout} />}
      <FilterChips filters={definition.filters} list={list} />
    </search>
  );
}

function searchLabel<Row>(definition: ListDefinition<Row>, { searchIn }: ViewState, t: TFunction): string {
  const fields = definition.searchFields?.filter((field) => searchIn.includes(field.value)) ?? [];
  return fields.length === 0 ? (definition.searchLabel ?? '') : t('grid.searchIn', { fields: fields.map(({ label }) => label).join(', ') });
}

interface SearchFieldProps<Row> {
  label: string;
  list: List<Row>;
  field: RefObject<HTMLInputElement | null>;
  /** Enter means: this is what I look for. */
  wantSingle: (address: string) => void;
}

function SearchField<Row>({ label, list, field, wantSingle }: SearchFieldProps<Row>) {
  const { view, change, stop, isFetching } = list;
  const advice = useAdvice(list);
  const adviceId = useId();
  const [text, setText] = useState(view.search);
  const [lastSearch, setLastSearch] = useState(view.search);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  // "Back", a cleared filter, a link: the address has another search than the one typed here.
  if (view.search !== lastSearch) {
    setLastSearch(view.search);
    setText(view.search);
  }
  const search = (wanted: string) => {
    clearTimeout(timer.current);
    setLastSearch(wanted);
    if (wanted !== view.search) change({ search: wanted, place: { at: 'first' }, openId: null }, 'replace');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      search(text);
      wantSingle(list.hrefOf({ search: text, place: { at: 'first' }, openId: null }));
    }
    if (event.key === 'Escape' && isFetching) {
      // What was typed stays; the browser would empty the field.
      event.preventDefault();
      stop();
    }
  };
  return (
    <div className={styles.search}>
      <TextInput
        ref={field}
        type="search"
        size="xs"
        error={advice !== null}
        aria-describedby={advice === null ? undefined : adviceId}
        aria-label={label}
        placeholder={label}
        leftSection={<Icon name="search" />}
        value={text}
        maxLength={SEARCH_CHARACTERS_MAX}
        autoComplete="off"
        spellCheck={false}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(typed), TYPING_PAUSE_MILLISECONDS);
        }}
      />
      <p role="status" id={adviceId} className={styles.advice}>
        {advice}
      </p>
    </div>
  );
}

/** What the server says of the text in the search field. Without rows, the place of the rows says it (list_message.tsx). */
function useAdvice<Row>(list: List<Row>): string | null {
  const { t } = useTranslation();
  if (list.phase !== 'failed' || !list.error || !list.page?.items.length) return null;
  const { field, detail } = failureOf(list.error, t);
  return field === SEARCH_FIELD ? t('grid.refused', { detail }) : null;
}

/** Where there is no room for headers, sorting is a choice. */
function SortSelect<Row>({ definition, list }: Pick<ListToolsProps<Row>, 'definition' | 'list'>) {
  const { t } = useTranslation();
  const [sort] = list.view.sort;
  const data = definition.columns
    .filter((column) => column.sortable)
    .flatMap((column) => [
      { value: column.id, label: t('grid.ascending', { column: column.header }) },
      { value: `-${column.id}`, label: t('grid.descending', { column: column.header }) },
    ]);
  return (
    <NativeSelect
      size="xs"
      aria-label={t('grid.sortBy')}
      value={sort === undefined ? undefined : sortToText([sort])}
      data={data}
      onChange={(event) => {
        list.change({ sort: [oneSort(event.currentTarget.value)], place: { at: 'first' } });
      }}
    />
  );
}
