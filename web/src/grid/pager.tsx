// Owns the foot of a list: where we are, and the way to the first, previous, next and last page. Does not own cursors.
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { formatCount } from '../language/locale';
import { pagingText } from './paging_text';
import type { List } from './use_list';
import type { Place } from './view_state';
import styles from './grid.module.css';

export function Pager<Row>({ list }: { list: List<Row> }) {
  const { t } = useTranslation();
  const { page, change, prefetch } = list;
  const isSettled = list.phase === 'shown';
  const previous = isSettled ? (page?.page.previous ?? null) : null;
  const next = isSettled ? (page?.page.next ?? null) : null;
  const steps = [
    { name: 'first', place: previous === null ? null : ({ at: 'first' } satisfies Place) },
    { name: 'previous', place: previous === null ? null : ({ before: previous } satisfies Place) },
    { name: 'next', place: next === null ? null : ({ after: next } satisfies Place) },
    { name: 'last', place: next === null ? null : ({ at: 'last' } satisfies Place) },
  ] as const;
  const buttons = steps.map(({ name, place }) => (
    <button
      key={name}
      type="button"
      className={styles.step}
      aria-label={t(`grid.${name}`)}
      title={t(`grid.${name}`)}
      // Not `disabled`: that would throw the focus off the button when the end of the list is reached.
      aria-disabled={place === null}
      onPointerEnter={() => place && prefetch(place)}
      onFocus={() => place && prefetch(place)}
      onClick={() => place && change({ place })}
    >
      <Icon name={name} />
    </button>
  ));
  return (
    <nav className={styles.pager} aria-label={t('grid.pages')}>
      {buttons.slice(0, 2)}
      <bdi className={styles.range}>{page && list.phase !== 'loading' && pagingText(page, t, formatCount)}</bdi>
      {buttons.slice(2)}
    </nav>
  );
}
