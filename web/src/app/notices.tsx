// Owns the short messages that appear over the page and go by themselves. Does not own errors of a page, which stand in
// the page until they are mended.
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './app.module.css';

const SHOWN_MILLISECONDS = 8_000;

interface Notice {
  id: number;
  text: string;
}

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

export function showNotice(text: string): void {
  // The same trouble twice in a row is one message.
  if (notices.some((notice) => notice.text === text)) return;
  lastId += 1;
  const id = lastId;
  set([...notices, { id, text }]);
  setTimeout(() => dismiss(id), SHOWN_MILLISECONDS);
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Notices() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div role="status" className={styles.notices}>
      {shown.map((notice) => (
        <p key={notice.id} className={styles.notice}>
          {notice.text}
          <button type="button" className={styles.quietButton} onClick={() => dismiss(notice.id)}>
            {t('grid.close')}
          </button>
        </p>
      ))}
    </div>
  );
}
