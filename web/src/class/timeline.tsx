// Owns the drawing of what happens to an unpaid invoice, day by day. Does not own the days (class_fields.ts).
import { useTranslation } from 'react-i18next';
import type { Texts } from '../form/field';
import { formatCount } from '../language/locale';
import { timelineOf } from './class_fields';
import styles from './class.module.css';

export function Timeline({ texts }: { texts: Texts }) {
  const { t } = useTranslation();
  const timeline = timelineOf(texts);
  return (
    <section aria-label={t('customerClass.timeline')}>
      <h2 className={styles.title}>{t('customerClass.timeline')}</h2>
      {timeline === null ? (
        <p className={styles.quiet}>{t('customerClass.noTimeline')}</p>
      ) : (
        <ol className={styles.timeline}>
          {timeline.map(({ step, day }) => (
            <li key={step} className={styles.step} data-step={step}>
              <span className={styles.day}>{t('customerClass.day', { day: formatCount(day) })}</span>
              <span>{t(`customerClass.steps.${step}`)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
