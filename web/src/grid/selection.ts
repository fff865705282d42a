// Owns which rows are ticked: by id, with their names, over the pages of one filter; or all that match it. Does not own what is
// done with them.
import { useCallback, useMemo, useState } from 'react';
import type { ListDefinition } from './definition';

export interface Picked {
  /** Of each ticked row its name, to be named before something is done to it. */
  names: ReadonlyMap<number, string>;
  /** Every row that matches, seen or not; then `names` is of no matter. */
  isAllMatching: boolean;
}

export const nothingPicked: Picked = { names: new Map(), isAllMatching: false };

export interface PageSelection {
  isAll: boolean;
  isSome: boolean;
  toggle: (isOn: boolean) => void;
}

export interface Selection extends Picked {
  has: (id: number) => boolean;
  toggle: (id: number, name: string) => void;
  clear: () => void;
  takeAllMatching: () => void;
  ofPage: <Row>(rows: readonly Row[], definition: ListDefinition<Row>) => PageSelection;
}

/** Ticks stay when the filter changes; "all that match" would be others then, and goes. */
export function useSelection(atFirst: Picked, filter: string): Selection {
  const [picked, setPicked] = useState(atFirst);
  const [lastFilter, setLastFilter] = useState(filter);
  if (filter !== lastFilter) {
    setLastFilter(filter);
    if (picked.isAllMatching) setPicked(nothingPicked);
  }
  const toggle = useCallback((id: number, name: string) => {
    setPicked(({ names, isAllMatching }) => {
      // Out of all that match no single one can be taken: begin anew with this one.
      const others = new Map(isAllMatching ? [] : names);
      if (!others.delete(id)) others.set(id, name);
      return { names: others, isAllMatching: false };
    });
  }, []);
  return useMemo(() => {
    const { names, isAllMatching } = picked;
    const has = (id: number) => isAllMatching || names.has(id);
    return {
      ...picked,
      has,
      toggle,
      clear: () => setPicked(nothingPicked),
      takeAllMatching: () => setPicked({ names: new Map(), isAllMatching: true }),
      ofPage: (rows, definition) => ({
        isAll: rows.length > 0 && rows.every((row) => has(definition.rowId(row))),
        isSome: rows.some((row) => has(definition.rowId(row))),
        toggle: (isOn) => {
          const others = new Map(isAllMatching ? [] : names);
          for (const row of rows) {
            if (isOn) others.set(definition.rowId(row), definition.rowName(row));
            else others.delete(definition.rowId(row));
          }
          setPicked({ names: others, isAllMatching: false });
        },
      }),
    };
  }, [picked, toggle]);
}
