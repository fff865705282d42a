// Owns choosing the values of a filter, and the chips that show which are on and take them off one by one.
// Does not own which filters a list has (definition.ts).
import { Popover, TextInput } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import choices from '../preferences/preferences.module.css';
import type { ChoiceFilter, FilterOption, GridFilter, ListDefinition } from './definition';
import { useLabels } from '../form/lookup_source';
import { chipsOf } from './filter_text';
import { isShown, type Layout } from './layout';
import type { List } from './use_list';
import { oneSort } from './view_state';
import shared from './grid.module.css';
import styles from './tools.module.css';

/** Beyond this many one finds an option faster by typing than by reading. */
const OPTIONS_READ_MAX = 12;

export function isQuick(filter: GridFilter): filter is ChoiceFilter {
  return filter.isQuick === true && (filter.takes === 'one' || filter.takes === 'several');
}

export function FilterMenu<Row>({ filter, list }: { filter: ChoiceFilter; list: List<Row> }) {
  const [isOpen, setOpen] = useState(false);
  const chosen = list.view.filters[filter.name] ?? [];
  const choose = (value: string | null) => {
    setFilter(list, filter.name, value === null ? [] : [value]);
    setOpen(false);
  };
  const toggle = (value: string, isOn: boolean) => {
    const others = chosen.filter((one) => one !== value);
    setFilter(list, filter.name, isOn ? [...others, value] : others);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.tool} data-on={chosen.length > 0 || undefined} onClick={() => setOpen(!isOpen)}>
          <span>{filter.label}</span>
          <Icon name="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel}>
        {filter.takes === 'one' ? (
          <OneOf filter={filter} chosen={chosen[0] ?? null} choose={choose} />
        ) : (
          <SeveralOf filter={filter} chosen={chosen} toggle={toggle} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface SeveralOfProps {
  filter: ChoiceFilter;
  chosen: string[];
  toggle: (value: string, isOn: boolean) => void;
}

export function SeveralOf({ filter, chosen, toggle }: SeveralOfProps) {
  return (
    <fieldset className={choices.group}>
      <legend className={choices.legend}>{filter.label}</legend>
      {filter.options.map((option) => (
        <label key={option.value} className={choices.choice}>
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={(event) => toggle(option.value, event.currentTarget.checked)}
          />
          <span className={styles.optionIcon}>{option.icon}</span>
          <bdi>{option.label}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

interface OneOfProps {
  filter: ChoiceFilter;
  chosen: string | null;
  choose: (value: string | null) => void;
}

/** Buttons, not radios: arrows walk over them without asking the server for each on the way. */
function OneOf({ filter, chosen, choose }: OneOfProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const isLong = filter.options.length > OPTIONS_READ_MAX;
  const found = filter.options.filter((option) => isFound(option, text));
  const [firstFound] = found;
  return (
    <div onKeyDown={moveByArrows}>
      {isLong && (
        <TextInput
          type="search"
          size="xs"
          className={styles.find}
          aria-label={t('grid.findIn', { filter: filter.label })}
          placeholder={t('grid.findIn', { filter: filter.label })}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && text.trim() !== '' && firstFound) choose(firstFound.value);
          }}
        />
      )}
      <div role="group" aria-label={filter.label} className={styles.options}>
        {text === '' && <Option label={t('grid.anyValue')} isChosen={chosen === null} choose={() => choose(null)} />}
        {found.map((option) => (
          <Option
            key={option.value}
            label={option.label}
            detail={option.detail}
            isChosen={option.value === chosen}
            choose={() => choose(option.value)}
          />
        ))}
      </div>
      <p role="status" className={styles.noOption}>
        {found.length === 0 && t('grid.noOption')}
      </p>
    </div>
  );
}

interface OptionProps {
  label: string;
  detail?: string;
  isChosen: boolean;
  choose: () => void;
}

function Option({ label, detail, isChosen, choose }: OptionProps) {
  return (
    <button type="button" className={styles.option} aria-pressed={isChosen} onClick={choose}>
      <bdi>{label}</bdi>
      {detail !== undefined && <span className={styles.optionDetail}>{detail}</span>}
    </button>
  );
}

function isFound({ label, detail = '' }: FilterOption, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase();
  return label.toLocaleLowerCase().includes(wanted) || detail.toLocaleLowerCase().includes(wanted);
}

function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('input, button'));
  const at = stops.findIndex((stop) => stop === document.activeElement);
  stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  event.preventDefault();
}

/** What the rows are sorted by and no header shows. */
export function SortChips<Row>({ definition, list, layout }: { definition: ListDefinition<Row>; list: List<Row>; layout: Layout }) {
  const { t } = useTranslation();
  const { sort } = list.view;
  return sort.map(({ column: id, descending }) => {
    const column = definition.columns.find((one) => one.id === id);
    if (!column || isShown(column, layout.shown)) return null;
    const rest = sort.filter((one) => one.column !== id);
    const order = t(descending ? 'grid.descending' : 'grid.ascending', { column: column.header });
    return (
      <Chip
        key={id}
        text={t('grid.sortedBy', { order })}
        removal={t('grid.removeSort', { column: column.header })}
        remove={() => list.change({ sort: rest.length > 0 ? rest : [oneSort(definition.defaultSort)], place: { at: 'first' } })}
      />
    );
  });
}

function Chip({ text, removal, remove }: { text: string; removal: string; remove: () => void }) {
  return (
    <span className={styles.chip}>
      {text}
      <button type="button" aria-label={removal} onClick={remove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

export function FilterChips<Row>({ filters, list }: { filters: GridFilter[]; list: List<Row> }) {
  const { t } = useTranslation();
  const looked = filters.flatMap((filter) => {
    const value = list.view.filters[filter.name]?.[0];
    return filter.takes === 'lookup' && value !== undefined ? [{ name: filter.name, source: filter.source, value }] : [];
  });
  const labels = useLabels(looked);
  const chips = chipsOf(filters, list.view.filters, Object.fromEntries(looked.map(({ name }, at) => [name, labels[at] ?? ''])), t);
  if (chips.length === 0) return null;
  return (
    <div className={styles.chips}>
      {chips.map(({ key, filter, value, without }) => (
        <Chip
          key={key}
          text={t('grid.filterOn', { filter, value })}
          removal={t('grid.removeFilter', { filter, value })}
          remove={() => list.change({ filters: without, place: { at: 'first' } })}
        />
      ))}
      {chips.length > 1 && (
        <button
          type="button"
          className={shared.linkButton}
          onClick={() => list.change({ filters: {}, place: { at: 'first' } })}
        >
          {t('grid.clearFilters')}
        </button>
      )}
    </div>
  );
}

export function setFilter<Row>(list: List<Row>, name: string, values: string[]): void {
  const { [name]: _, ...others } = list.view.filters;
  const filters = values.length === 0 ? others : { ...others, [name]: values };
  list.change({ filters, place: { at: 'first' } });
}
