// Owns choosing which fields a search looks into; remembered for the next time. Does not own the search (list_tools.tsx).
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import choices from '../preferences/preferences.module.css';
import type { ListDefinition } from './definition';
import type { LayoutChange } from './layout';
import type { List } from './use_list';
import styles from './tools.module.css';

interface SearchFieldsProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  changeLayout: (change: LayoutChange) => void;
}

export function SearchFields<Row>({ definition, list, changeLayout }: SearchFieldsProps<Row>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const fields = definition.searchFields ?? [];
  const [first] = fields;
  const { searchIn, search } = list.view;
  const chosen = fields.filter(({ value }) => (searchIn.length === 0 ? value === first?.value : searchIn.includes(value)));
  const toggle = (value: string, isOn: boolean) => {
    const wanted = fields.filter((field) => (field.value === value ? isOn : chosen.includes(field))).map((field) => field.value);
    // None is no choice: the last one stays.
    if (wanted.length === 0) return;
    changeLayout({ search_in: wanted });
    if (search !== '') list.change({ searchIn: wanted, place: { at: 'first' } });
  };
  const text = chosen.map(({ label }) => label).join(', ');
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-label={t('grid.searchFieldsChosen', { fields: text })}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles.fieldsText}>{text}</span>
          <Icon name="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel}>
        <fieldset className={choices.group}>
          <legend className={choices.legend}>{t('grid.searchFields')}</legend>
          {fields.map((field) => (
            <label key={field.value} className={choices.choice}>
              <input
                type="checkbox"
                checked={chosen.includes(field)}
                onChange={(event) => toggle(field.value, event.currentTarget.checked)}
              />
              {field.label}
            </label>
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}
