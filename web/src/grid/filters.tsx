// Owns choosing the values of a filter, and the chips that show which are on and take them off one by one.
// Does not own which filters a list has (definition.ts).
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import choices from '../preferences/preferences.module.css';
import type { GridFilter } from './definition';
import type { List } from './use_list';
import shared from './grid.module.css';
import styles from './tools.module.css';

export function FilterMenu<Row>({ filter, list }: { filter: GridFilter; list: List<Row> }) {
  const [isOpen, setOpen] = useState(false);
  const chosen = list.view.filters[filter.name] ?? [];
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
              {option.label}
            </label>
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}

export function FilterChips<Row>({ filters, list }: { filters: GridFilter[]; list: List<Row> }) {
  const { t } = useTranslation();
  const chips = filters.flatMap((filter) => (list.view.filters[filter.name] ?? []).map((value) => ({ filter, value })));
  if (chips.length === 0) return null;
  return (
    <>
      {chips.map(({ filter, value }) => {
        const words = {
          filter: filter.label,
          value: filter.options.find((option) => option.value === value)?.label ?? value,
        };
        return (
          <span key={`${filter.name} ${value}`} className={styles.chip}>
            {t('grid.filterOn', words)}
            <button
              type="button"
              aria-label={t('grid.removeFilter', words)}
              onClick={() => {
                const left = list.view.filters[filter.name]?.filter((one) => one !== value) ?? [];
                setFilter(list, filter.name, left);
              }}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      {chips.length > 1 && (
        <button
          type="button"
          className={shared.linkButton}
          onClick={() => list.change({ filters: {}, place: { at: 'first' } })}
        >
          {t('grid.clearFilters')}
        </button>
      )}
    </>
  );
}

function setFilter<Row>(list: List<Row>, name: string, values: string[]): void {
  const { [name]: _, ...others } = list.view.filters;
  const filters = values.length === 0 ? others : { ...others, [name]: values };
  list.change({ filters, place: { at: 'first' } });
}
