// Owns the frame of a page that tells about one thing: the way back, title, buttons, sections of facts. Does not own what
// is told.
import { Button } from '@mantine/core';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import { Icon } from '../app/icon';
import { usePageTitle } from '../app/page_title';
import { places } from '../app/places';
import styles from './page.module.css';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The list that a page was opened from, as it stood. */
    from?: string;
  }
}

interface RecordPageProps {
  title: string;
  /** Where the thing belongs: the list it is in. */
  list: { path: string; label: string };
  /** Beside the title. */
  aside?: ReactNode;
  actions?: ReactNode;
  isBusy?: boolean;
  children: ReactNode;
}

export function RecordPage({ title, list, aside, actions, isBusy = false, children }: RecordPageProps) {
  usePageTitle(title);
  return (
    <div className={styles.scroller}>
      <div className={styles.page} aria-busy={isBusy}>
        <WayBack {...list} />
        <header className={styles.header}>
          <div className={styles.heading}>
            <h1 className={styles.title}>
              <bdi>{title}</bdi>
            </h1>
            {aside}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** Back to the list that the page was opened from, as it stood; else to the list where the thing belongs, as it is at first. */
function WayBack({ path, label: usual }: RecordPageProps['list']) {
  const { t } = useTranslation();
  const { history } = useRouter();
  const from = useRouterState({ select: ({ location }) => location.state.from });
  const place = places.find(({ to }) => to === from?.split('?')[0]);
  const label = place ? t(place.label) : usual;
  return (
    <nav aria-label={label} className={styles.back}>
      <a
        href={place ? from : path}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          if (place) history.back();
          else history.push(path);
        }}
      >
        <Icon name="previous" /> {label}
      </a>
    </nav>
  );
}

interface SectionProps {
  title: string;
  /** Stands at the end of the title's line. */
  tool?: ReactNode;
  children: ReactNode;
}

export function Section({ title, tool, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <h2 className={styles.sectionTitle}>{title}</h2>
        {tool}
      </div>
      {children}
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Fragment>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </Fragment>
  );
}

/** A table that scrolls by itself where it is wider than the screen. */
export function SmallTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    // What scrolls must be reachable by those who scroll with keys.
    <div role="group" aria-label={label} tabIndex={0} className={styles.tableScroller}>
      <table className={styles.table} aria-label={label}>
        {children}
      </table>
    </div>
  );
}

/** Stands where the sections will: nothing moves when they come. */
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <p role="status" className="for-screen-readers">
        {t('grid.loading')}
      </p>
      <div aria-hidden="true" className={styles.columns}>
        <div className={styles.skeleton} />
        <div className={styles.skeleton} />
      </div>
    </>
  );
}

export function PageFailed({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation();
  const failure = failureOf(error, t);
  return (
    <div role="alert" className={styles.failed}>
      <p>
        <strong>{failure.title}.</strong> {failure.detail}
      </p>
      <Button onClick={retry}>{t('failure.retry')}</Button>
    </div>
  );
}
