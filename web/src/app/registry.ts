// Owns what parts of the screen say of themselves for as long as they are there: entries come and go with the component that has
// them. Does not own what the entries are (shortcuts.ts, commands.ts).
import { useEffect, useRef, useSyncExternalStore } from 'react';

interface Registry<Entry> {
  /** Everything that is on the screen now. */
  entries: () => readonly Entry[];
  useEntries: () => readonly Entry[];
  /** `names` change when there are others; what an entry does may change with every drawing. */
  useRegister: (entries: readonly Entry[], names: string) => void;
}

export function registryOf<Entry>(latestOf: (entry: Entry, latest: () => Entry | undefined) => Entry): Registry<Entry> {
  let groups: readonly (readonly Entry[])[] = [];
  let flat: readonly Entry[] = [];
  const listeners = new Set<() => void>();
  const change = (next: typeof groups) => {
    groups = next;
    flat = next.flat();
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    entries: () => flat,
    useEntries: () => useSyncExternalStore(subscribe, () => flat),
    useRegister: (entries, names) => {
      const latest = useRef(entries);
      useEffect(() => {
        latest.current = entries;
      });
      useEffect(() => {
        const own = latest.current.map((entry, index) => latestOf(entry, () => latest.current[index]));
        change([...groups, own]);
        return () => change(groups.filter((other) => other !== own));
      }, [names]);
    },
  };
}
