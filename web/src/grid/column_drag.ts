// Owns moving and widening a column with a mouse, a pen or a finger. A finger has to rest a moment first, so that it can still
// scroll the table. Does not own the keyboard's way (grid_header.tsx) nor what comes of it.
import { useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from 'react';
import { withinLimits } from './layout';

const MOVED_PIXELS_MIN = 5;
const REST_MILLISECONDS = 300;

interface ColumnDrag {
  lift: (id: string) => void;
  /** Among the other columns. */
  moveTo: (id: string, place: number) => void;
  drop: (id: string) => void;
  putBack: (id: string) => void;
}

interface Drag {
  id: string;
  x: number;
  isLifted: boolean;
  /** Where the other columns were when the drag began: what moves meanwhile must not move the target. */
  middles: number[];
  end: () => void;
}

export function useColumnDrag(control: ColumnDrag) {
  const latest = useRef(control);
  useEffect(() => {
    latest.current = control;
  });
  const drag = useRef<Drag | null>(null);
  const hasMoved = useRef(false);
  useEffect(() => () => drag.current?.end(), []);

  const onPointerDown = (event: ReactPointerEvent<HTMLElement>, id: string) => {
    hasMoved.current = false;
    if (event.button !== 0 || drag.current) return;
    drag.current = begin(event, id, latest, () => {
      hasMoved.current = drag.current?.isLifted ?? false;
      drag.current = null;
    });
  };
  /** The click that ends a drag is not one on the header. */
  const isClick = () => {
    const isOne = !hasMoved.current;
    hasMoved.current = false;
    return isOne;
  };
  return { onPointerDown, isClick };
}

function begin(event: ReactPointerEvent<HTMLElement>, id: string, control: RefObject<ColumnDrag>, ended: () => void): Drag {
  const isTouch = event.pointerType === 'touch';
  const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl';
  const drag: Drag = { id, x: event.clientX, isLifted: false, middles: middlesOfOthers(event.currentTarget), end };
  const timer = isTouch ? setTimeout(lift, REST_MILLISECONDS) : undefined;

  function lift() {
    drag.isLifted = true;
    control.current.lift(id);
  }
  function onMove(move: PointerEvent) {
    const isFar = Math.abs(move.clientX - drag.x) >= MOVED_PIXELS_MIN;
    if (!drag.isLifted && isFar) {
      // A finger that moves at once scrolls.
      if (isTouch) return end();
      lift();
    }
    if (!drag.isLifted) return;
    control.current.moveTo(id, drag.middles.filter((x) => (isMirrored ? x > move.clientX : x < move.clientX)).length);
  }
  function onUp() {
    if (drag.isLifted) control.current.drop(id);
    end();
  }
  function giveUp() {
    if (drag.isLifted) control.current.putBack(id);
    end();
  }
  function onKey(key: KeyboardEvent) {
    if (key.key !== 'Escape' || !drag.isLifted) return;
    key.stopPropagation();
    giveUp();
  }
  function onTouchMove(touch: TouchEvent) {
    if (drag.isLifted) touch.preventDefault();
  }
  function end() {
    clearTimeout(timer);
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', onUp);
    window.removeEventListener('pointercancel', giveUp);
    window.removeEventListener('keydown', onKey, true);
    window.removeEventListener('touchmove', onTouchMove);
    ended();
  }
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', onUp);
  window.addEventListener('pointercancel', giveUp);
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('touchmove', onTouchMove, { passive: false });
  return drag;
}

function middlesOfOthers(button: HTMLElement): number[] {
  const own = button.closest('th');
  const others = Array.from(own?.parentElement?.children ?? []).filter((cell) => cell !== own && cell.hasAttribute('data-column'));
  return others.map((cell) => {
    const { left, width } = cell.getBoundingClientRect();
    return left + width / 2;
  });
}

/** The column follows the pointer; the width is kept when it is let go. */
export function useColumnResize(keep: (id: string, width: number) => void) {
  return (event: ReactPointerEvent<HTMLElement>, id: string, index: number) => {
    const header = event.currentTarget.closest('th');
    // The first one is the column of the boxes.
    const column = header?.closest('table')?.querySelectorAll('col')[index + 1];
    if (event.button !== 0 || !header || !column) return;
    event.preventDefault();
    const before = header.offsetWidth;
    const sign = getComputedStyle(header).direction === 'rtl' ? -1 : 1;
    const start = event.clientX;
    let width = before;
    const onMove = (move: PointerEvent) => {
      width = withinLimits(before + sign * (move.clientX - start));
      column.style.width = `${width}px`;
    };
    const onEnd = () => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onEnd);
      window.removeEventListener('pointercancel', onEnd);
      if (width !== before) keep(id, width);
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onEnd);
    window.addEventListener('pointercancel', onEnd);
  };
}
