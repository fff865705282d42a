// Owns the keyboard of the whole page: which keys are taken by what is on the screen now, and that none is taken from
// someone who types. Does not own what a key does; whoever registers it does.
import { useEffect, useRef, useSyncExternalStore } from 'react';

const SEQUENCE_MILLISECONDS = 1_000;

export interface Shortcut {
  /** As `KeyboardEvent.key` has it; two keys one after the other with a blank between: "g c". */
  keys: readonly string[];
  description: string;
  /** Says `false` where the key means nothing now, so that the browser may have it. */
  run: (event: KeyboardEvent) => boolean | void;
}

let registered: readonly (readonly Shortcut[])[] = [];
let prefix: { key: string; at: number } | null = null;
const listeners = new Set<() => void>();

/** Registers keys for as long as the component is on the screen. The list shown by the help is the list that works. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const names = shortcuts.map((shortcut) => `${shortcut.keys.join()}:${shortcut.description}`).join('|');
  useEffect(() => {
    const entries = latest.current.map((shortcut, index): Shortcut => ({
      ...shortcut,
      run: (event) => latest.current[index]?.run(event),
    }));
    change([...registered, entries]);
    return () => change(registered.filter((other) => other !== entries));
  }, [names]);
}

export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => registered).flat();
}

function change(next: typeof registered): void {
  if (registered.length === 0 && next.length > 0) window.addEventListener('keydown', onKeyDown);
  if (next.length === 0) window.removeEventListener('keydown', onKeyDown);
  registered = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  // A dialog or a menu has the keyboard to itself; in a field only Escape is ours.
  if (document.querySelector('[role="dialog"], [role="menu"]') || (isTyping(event.target) && event.key !== 'Escape')) return;

  const sequence = prefix && performance.now() - prefix.at < SEQUENCE_MILLISECONDS ? `${prefix.key} ${event.key}` : null;
  prefix = null;
  const all = registered.flat();
  const match = all.find((shortcut) => sequence !== null && shortcut.keys.includes(sequence)) ??
    all.find((shortcut) => shortcut.keys.includes(event.key));
  if (match) {
    if (match.run(event) !== false) event.preventDefault();
  } else if (all.some((shortcut) => shortcut.keys.some((keys) => keys.startsWith(`${event.key} `)))) {
    prefix = { key: event.key, at: performance.now() };
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
