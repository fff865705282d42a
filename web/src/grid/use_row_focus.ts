// Owns which row is the current one and how the focus gets there. The focus rests on the row's own link, so that Enter,
// "open in a new tab" and a screen reader work as on any link. Does not own the keys (list_page.tsx).
import { useRef, useState, type RefObject } from 'react';

export interface RowFocus {
  current: number;
  body: RefObject<HTMLTableSectionElement | null>;
  scroller: RefObject<HTMLElement | null>;
  setCurrent: (index: number) => void;
  /** `false` where arrows belong to something else on the page. */
  move: (step: 1 | -1) => boolean;
  isInTable: () => boolean;
  /** Presses a button of the current row; `false` where there is none or the focus is elsewhere. */
  press: (selector: string) => boolean;
}

/** `page` says which page the rows are: another one begins at its first. */
export function useRowFocus(rowCount: number, page: unknown, atFirst = 0): RowFocus {
  const body = useRef<HTMLTableSectionElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const [current, setCurrent] = useState(atFirst);
  const [lastPage, setLastPage] = useState(page);
  if (page !== lastPage) {
    setLastPage(page);
    if (lastPage !== null) setCurrent(0);
  }

  const isInTable = () => body.current?.contains(document.activeElement) ?? false;
  const isFree = () => document.activeElement === document.body || document.activeElement?.id === 'content' ||
    document.activeElement === scroller.current;
  const move = (step: 1 | -1) => {
    if (rowCount === 0 || !(isInTable() || isFree())) return false;
    // The first key brings the focus to the current row; the ones after it move on.
    const next = isInTable() ? Math.min(rowCount - 1, Math.max(0, current + step)) : current;
    setCurrent(next);
    body.current?.rows[next]?.querySelector('a')?.focus();
    return true;
  };
  const press = (selector: string) => {
    const button = isInTable() ? body.current?.rows[current]?.querySelector<HTMLElement>(selector) : null;
    button?.click();
    return Boolean(button);
  };
  return { current, press, body, scroller, setCurrent, move, isInTable };
}
