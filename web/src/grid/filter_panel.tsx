// Owns the panel of all filters: filled in together, applied together, each fault at its field. Does not own the quick ones beside
// the search (filters.tsx), nor what makes sense; the server says that.
import { Button, NativeSelect, Popover, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { asSentence } from '../api/failure';
import { ApiError } from '../api/client';
import { Icon } from '../app/icon';
import choices from '../preferences/preferences.module.css';
import { parametersOf, type ChoiceFilter, type GridFilter, type TypedFilter } from './definition';
import { dayOfEnd, dayOfStart, endOfDay, startOfDay, type FilterValues } from './filter_text';
import { SeveralOf } from './filters';
import type { List } from './use_list';
import styles from './tools.module.css';

const TEXT_CHARACTERS_MAX = 100;

interface FilterPanelProps<Row> {
  filters: GridFilter[];
  list: List<Row>;
  wantSingle: (address: string) => void;
}

export function FilterPanel<Row>({ filters, list, wantSingle }: FilterPanelProps<Row>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [draft, setDraft] = useState<FilterValues>({});
  const [applied, setApplied] = useState<string | null>(null);
  // Only rows close it: a fault is told here, where it can be mended.
  if (isOpen && applied !== null && list.phase === 'shown' && JSON.stringify(list.view.filters) === applied) {
    setOpen(false);
    setApplied(null);
  }
  const faults = applied === null ? {} : faultsOf(list.phase === 'failed' ? list.error : null);
  const toggle = (open: boolean) => {
    setOpen(open);
    setApplied(null);
    if (open) setDraft(list.view.filters);
  };
  const apply = (values: FilterValues) => {
    const given = Object.entries(values).filter(([, [first = '']]) => first.trim() !== '');
    const wanted = Object.fromEntries(given.map(([name, own]) => [name, own.map((one) => one.trim())]));
    const change = { filters: wanted, place: { at: 'first' }, openId: null } as const;
    setDraft(wanted);
    setApplied(JSON.stringify(wanted));
    list.change(change);
    wantSingle(list.hrefOf(change));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply(draft);
  };
  const set = (name: string, values: string[]) => setDraft({ ...draft, [name]: values });
  return (
    <Popover opened={isOpen} onChange={toggle} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.tool} onClick={() => toggle(!isOpen)}>
          <Icon name="filter" />
          <span>{t('filters.button')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label={t('filters.button')}>
        <form className={styles.filterForm} onSubmit={submit} noValidate>
          <div className={styles.filterFields}>
            {filters.map((filter) => (
              <Field key={filter.name} filter={filter} draft={draft} faults={faults} set={set} />
            ))}
          </div>
          <div className={styles.filterButtons}>
            <Button type="submit" size="xs">
              {t('filters.apply')}
            </Button>
            <Button variant="default" size="xs" onClick={() => apply({})}>
              {t('filters.usual')}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface FieldProps<Filter> {
  filter: Filter;
  draft: FilterValues;
  faults: Record<string, string>;
  set: (name: string, values: string[]) => void;
}

function Field(props: FieldProps<GridFilter>) {
  const { filter } = props;
  switch (filter.takes) {
    case 'several':
      return <SeveralField {...props} filter={filter} />;
    case 'one':
      return <OneField {...props} name={filter.name} label={filter.label} options={filter.options} />;
    case 'yes_no':
      return <YesNoField {...props} />;
    case 'text':
      return <TextField {...props} name={filter.name} label={filter.label} />;
    case 'amounts':
    case 'days':
      return <RangeField {...props} filter={{ ...filter, takes: filter.takes }} />;
  }
}

function SeveralField({ filter, draft, faults, set }: FieldProps<ChoiceFilter>) {
  const chosen = draft[filter.name] ?? [];
  return (
    <div className={styles.severalField}>
      <SeveralOf
        filter={filter}
        chosen={chosen}
        toggle={(value, isOn) => set(filter.name, isOn ? [...chosen, value] : chosen.filter((one) => one !== value))}
      />
      {faults[filter.name] !== undefined && <p className={styles.fault}>{faults[filter.name]}</p>}
    </div>
  );
}

interface OneFieldProps extends FieldProps<GridFilter> {
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
}

function OneField({ name, label, options, draft, faults, set }: OneFieldProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      label={label}
      error={faults[name]}
      value={draft[name]?.[0] ?? ''}
      data={[{ value: '', label: t('grid.anyValue') }, ...options.map((option) => ({ value: option.value, label: option.label }))]}
      onChange={(event) => set(name, [event.currentTarget.value])}
    />
  );
}

function YesNoField(props: FieldProps<GridFilter>) {
  const { t } = useTranslation();
  const options = [
    { value: 'true', label: t('filters.yes') },
    { value: 'false', label: t('filters.no') },
  ];
  return <OneField {...props} name={props.filter.name} label={props.filter.label} options={options} />;
}

function TextField({ name, label, draft, faults, set }: Omit<OneFieldProps, 'options'>) {
  return (
    <TextInput
      size="xs"
      label={label}
      error={faults[name]}
      value={draft[name]?.join(',') ?? ''}
      maxLength={TEXT_CHARACTERS_MAX}
      onChange={(event) => set(name, [event.currentTarget.value])}
    />
  );
}

function RangeField({ filter, draft, faults, set }: FieldProps<TypedFilter>) {
  const { t } = useTranslation();
  const [from = '', to = ''] = parametersOf(filter);
  const isDays = filter.takes === 'days';
  const shared = isDays ? { type: 'date' } : { inputMode: 'decimal' as const, maxLength: 24 };
  const text = (name: string) => draft[name]?.join(',') ?? '';
  return (
    <fieldset className={choices.group}>
      <legend className={choices.legend}>{filter.label}</legend>
      <div className={styles.range}>
        <TextInput
          {...shared}
          size="xs"
          aria-label={t('filters.fromOf', { filter: filter.label })}
          placeholder={t('filters.atLeast')}
          error={faults[from]}
          value={isDays ? dayOfStart(text(from)) : text(from)}
          onChange={({ currentTarget: { value } }) => set(from, [isDays && value !== '' ? startOfDay(value) : value])}
        />
        <span aria-hidden="true">–</span>
        <TextInput
          {...shared}
          size="xs"
          aria-label={t('filters.toOf', { filter: filter.label })}
          placeholder={t('filters.atMost')}
          error={faults[to]}
          value={isDays ? dayOfEnd(text(to)) : text(to)}
          onChange={({ currentTarget: { value } }) => set(to, [isDays && value !== '' ? endOfDay(value) : value])}
        />
      </div>
      {faults[filter.name] !== undefined && <p className={styles.fault}>{faults[filter.name]}</p>}
    </fieldset>
  );
}

function faultsOf(error: Error | null): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries((error.problem.errors ?? []).map(({ field, message }) => [field, asSentence(message)]));
}
