// Owns the title bar of a list: title, count, number of results. Does not own the preferences it changes,
// nor the settings (list_settings.tsx).
import { NativeSelect } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page, RowsPerPage } from '../api/types';
import { formatCount } from '../language/locale';
import { rowsPerPageChoices, useChangePreferences, usePreferences } from '../preferences/preferences';
import { ListSettings, type ListSettingsProps } from './list_settings';
import { totalText } from './paging_text';
import shared from './grid.module.css';
import styles from './tools.module.css';

interface ListTitleProps<Row> {
  title: string;
  total: Page<unknown>['total'];
  settings: ListSettingsProps<Row>;
  tool: ReactNode;
  /** Takes the room that is left. */
  notice: ReactNode;
}

export function ListTitle<Row>({ title, total, settings, tool, notice }: ListTitleProps<Row>) {
  const { t } = useTranslation();
  const count = totalText(total, t, formatCount);
  return (
    <div className={styles.titleBar}>
      <div className={styles.heading}>
        <h1 className={styles.title}>{title}</h1>
        {count !== null && <span className={styles.count}>{count}</span>}
      </div>
      {notice}
      <div className={styles.titleTools}>
        {tool}
        <NumberOfResults />
        <ListSettings {...settings} />
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
