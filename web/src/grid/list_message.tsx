// Owns what a list says when it cannot simply show rows: empty, failed, stopped. It says why, what was kept, and what to
// do next. Does not own the words of a particular list (definition.ts) nor those of failures (api/failure.ts);
// advice on what is typed stands at its field (list_tools.tsx).
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';
import { failureOf } from '../api/failure';
import { parametersOf, type ListDefinition } from './definition';
import type { List } from './use_list';
import { isNarrowed, oneSort, SEARCH_FIELD, SORT_FIELD } from './view_state';
import styles from './grid.module.css';

interface ListMessageProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  openFilters: () => void;
}

/** In the place of the table, when there is no row to show. */
export function ListMessage<Row>(props: ListMessageProps<Row>) {
  const { definition, list } = props;
  if (list.phase === 'failed' && list.error) return <FailedMessage {...props} error={list.error} />;
  if (list.phase === 'stopped') return <StoppedMessage list={list} />;
  if (list.phase === 'waiting') return <WaitingMessage list={list} />;
  return <EmptyMessage definition={definition} list={list} />;
}

/** Above rows that are from before. */
export function ListBanner<Row>(props: ListMessageProps<Row>) {
  const { list } = props;
  const { t } = useTranslation();
  if (!list.page?.items.length) return null;
  if (list.phase === 'stopped') {
    return (
      <div role="status" className={styles.banner}>
        <span>{t('grid.stopped')}</span>
        <button type="button" className={styles.linkButton} onClick={list.retry}>
          {t('grid.runAgain')}
        </button>
      </div>
    );
  }
  if (list.phase !== 'failed' || !list.error) return null;
  const failure = failureOf(list.error, t);
  if (failure.remedy === 'other_input') {
    if (failure.field === SEARCH_FIELD) return null;
    // Nothing is broken: this is a word to someone who is still typing.
    return (
      <div role="status" className={styles.banner}>
        <span>{t('grid.refused', { detail: failure.detail })}</span>
        {failure.field === SORT_FIELD && <SortRemedies {...props} />}
      </div>
    );
  }
  return (
    <div role="alert" className={styles.banner} data-failed>
      <span>
        {t('grid.stale', { what: failure.title })} {failure.detail}
      </span>
      {failure.remedy === 'first_page' ? (
        <FirstPage list={list} className={styles.linkButton} />
      ) : (
        <button type="button" className={styles.linkButton} onClick={list.retry}>
          {t('failure.retry')}
        </button>
      )}
    </div>
  );
}

function FailedMessage<Row>(props: ListMessageProps<Row> & { error: Error }) {
  const { definition, list, error, openFilters } = props;
  const { t } = useTranslation();
  const failure = failureOf(error, t);
  // The server names what its programs may send; who follows a link needs the filter's name.
  const filter = definition.filters.find((one) => 'options' in one && parametersOf(one).includes(failure.field ?? ''));
  const ofFilters = definition.filters.flatMap(parametersOf);
  const isOfFilters = error instanceof ApiError && (error.problem.errors ?? []).some(({ field }) => ofFilters.includes(field));
  return (
    <Message title={filter ? t('grid.viewUnknown') : failure.title} isAlert>
      <p>{filter ? t('grid.filterUnknown', { filter: filter.label }) : failure.detail}</p>
      {failure.remedy === 'retry' && <p>{t('grid.kept')}</p>}
      {failure.remedy === 'first_page' && <FirstPage list={list} />}
      {failure.remedy === 'retry' && <Button onClick={list.retry}>{t('failure.retry')}</Button>}
      {failure.remedy === 'other_input' && failure.field === SORT_FIELD && <SortRemedies {...props} />}
      {failure.remedy === 'other_input' && failure.field !== SORT_FIELD && (
        <div className={styles.nextSteps}>
          {isOfFilters && <Button onClick={openFilters}>{t('grid.openFilters')}</Button>}
          <Button variant={isOfFilters ? 'default' : 'filled'} onClick={() => list.change({ search: '', filters: {}, place: { at: 'first' } })}>
            {t('grid.clearAll')}
          </Button>
        </div>
      )}
    </Message>
  );
}

/** Too many rows for this order: fewer rows, or another order. */
function SortRemedies<Row>({ definition, list, openFilters }: ListMessageProps<Row>) {
  const { t } = useTranslation();
  const usual = oneSort(definition.defaultSort);
  const column = definition.columns.find(({ id }) => id === usual.column)?.header ?? usual.column;
  return (
    <span className={styles.remedies}>
      <button type="button" className={styles.linkButton} onClick={openFilters}>
        {t('grid.openFilters')}
      </button>
      <button type="button" className={styles.linkButton} onClick={() => list.change({ sort: [usual], place: { at: 'first' } })}>
        {t('grid.sortInstead', { column })}
      </button>
    </span>
  );
}

function StoppedMessage<Row>({ list }: { list: List<Row> }) {
  const { t } = useTranslation();
  return (
    <Message title={t('grid.stoppedEmpty')}>
      <Button onClick={list.retry}>{t('grid.runAgain')}</Button>
    </Message>
  );
}

function WaitingMessage<Row>({ list }: { list: List<Row> }) {
  const { t } = useTranslation();
  return (
    <Message title={t('grid.waiting')}>
      <p>{t('grid.waitingDetail')}</p>
      <Button onClick={list.retry}>{t('grid.showAll')}</Button>
    </Message>
  );
}

function EmptyMessage<Row>({ definition, list }: { definition: ListDefinition<Row>; list: List<Row> }) {
  const { t } = useTranslation();
  const { view, change } = list;
  const isAtStart = 'at' in view.place;
  if (!isAtStart) {
    return (
      <Message title={t('grid.emptyPage')}>
        <p>{t('grid.emptyPageDetail')}</p>
        <FirstPage list={list} />
      </Message>
    );
  }
  if (!isNarrowed(view)) {
    return (
      <Message title={definition.empty.never.title}>
        <p>{definition.empty.never.detail}</p>
      </Message>
    );
  }
  const words = definition.empty.notFound(view);
  const hasSearch = view.search.trim() !== '';
  const hasFilters = Object.keys(view.filters).length > 0;
  const clearText = hasSearch && hasFilters ? 'grid.clearAll' : hasSearch ? 'grid.clearSearch' : 'grid.clearFilters';
  return (
    <Message title={words.title}>
      <p>{words.detail}</p>
      <div className={styles.nextSteps}>
        {hasSearch && view.match !== 'contains' && (
          <Button onClick={() => change({ match: 'contains' })}>{t('grid.searchAnywhere')}</Button>
        )}
        <Button variant="default" onClick={() => change({ search: '', filters: {} })}>
          {t(clearText)}
        </Button>
      </div>
    </Message>
  );
}

function FirstPage<Row>({ list, className }: { list: List<Row>; className?: string }) {
  const { t } = useTranslation();
  const go = () => list.change({ place: { at: 'first' } });
  const text = t('grid.toFirstPage');
  if (className === undefined) return <Button onClick={go}>{text}</Button>;
  return (
    <button type="button" className={className} onClick={go}>
      {text}
    </button>
  );
}

interface MessageProps {
  title: string;
  isAlert?: boolean;
  children: ReactNode;
}

function Message({ title, isAlert = false, children }: MessageProps) {
  return (
    <div role={isAlert ? 'alert' : undefined} className={styles.message}>
      <h2 className={styles.messageTitle}>{title}</h2>
      {children}
    </div>
  );
}
