// Owns the settings of a list: which columns, the style of its rows, what happens at opening. Does not own where they are kept
// (use_layout.ts, preferences.ts), nor order and widths, which are changed at the headers.
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../app/commands';
import { Icon } from '../app/icon';
import { ChoiceGroup } from '../preferences/choice_group';
import { densities, useChangePreferences, usePreferences } from '../preferences/preferences';
import choices from '../preferences/preferences.module.css';
import type { GridColumn } from './definition';
import { inOrder, isShown, type Layout, type LayoutChange } from './layout';
import shared from './grid.module.css';
import styles from './tools.module.css';

export interface ListSettingsProps<Row> {
  columns: GridColumn<Row>[];
  layout: Layout;
  changeLayout: (change: LayoutChange) => void;
}

export function ListSettings<Row>(props: ListSettingsProps<Row>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useCommands([{ label: t('settings.command'), run: () => setOpen(true) }]);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.tool} onClick={() => setOpen(!isOpen)}>
          <Icon name="settings" />
          <span className={styles.toolText}>{t('settings.button')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label={t('settings.button')}>
        <Columns {...props} />
        <RowStyle />
        <AtOpening {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Columns<Row>({ columns, layout, changeLayout }: ListSettingsProps<Row>) {
  const { t } = useTranslation();
  const isArranged = layout.order !== undefined || layout.shown !== undefined || layout.widths !== undefined;
  return (
    <fieldset className={choices.group}>
      <legend className={choices.legend}>{t('settings.columns')}</legend>
      <div className={styles.columnChoices}>
        {inOrder(columns, layout.order).map((column) => (
          <Choice
            key={column.id}
            label={column.header}
            isOn={isShown(column, layout.shown)}
            isFixed={column.kind === 'name'}
            change={(isOn) => changeLayout({ shown: { [column.id]: isOn } })}
          />
        ))}
      </div>
      <p className={styles.settingsHint}>{t('settings.columnsHint')}</p>
      {isArranged && (
        <button
          type="button"
          className={`${shared.linkButton} ${styles.usual}`}
          onClick={() => changeLayout({ order: null, shown: null, widths: null })}
        >
          {t('settings.usualColumns')}
        </button>
      )}
    </fieldset>
  );
}

function RowStyle() {
  const { t } = useTranslation();
  const preferences = usePreferences();
  const change = useChangePreferences();
  return (
    <>
      <ChoiceGroup
        label={t('settings.rowStyle')}
        choices={densities.map((value) => ({ value, label: t(`settings.${value}`) }))}
        value={preferences.density}
        onChange={(density) => change({ density })}
      />
      <Choice label={t('settings.striped')} isOn={preferences.striped} change={(striped) => change({ striped })} />
    </>
  );
}

function AtOpening<Row>({ layout, changeLayout }: ListSettingsProps<Row>) {
  const { t } = useTranslation();
  return (
    <fieldset className={choices.group}>
      <legend className={choices.legend}>{t('settings.search')}</legend>
      <Choice
        label={t('settings.searchAtOpening')}
        isOn={layout.search_at_opening ?? true}
        change={(isOn) => changeLayout({ search_at_opening: isOn })}
      />
      <Choice
        label={t('settings.openSingle')}
        isOn={layout.open_single ?? false}
        change={(isOn) => changeLayout({ open_single: isOn })}
      />
    </fieldset>
  );
}

interface ChoiceProps {
  label: string;
  isOn: boolean;
  isFixed?: boolean;
  change: (isOn: boolean) => void;
}

function Choice({ label, isOn, isFixed = false, change }: ChoiceProps) {
  return (
    <label className={choices.choice}>
      <input
        type="checkbox"
        checked={isOn}
        disabled={isFixed}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
