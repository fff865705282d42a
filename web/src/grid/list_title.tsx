// Owns the title bar of a list: title, count, number of results, settings. Does not own the preferences it changes.
import { NativeSelect, Popover } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import type { Page, RowsPerPage } from '../api/types';
import { formatCount } from '../language/locale';
import { ChoiceGroup } from '../preferences/choice_group';
import {
  densities,
  rowsPerPageChoices,
  useChangePreferences,
  usePreferences,
} from '../preferences/preferences';
import choices from '../preferences/preferences.module.css';
import { totalText } from './paging_text';
import shared from './grid.module.css';
import styles from './tools.module.css';

interface ListTitleProps {
  title: string;
  total: Page<unknown>['total'];
}

export function ListTitle({ title, total }: ListTitleProps) {
  const { t } = useTranslation();
  const count = totalText(total, t, formatCount);
  return (
    <div className={styles.titleBar}>
      <div className={styles.heading}>
        <h1 className={styles.title}>{title}</h1>
        {count !== null && <span className={styles.count}>{count}</span>}
      </div>
      <div className={styles.titleTools}>
        <NumberOfResults />
        <RowStyle />
      </div>
    </div>
  );
}

function NumberOfResults() {
  const { t } = useTranslation();
  const id = useId();
  const preferences = usePreferences();
  const change = useChangePreferences();
  return (
    <>
      <label htmlFor={id} className={`${shared.quiet} ${styles.resultsLabel}`}>
        {t('grid.resultsPerPage')}
      </label>
      <NativeSelect
        id={id}
        size="xs"
        value={String(preferences.rows_per_page)}
        data={rowsPerPageChoices.map(String)}
        onChange={(event) => change({ rows_per_page: Number(event.currentTarget.value) as RowsPerPage })}
      />
    </>
  );
}

function RowStyle() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const preferences = usePreferences();
  const change = useChangePreferences();
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.tool} onClick={() => setOpen(!isOpen)}>
          <Icon name="settings" />
          <span className={styles.toolText}>{t('rowStyle.button')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel}>
        <ChoiceGroup
          label={t('rowStyle.label')}
          choices={densities.map((value) => ({ value, label: t(`rowStyle.${value}`) }))}
          value={preferences.density}
          onChange={(density) => change({ density })}
        />
        <label className={choices.choice}>
          <input
            type="checkbox"
            checked={preferences.striped}
            onChange={(event) => change({ striped: event.currentTarget.checked })}
          />
          {t('rowStyle.striped')}
        </label>
      </Popover.Dropdown>
    </Popover>
  );
}
