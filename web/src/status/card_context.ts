// Owns the way from any badge to the one card of the page. Does not own the card's content or place.
import type { TFunction } from 'i18next';
import { createContext, useContext, type ReactNode } from 'react';
import type { Id, StatusCode } from '../api/types';
import type { StatusTable } from './statuses';

/** What the card says, in the person's words. */
export interface CardSubject {
  label: string;
  drawing: ReactNode;
  sentence: string | null;
  since: string | null;
  next: { at: string; sentence: string | null } | null;
  /** Other statuses that hold. */
  also: string[];
  /** Whose status it is, and which: there the card leads to what ends it. */
  ofCustomer?: { id: Id; code: StatusCode };
}

export interface StatusCardControl {
  /** Handed to every badge, because a page may hold 250 of them. */
  t: TFunction;
  byCode: StatusTable['byCode'];
  /** Beside the badge, while the pointer or the focus is on it. */
  show: (subject: CardSubject, anchor: HTMLElement) => void;
  /** Until it is closed, with the focus inside: the way to its links without a mouse. */
  pin: (subject: CardSubject, anchor: HTMLElement) => void;
  /** Unless it is pinned. */
  hide: () => void;
  /** Leaves time to move the pointer onto the card. */
  hideSoon: () => void;
}

export const StatusCardContext = createContext<StatusCardControl | null>(null);

export function useStatusCard(): StatusCardControl {
  const control = useContext(StatusCardContext);
  if (!control) throw new Error('A status badge stands outside StatusCardProvider.');
  return control;
}
