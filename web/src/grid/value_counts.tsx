// Owns the row of quick filters above a list: each value of one filter with how many rows it has, several at once. Does not own the
// counts (use_summary.ts).
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../language/locale';
import type { ChoiceFilter, ListDefinition } from './definition';
import { setFilter } from './filters';
import type { List } from './use_list';
import { useSummary } from './use_summary';
import shared from './grid.module.css';
import styles from './summary.module.css';

interface ValueCountsProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
}

export function ValueCounts<Row>({ definition, list }: ValueCountsProps<Row>) {
  const { t } = useTranslation();
  const { figures, isOld, hasFailed, retry } = useSummary(definition, list);
  // Where there are no rows to come, there are no figures of them either.
  const isComing = list.phase === 'loading' || list.phase === 'shown';
  const filter = definition.filters.find(({ name }) => name === definition.summary?.countedFilter);
  if (filter?.takes !== 'several') return null;
  // There are rows, too many of them to be counted by value.
  if (figures !== null && figures.counts.length === 0 && figures.total > 0) return null;
  return (
    <div className={styles.counts} aria-busy={isOld || (figures === null && isComing)}>
      {figures !== null ? (
        <Values filter={filter} list={list} counts={new Map(figures.counts.map(({ value, count }) => [value, count]))} />
      ) : hasFailed ? (
        <p role="status" className={styles.failed}>
          {t('summary.failed')}{' '}
          <button type="button" className={shared.linkButton} onClick={retry}>
            {t('failure.retry')}
          </button>
        </p>
      ) : (
        isComing && <span aria-hidden="true" className={styles.bones} />
      )}
    </div>
  );
}

interface ValuesProps<Row> {
  filter: ChoiceFilter;
  list: List<Row>;
  counts: Map<string, number>;
}

function Values<Row>({ filter, list, counts }: ValuesProps<Row>) {
  const { t } = useTranslation();
  const chosen = list.view.filters[filter.name] ?? [];
  const shown = filter.options.filter(({ value }) => counts.has(value) || chosen.includes(value));
  const { onKeyDown, stop } = useStops(shown.length + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const toggle = (value: string) =>
    setFilter(list, filter.name, chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <div role="toolbar" aria-label={t('summary.counts', { filter: filter.label })} className={styles.values} onKeyDown={onKeyDown}>
      <Value {...stop(0)} label={t('summary.all')} count={all} isOn={chosen.length === 0} press={() => setFilter(list, filter.name, [])} />
      {shown.map(({ value, label, icon }, index) => (
        <Value
          key={value}
          {...stop(index + 1)}
          label={label}
          icon={icon}
          count={counts.get(value) ?? 0}
          isOn={chosen.includes(value)}
          press={() => toggle(value)}
        />
      ))}
    </div>
  );
}

interface ValueProps {
  label: string;
  icon?: ReactNode;
  count: number;
  isOn: boolean;
  press: () => void;
  tabIndex: 0 | -1;
  onFocus: () => void;
}

function Value({ label, icon, count, isOn, press, ...stop }: ValueProps) {
  return (
    <button type="button" className={styles.value} aria-pressed={isOn} onClick={press} {...stop}>
      {icon}
      <span>{label}</span>
      <span className={styles.count}>{formatCount(count)}</span>
    </button>
  );
}

/** One stop of the Tab key; arrows walk, in the direction in which the page runs. */
function useStops(count: number) {
  const [current, setCurrent] = useState(0);
  const stop = (index: number) => ({
    tabIndex: index === Math.min(current, count - 1) ? (0 as const) : (-1 as const),
    onFocus: () => setCurrent(index),
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const buttons = Array.from(event.currentTarget.querySelectorAll('button'));
    const at = buttons.findIndex((button) => button === document.activeElement);
    const isTurned = getComputedStyle(event.currentTarget).direction === 'rtl';
    const next = { ArrowRight: at + (isTurned ? -1 : 1), ArrowLeft: at + (isTurned ? 1 : -1), Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    buttons[(next + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };
  return { onKeyDown, stop };
}
