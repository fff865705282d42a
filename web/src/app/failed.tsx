// Owns the page for when nothing else can be shown. Does not own failures inside a list (grid/list_message.tsx).
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import styles from './app.module.css';

export function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation();
  const failure = failureOf(error, t);
  return (
    <main className={styles.whole}>
      <h1 className={styles.wholeTitle}>{failure.title}</h1>
      <p>{failure.detail}</p>
      <Button onClick={retry}>{t('failure.retry')}</Button>
    </main>
  );
}

/** A fault of this program, not of the server: the only way on is a fresh start. */
export function Crashed() {
  const { t } = useTranslation();
  return (
    <div role="alert" className={styles.whole}>
      <h1 className={styles.wholeTitle}>{t('failure.screenTitle')}</h1>
      <p>{t('failure.screenDetail')}</p>
      <Button onClick={() => window.location.reload()}>{t('failure.reload')}</Button>
    </div>
  );
}
