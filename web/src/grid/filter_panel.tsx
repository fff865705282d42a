// Owns the panel of all filters: filled in together, applied together, each fault at its field. Does not own the quick ones beside
// the search (filters.tsx), nor what makes sense; the server says that.
import { Button, NativeSelect, Popover, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { adviceOf } from '../api/failure';
import { ApiError } from '../api/client';
import { Icon } from '../app/icon';
import { Lookup } from '../form/lookup';
import { formatLocale } from '../language/locale';
import { served } from '../language/served';
import choices from '../preferences/preferences.module.css';
import { parametersOf, type ChoiceFilter, type GridFilter, type TypedFilter } from './definition';
import { checked, draftOf, type FilterFault } from './filter_check';
import { dayOfEnd, dayOfStart, endOfDay, startOfDay, type FilterValues } from './filter_text';
import { SeveralOf } from './filters';
import type { List } from './use_list';
import styles from './tools.module.css';

const TEXT_CHARACTERS_MAX = 100;

interface FilterPanelProps<Row> {
  /** For those who are told to narrow down. */
  button: RefObject<HTMLButtonElement | null>;
  filters: GridFilter[];
  list: List<Row>;
  wantSingle: (address: string) => void;
}

export function FilterPanel<Row>({ button, filters, list, wantSingle }: FilterPanelProps<Row>) {
  const { t } = useTranslation();
  const { isOpen, toggle, draft, faults, set, apply } = useFilterDraft({ filters, list, wantSingle });
  const form = useRef<HTMLFormElement>(null);
  const faultText = Object.keys(faults).join();
  useEffect(() => {
    if (faultText !== '') form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faultText]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply(draft);
  };
  // Many boxes stand last: what has no button beside the search is what the panel is opened for.
  const inPanel = [...filters.filter(({ takes }) => takes !== 'several'), ...filters.filter(({ takes }) => takes === 'several')];
  return (
    <Popover opened={isOpen} onChange={toggle} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button ref={button} type="button" className={styles.tool} onClick={() => toggle(!isOpen)}>
          <Icon name="filter" />
          <span>{t('filters.button')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={`${styles.panel} ${styles.filterPanel}`} aria-label={t('filters.button')}>
        <form ref={form} className={styles.filterForm} onSubmit={submit} noValidate>
          <div className={styles.filterFields}>
            {inPanel.map((filter) => (
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

/** What is being filled in, and what is wrong with it: here at once, or as the server says. */
function useFilterDraft<Row>({ filters, list, wantSingle }: Omit<FilterPanelProps<Row>, 'button'>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [draft, setDraft] = useState<FilterValues>({});
  const [missed, setMissed] = useState<Record<string, string>>({});
  /** The filters that the server's word is about: those applied here, or those a link had brought. */
  const [asked, setAsked] = useState({ filters: '', isApplied: false });
  const now = JSON.stringify(list.view.filters);
  const isOfAsked = now === asked.filters;
  // Only rows close it: a fault is told here, where it can be mended.
  if (isOpen && asked.isApplied && isOfAsked && list.phase === 'shown') setOpen(false);
  const faults = { ...missed, ...(isOfAsked && list.phase === 'failed' ? faultsOf(list.error) : {}) };
  const toggle = (open: boolean) => {
    setOpen(open);
    setMissed({});
    setAsked({ filters: now, isApplied: false });
    if (open) setDraft(draftOf(filters, list.view.filters, formatLocale()));
  };
  const wordsOf = (fault: FilterFault) => (fault === 'no_amount' ? t('form.fault.no_amount') : (served(`problem.${fault}`) ?? ''));
  const apply = (texts: FilterValues) => {
    const { values, faults: found } = checked(filters, texts, formatLocale());
    setDraft(texts);
    setMissed(Object.fromEntries(Object.entries(found).map(([name, fault]) => [name, wordsOf(fault)])));
    if (Object.keys(found).length > 0) return;
    const change = { filters: values, place: { at: 'first' }, openId: null } as const;
    setAsked({ filters: JSON.stringify(values), isApplied: true });
    list.change(change);
    wantSingle(list.hrefOf(change));
  };
  const set = (name: string, values: string[]) => {
    setDraft({ ...draft, [name]: values });
    const { [name]: _, ...others } = missed;
    setMissed(others);
  };
  return { isOpen, toggle, draft, faults, set, apply };
}

interface FieldProps<Filter> {
  filter: Filter;
  draft: FilterValues;
  faults: Record<string, string>;
  set: (name: string, values: string[]) => void;
}

function Field(props: FieldProps<GridFilter>) {
  const { t } = useTranslation();
  const { filter } = props;
  switch (filter.takes) {
    case 'several':
      return <SeveralField {...props} filter={filter} />;
    case 'one':
      return <OneField {...props} name={filter.name} label={filter.label} options={filter.options} />;
    case 'lookup':
      return (
        <Lookup
          size="xs"
          source={filter.source}
          label={filter.label}
          placeholder={t('grid.anyValue')}
          error={props.faults[filter.name]}
          value={props.draft[filter.name]?.[0] ?? ''}
          choose={(value) => props.set(filter.name, [value])}
        />
      );
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
  return Object.fromEntries((error.problem.errors ?? []).map((one) => [one.field, adviceOf(one, error.problem)]));
}
