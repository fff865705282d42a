// Owns doing one thing to many rows: what has to be told, what it would do to each, doing it, what became of each. Does not own
// the rules; the server says them row by row.
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey, request } from '../api/client';
import { failureOf, reasonOf } from '../api/failure';
import type { BulkItem, BulkReport } from '../api/types';
import { useReturnFocus } from '../app/return_focus';
import { formatCount } from '../language/locale';
import type { BulkAction, BulkQuestion } from './definition';
import type { Picked } from './selection';
import { filterOfView, type ViewState } from './view_state';
import styles from './bulk.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

interface BulkDialogProps {
  path: string;
  action: BulkAction;
  always?: Record<string, string>;
  view: ViewState;
  picked: Picked;
  close: () => void;
  /** The ticks, once something has been done to their rows. */
  clear: () => void;
}

export default function BulkDialog(props: BulkDialogProps) {
  const { action, close, clear } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [key] = useState(newIdempotencyKey);
  const whom = useWhom(props);
  const isTold = (action.questions ?? []).every((question) => !question.isRequired || answers[question.name]);
  const preview = useBulkPreview(props, whom, answers, isTold);
  useReturnFocus();
  const { mutate, data: done, isPending, error } = useMutation({
    mutationFn: () =>
      request<BulkReport>('POST', props.path, {
        body: { action: action.code, ...whom, ...told(answers), preview: false },
        // Sent again after a lost answer, it is still done once.
        idempotencyKey: key,
      }),
    onSuccess: () => {
      clear();
      void client.invalidateQueries({ queryKey: ['list'] });
      void client.invalidateQueries({ queryKey: ['summary'] });
    },
  });
  const count = preview.data?.done ?? 0;
  // Nobody to do it to: there is nothing to confirm.
  const isHopeless = preview.data !== undefined && count === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending && count > 0) mutate();
  };
  const failure = error ?? preview.error;
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={done ? t('bulk.result', { action: action.label }) : action.label}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
    >
      <form className={styles.form} onSubmit={submit}>
        {!done && action.questions?.map((question) => (
          <Question
            key={question.name}
            question={question}
            value={answers[question.name] ?? ''}
            change={(value) => setAnswers({ ...answers, [question.name]: value })}
          />
        ))}
        <Outcome report={done ?? preview.data ?? null} isWaiting={preview.isFetching} isTold={isTold} />
        <div role="alert">{failure && <p className={styles.failure}>{wordsOf(failure)}</p>}</div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            {done || isHopeless ? t('grid.close') : t('bulk.cancel')}
          </Button>
          {!done && !isHopeless && (
            <Button type="submit" color={action.isDestructive ? 'red' : undefined} aria-disabled={count === 0 || isPending}>
              {isPending ? t('bulk.working') : count === 0 ? action.label : action.title(count)}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );

  function wordsOf(of: Error): string {
    const { title, detail } = failureOf(of, t);
    return `${title}. ${detail}`;
  }
}

/** By id, or by the query of the list: then the server goes by who matches when it is done. */
function useWhom({ picked, view, always }: BulkDialogProps) {
  const [whom] = useState(() => {
    if (!picked.isAllMatching) return { ids: [...picked.names.keys()] };
    const query = Object.entries({ ...always, ...filterOfView(view) }).map(([name, value]) => [name, String(value)]);
    return { matching: new URLSearchParams(query).toString() };
  });
  return whom;
}

function useBulkPreview({ path, action }: BulkDialogProps, whom: object, answers: Record<string, string>, isTold: boolean) {
  // What is only kept as a text changes no outcome.
  const asked = (action.questions ?? []).filter((question) => question.takes !== 'text').map(({ name }) => name);
  const deciding = Object.fromEntries(asked.flatMap((name) => (answers[name] ? [[name, answers[name]]] : [])));
  const body = { action: action.code, ...whom, ...told(deciding), preview: true };
  return useQuery({
    queryKey: ['bulk preview', path, body],
    queryFn: ({ signal }) => request<BulkReport>('POST', path, { body, signal }),
    enabled: isTold,
    gcTime: 0,
  });
}

function told(answers: Record<string, string>): Record<string, string | number> {
  const given = Object.entries(answers).filter(([, answer]) => answer.trim() !== '');
  return Object.fromEntries(given.map(([name, answer]) => [name, name.endsWith('_id') ? Number(answer) : answer.trim()]));
}

interface QuestionProps {
  question: BulkQuestion;
  value: string;
  change: (value: string) => void;
}

function Question({ question, value, change }: QuestionProps) {
  const { t } = useTranslation();
  const shared = { label: question.label, required: question.isRequired, withAsterisk: false, value };
  if (question.takes === 'one') {
    const options = (question.options ?? []).map(({ value: one, label }) => ({ value: one, label }));
    return (
      <NativeSelect
        {...shared}
        data={[{ value: '', label: t('bulk.choose') }, ...options]}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={question.takes === 'day' ? 'date' : 'text'}
      maxLength={500}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

interface OutcomeProps {
  report: BulkReport | null;
  isWaiting: boolean;
  isTold: boolean;
}

function Outcome({ report, isWaiting, isTold }: OutcomeProps) {
  const { t } = useTranslation();
  if (!report) return <p className={styles.quiet}>{isWaiting || !isTold ? t(isWaiting ? 'bulk.checking' : 'bulk.tell') : ''}</p>;
  const count = (of: number) => ({ count: of, formatted: formatCount(of) });
  const unchanged = report.items.length - report.done - report.refused;
  const sums = [
    report.done > 0 && t(report.preview ? 'bulk.wouldDo' : 'bulk.done', count(report.done)),
    unchanged > 0 && t('bulk.unchanged', count(unchanged)),
    report.refused > 0 && t('bulk.refused', count(report.refused)),
  ].filter((sum) => sum !== false);
  return (
    <>
      <p role="status">{sums.join(' · ')}</p>
      <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('bulk.each')}>
        <table className={styles.items} aria-label={t('bulk.each')}>
          <tbody>
            {inOrderOfInterest(report.items).map((item) => (
              <tr key={item.id} data-outcome={item.outcome}>
                <th scope="row">
                  <bdi>{item.name ?? formatCount(item.id)}</bdi>
                </th>
                <td>
                  {t(`bulk.outcome.${item.outcome}`)}
                  {reasonOf(item) !== null && (
                    <span className={styles.why}>
                      <bdi>{reasonOf(item)}</bdi>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** What does not go as wished is read first. */
function inOrderOfInterest(items: readonly BulkItem[]): BulkItem[] {
  const rank = { refused: 0, unchanged: 1, done: 2, would_do: 2 };
  return [...items].sort((one, other) => rank[one.outcome] - rank[other.outcome]);
}
