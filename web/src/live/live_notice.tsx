// Owns what is said of rows that update by themselves: that they no longer do, that some stand elsewhere by now, and, for those who
// cannot see it, that some have changed. Does not own the rows.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatTime } from '../language/locale';
import type { Live } from './use_live_rows';
import type { Liveness } from './use_listening';
import styles from './live.module.css';

/** Who listens to a page is told this often at the most. */
const SAID_EVERY_MILLISECONDS = 15_000;

/** Calm: nothing is broken, and everything that was there still is. */
export function StaleNotice({ staleSince, retry }: Liveness) {
  const { t } = useTranslation();
  return (
    <div role="status" className={styles.notice} data-shown={staleSince !== null || undefined}>
      {staleSince !== null && (
        <>
          <span className={styles.text}>{t('live.stale', { time: formatTime(staleSince) })}</span>
          <button type="button" className={styles.button} onClick={retry}>
            {t('failure.retry')}
          </button>
        </>
      )}
    </div>
  );
}

export function LiveNotice<Row>({ live, reload }: { live: Live<Row>; reload: () => void }) {
  const { t } = useTranslation();
  const said = useSaid(live);
  const elsewhere = [...live.rows.values()].filter((row) => row.isElsewhere || row.isGone).length;
  return (
    <>
      {live.staleSince !== null || elsewhere === 0 ? (
        <StaleNotice {...live} />
      ) : (
        <div className={styles.notice} data-shown>
          <span className={styles.text}>{t('live.elsewhere', { count: elsewhere, formatted: formatCount(elsewhere) })}</span>
          <button type="button" className={styles.button} onClick={reload}>
            {t('live.reload')}
          </button>
        </div>
      )}
      <p role="status" className="for-screen-readers">
        {said}
      </p>
    </>
  );
}

/** The first change is told at once, those that follow together. */
function useSaid<Row>({ rows }: Live<Row>): string {
  const { t } = useTranslation();
  const [said, say] = useState('');
  const told = useRef({ rows, at: 0 });
  useEffect(() => {
    const { rows: before, at } = told.current;
    const changed = [...rows].filter(([id, row]) => before.get(id)?.revision !== row.revision).length;
    if (changed === 0) return;
    const timer = setTimeout(() => {
      told.current = { rows, at: Date.now() };
      say(t('live.changed', { count: changed, formatted: formatCount(changed) }));
    }, Math.max(0, at + SAID_EVERY_MILLISECONDS - Date.now()));
    return () => clearTimeout(timer);
  }, [rows, t]);
  return said;
}
