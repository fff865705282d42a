// Owns which option of a list below a field is the active one, while the focus stays in the field: arrows, Home and End walk
// over them. Does not own what choosing one does.
import { useState, type KeyboardEvent } from 'react';

/** `list` is the identity of the options: others begin at their first. */
export function useActiveOption(count: number, list: unknown, isFirstActive: boolean) {
  const first = isFirstActive ? 0 : -1;
  const [active, setActive] = useState(first);
  const [lastList, setLastList] = useState(list);
  if (list !== lastList) {
    setLastList(list);
    setActive(first);
  }
  /** `false` where the key is the field's own. */
  const walk = (event: KeyboardEvent): boolean => {
    if (count === 0) return false;
    const next = { ArrowDown: active + 1, ArrowUp: active <= 0 ? count - 1 : active - 1 }[event.key];
    if (next === undefined) return false;
    setActive(next % count);
    event.preventDefault();
    return true;
  };
  return { active: active < count ? active : first, setActive, walk };
}

/** Of the option that is active; the list scrolls to it. */
export function intoSight(isActive: boolean) {
  return (element: HTMLElement | null) => {
    if (isActive) element?.scrollIntoView({ block: 'nearest' });
  };
}
