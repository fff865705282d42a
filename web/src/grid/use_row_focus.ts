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
}

/** `page` is the identity of the rows: other rows begin at their first. */
export function useRowFocus(rowCount: number, page: unknown): RowFocus {
  const body = useRef<HTMLTableSectionElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const [current, setCurrent] = useState(0);
  const [lastPage, setLastPage] = useState(page);
  if (page !== lastPage) {
    setLastPage(page);
    setCurrent(0);
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
  return { current, body, scroller, setCurrent, move, isInTable };
}
