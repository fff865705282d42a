// Owns the words for what went wrong with a list: what happened, and what can be done. Does not own where they stand.
import type { TFunction } from 'i18next';
import { ApiError } from '../api/client';

export interface Failure {
  title: string;
  detail: string;
  /** For the person who reports it and the one who looks it up. */
  requestId: string | null;
  /** The cursor is refused: only another page helps, trying again does not. */
  isPlaceGone: boolean;
}

export function failureOf(error: Error, t: TFunction): Failure {
  if (!(error instanceof ApiError)) {
    return {
      title: t('failure.unreachable'),
      detail: t('failure.unreachableDetail'),
      requestId: null,
      isPlaceGone: false,
    };
  }
  const { code, title, detail, request_id: requestId } = error.problem;
  if (code === 'invalid_cursor') {
    return { title: t('grid.placeGone'), detail: t('grid.placeGoneDetail'), requestId: null, isPlaceGone: true };
  }
  const known: Record<string, string> = {
    overloaded: t('failure.overloaded'),
    deadline_exceeded: t('failure.deadline'),
    forbidden: t('failure.forbidden'),
    not_found: t('failure.notFound'),
  };
  // What a person can mend by themselves needs no number to quote.
  const isTheirs = error.problem.status === 422;
  return { title: known[code] ?? title, detail, requestId: isTheirs ? null : requestId, isPlaceGone: false };
}
