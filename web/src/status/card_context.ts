// Owns the way from any badge to the one card of the page. Does not own the card's content or place.
import type { TFunction } from 'i18next';
import { createContext, useContext } from 'react';
import type { Id, Status } from '../api/types';
import type { StatusTable } from './statuses';

/** What the card is about. */
export interface CardSubject {
  status: Status;
  /** Whose status it is: there the card leads to what ends it. */
  customerId?: Id;
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
