// Owns the words for what went wrong: what happened, and what can be done. Does not own where they stand.
import type { TFunction } from 'i18next';
import { ApiError } from './client';

export interface Failure {
  title: string;
  detail: string;
  /** For the person who reports it and the one who looks it up. */
  requestId: string | null;
  remedy:
    | 'retry'
    /** The cursor is refused: only another page helps. */
    | 'first_page'
    /** What was typed or chosen makes no sense to the server: only something else helps. */
    | 'other_input';
}

export function failureOf(error: Error, t: TFunction): Failure {
  if (!(error instanceof ApiError)) {
    return {
      title: t('failure.unreachable'),
      detail: t('failure.unreachableDetail'),
      requestId: null,
      remedy: 'retry',
    };
  }
  const { code, title, detail, status, errors = [], request_id: requestId } = error.problem;
  if (code === 'invalid_cursor') {
    return { title: t('grid.placeGone'), detail: t('grid.placeGoneDetail'), requestId: null, remedy: 'first_page' };
  }
  // What a person can mend by themselves needs no number to quote.
  if (status === 422) {
    // What is said of each field says more than what is said of all of them.
    const advice = errors.map(({ message }) => asSentence(message)).join(' ');
    return { title, detail: advice === '' ? detail : advice, requestId: null, remedy: 'other_input' };
  }
  const known: Record<string, string> = {
    overloaded: t('failure.overloaded'),
    deadline_exceeded: t('failure.deadline'),
    forbidden: t('failure.forbidden'),
    not_found: t('failure.notFound'),
  };
  return { title: known[code] ?? title, detail, requestId, remedy: 'retry' };
}

function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}
