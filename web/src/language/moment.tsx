// Owns how a moment stands on the page: on the clock of the person who reads, and on the customer's where that differs.
// Does not own the format (locale.ts).
import { useTranslation } from 'react-i18next';
import { formatMoment, formatMomentIn } from './locale';
import styles from './moment.module.css';

interface MomentTextProps {
  moment: string;
  /** The customer's zone, of the IANA database; where it is not known, the reader's is named instead. */
  zone?: string;
}

export function MomentText({ moment, zone }: MomentTextProps) {
  const { t } = useTranslation();
  if (zone === undefined) return (
      <time dateTime={moment}>
        <bdi>{formatMoment(moment, { withZone: true })}</bdi>
      </time>
    );
  const here = formatMoment(moment);
  const there = formatMomentIn(moment, zone);
  return (
    <time dateTime={moment}>
      <bdi>{here}</bdi>
      {there !== here && (
        <span className={styles.there}>
          <bdi>{t('moment.inZone', { moment: there, zone })}</bdi>
        </span>
      )}
    </time>
  );
}
