// Owns the way from any badge to the one card of the page. Does not own the card's content or place.
import { createContext, useContext } from 'react';
import type { Status } from '../api/types';

export interface StatusCardControl {
  show: (status: Status, anchor: HTMLElement) => void;
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
