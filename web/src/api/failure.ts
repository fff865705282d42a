// Owns the words for what went wrong: what happened, and what can be done. Does not own where they stand.
import type { TFunction } from 'i18next';
import { served } from '../language/served';
import { problemText } from '../status/wording';
import { ApiError } from './client';
import type { BulkItem, Problem } from './types';

export interface Failure {
  title: string;
  detail: string;
  /** The one field of the request that is at fault. */
  field: string | null;
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
      field: null,
      remedy: 'retry',
    };
  }
  const { code, status, errors = [] } = error.problem;
  if (code === 'invalid_cursor') {
    return { title: t('grid.placeGone'), detail: t('grid.placeGoneDetail'), field: null, remedy: 'first_page' };
  }
  if (status === 422) {
    // What is said of each field says more than what is said of all of them.
    const advice = [...new Set(errors.map((one) => adviceOf(one, error.problem)))].join(' ');
    return {
      title: code === 'search_too_short' ? t('failure.searchTooShort') : t('failure.refused'),
      detail: advice === '' ? detailOf(error.problem) : advice,
      field: errors.length === 1 ? (errors[0]?.field ?? null) : null,
      remedy: 'other_input',
    };
  }
  const known: Record<string, string> = {
    overloaded: t('failure.overloaded'),
    deadline_exceeded: t('failure.deadline'),
    forbidden: t('failure.forbidden'),
    not_found: t('failure.notFound'),
  };
  // The title of the answer is the protocol's word for its number, which tells a person nothing.
  const title = known[code] ?? (status >= 500 ? t('failure.serverFailed') : t('failure.refused'));
  return { title, detail: detailOf(error.problem), field: null, remedy: 'retry' };
}

/** In the person's language where it has words for the code, in the server's otherwise. */
export function detailOf({ code, detail, values }: Pick<Problem, 'code' | 'detail' | 'values'>): string {
  return problemText(code, values, detail);
}

/** Why one of many was not done, or has not changed. */
export function reasonOf({ code, message, values }: Pick<BulkItem, 'code' | 'message' | 'values'>): string | null {
  return code !== null && message !== null ? problemText(code, values, message) : message;
}

/** What is wrong with one field. A refusal about a field has its figures and names in the problem. */
export function adviceOf({ code, message }: { code: string; message: string }, problem: Problem): string {
  if (code === problem.code && problem.values) return detailOf(problem);
  return served(`problem.${code}`) ?? served(`fieldProblem.${code}`) ?? asSentence(message);
}

export function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}
