// Owns the ways to the legend of statuses: its button, and the place where it opens. Does not own what it says
// (legend_dialog.tsx).
import { Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { lazySoon } from '../app/lazy_soon';
import styles from './status.module.css';

const LegendDialog = lazySoon(() => import('./legend_dialog'));

let isOpen = false;
const listeners = new Set<() => void>();

export function openLegend(): void {
  set(true);
}

function set(next: boolean): void {
  isOpen = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** For the title bar of a list that has statuses. */
export function LegendButton() {
  const { t } = useTranslation();
  return (
    <button type="button" className={styles.legendButton} aria-haspopup="dialog" onClick={openLegend}>
      <Icon name="legend" />
      <span className={styles.legendButtonText}>{t('status.legend.button')}</span>
    </button>
  );
}

/** Stands once, around all pages. */
export function LegendPlace() {
  const shown = useSyncExternalStore(subscribe, () => isOpen);
  if (!shown) return null;
  return (
    <Suspense>
      <LegendDialog close={() => set(false)} />
    </Suspense>
  );
}
