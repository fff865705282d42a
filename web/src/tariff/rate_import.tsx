// Owns importing a file of rates: choosing it, what it would change, what is wrong with it, loading it. Does not own the rules; the server
// says what each row does.
import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, newIdempotencyKey, upload } from '../api/client';
import { asSentence, failureOf } from '../api/failure';
import type { ImportReport, RateChanges } from '../api/types';
import { showNotice } from '../app/notices';
import { useReturnFocus } from '../app/return_focus';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { Fact, Facts, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import choices from '../preferences/preferences.module.css';
import { Price } from './price';
import styles from './rate_import.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

const kinds = ['added', 'raised', 'lowered', 'altered', 'closed', 'opened', 'unchanged'] as const;

export default function RateImport({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [skipsBad, setSkipsBad] = useState(false);
  const preview = useMutation({ mutationFn: (chosen: File) => send(chosen, { preview: 'true' }) });
  const load = useLoad(close);
  useReturnFocus();
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setSkipsBad(false);
    load.reset();
    if (chosen) preview.mutate(chosen);
    else preview.reset();
  };
  const error = load.error ?? preview.error;
  const report = reportOf(error) ?? preview.data;
  const isReady = preview.data !== undefined && (preview.data.rows_bad === 0 || skipsBad) && preview.data.rows > preview.data.rows_bad;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file && isReady && !load.isPending) load.mutate({ file, skipsBad });
  };
  const failure = error && failureOf(error, t);
  return (
    <Modal opened onClose={close} size="56rem" title={t('rateImport.title')} closeButtonProps={{ 'aria-label': t('grid.close') }}>
      <form className={styles.form} onSubmit={submit} aria-label={t('rateImport.title')}>
        <label className={styles.file}>
          {t('rateImport.file')}
          <input type="file" accept=".csv,text/csv" data-autofocus onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)} />
          <span className={page.quiet}>{t('rateImport.fileHelp')}</span>
        </label>
        <p role="status">{preview.isPending ? t('bulk.checking') : ''}</p>
        <div role="alert">
          {failure && (
            <p className={styles.failure}>
              <strong>{failure.title}.</strong> {failure.detail}
            </p>
          )}
        </div>
        {preview.data?.changes && <Changes rows={preview.data.rows} bad={preview.data.rows_bad} changes={preview.data.changes} />}
        {report && report.problems.length > 0 && <Problems report={report} />}
        {preview.data !== undefined && preview.data.rows_bad > 0 && preview.data.rows > preview.data.rows_bad && (
          <label className={choices.choice}>
            <input type="checkbox" checked={skipsBad} onChange={(event) => setSkipsBad(event.currentTarget.checked)} />
            {t('rateImport.skipBad')}
          </label>
        )}
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            {t('bulk.cancel')}
          </Button>
          <Button type="submit" className={styles.load} aria-disabled={!isReady || load.isPending}>
            {load.isPending ? t('bulk.working') : t('rateImport.load')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function send(file: File, query: Record<string, string>, key?: string): Promise<ImportReport> {
  return upload<ImportReport>('/imports/rates', file, { ...query, file_name: file.name }, key);
}

function useLoad(close: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const attempt = useRef<{ file: File; skipsBad: boolean; key: string } | null>(null);
  return useMutation({
    mutationFn: ({ file, skipsBad }: { file: File; skipsBad: boolean }) => {
      // The same again, because no answer came: it is loaded once.
      if (attempt.current?.file !== file || attempt.current.skipsBad !== skipsBad) attempt.current = { file, skipsBad, key: newIdempotencyKey() };
      return send(file, { skip_bad: String(skipsBad) }, attempt.current.key);
    },
    onSuccess: ({ loaded }) => {
      void client.invalidateQueries({ queryKey: ['rates'] });
      showNotice(t('rateImport.done', { rows: formatCount(loaded) }));
      close();
    },
  });
}

/** A file that is refused is told about row by row, as one that is not. */
function reportOf(error: Error | null): ImportReport | null {
  return error instanceof ApiError && 'problems' in error.problem ? (error.problem as typeof error.problem & ImportReport) : null;
}

function Changes({ rows, bad, changes }: { rows: number; bad: number; changes: RateChanges }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('rateImport.changes')} className={styles.form}>
      <Facts>
        <Fact label={t('rateImport.rows')}>{formatCount(rows)}</Fact>
        {bad > 0 && <Fact label={t('rateImport.bad')}>{formatCount(bad)}</Fact>}
        {kinds.map((kind) => changes[kind] > 0 && (
          <Fact key={kind} label={t(`rateImport.kinds.${kind}`)}>
            {formatCount(changes[kind])}
          </Fact>
        ))}
      </Facts>
      {changes.told.length > 0 && (
        <SmallTable label={t('rateImport.changes')}>
          <thead>
            <tr>
              <th scope="col">{t('rateImport.line')}</th>
              <th scope="col">{t('tariffs.one')}</th>
              <th scope="col">{t('rates.prefix')}</th>
              <th scope="col">{t('rates.from')}</th>
              <th scope="col">{t('rateImport.change')}</th>
              <th scope="col">{t('rateImport.before')}</th>
              <th scope="col">{t('rateImport.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.told.map((change) => (
              <tr key={change.line}>
                <td>{formatCount(change.line)}</td>
                <td>
                  <bdi>{change.tariff_name}</bdi>
                </td>
                <td>{change.prefix === '' ? t('rates.every') : <bdi dir="ltr">{change.prefix}</bdi>}</td>
                <td>
                  <MomentText moment={change.effective_from} />
                </td>
                <td>{t(`rateImport.kinds.${change.kind}`)}</td>
                <td>{change.price_before !== null && <Price amount={change.price_before} />}</td>
                <td>{change.price_after !== null && <Price amount={change.price_after} />}</td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </section>
  );
}

function Problems({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  return (
    <SmallTable label={t('rateImport.problems')}>
      <thead>
        <tr>
          <th scope="col">{t('rateImport.line')}</th>
          <th scope="col">{t('rateImport.column')}</th>
          <th scope="col">{t('rateImport.problems')}</th>
        </tr>
      </thead>
      <tbody>
        {report.problems.map(({ line, column, message }, index) => (
          // Told once, in their order.
          <tr key={index}>
            <td>{line !== null && formatCount(line)}</td>
            <td>
              <bdi dir="ltr">{column}</bdi>
            </td>
            <td dir="auto">{asSentence(message)}</td>
          </tr>
        ))}
      </tbody>
    </SmallTable>
  );
}
