// Owns the keyboard of the whole page: which keys are taken by what is on the screen now, and that none is taken from
// someone who types. Does not own what a key does; whoever registers it does.
import { registryOf } from './registry';

const SEQUENCE_MILLISECONDS = 1_000;

export interface Shortcut {
  /** As `KeyboardEvent.key` has it; two keys one after the other with a blank between: "g c"; one held with Control: "Ctrl+K". */
  keys: readonly string[];
  description: string;
  /** Says `false` where the key means nothing now, so that the browser may have it. */
  run: (event: KeyboardEvent) => boolean | void;
}

const registry = registryOf<Shortcut>((shortcut, latest) => ({ ...shortcut, run: (event) => latest()?.run(event) }));
let prefix: { key: string; at: number } | null = null;
window.addEventListener('keydown', onKeyDown);

/** Registers keys for as long as the component is on the screen. The list shown by the help is the list that works. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  registry.useRegister(shortcuts, shortcuts.map((shortcut) => `${shortcut.keys.join()}:${shortcut.description}`).join('|'));
}

export const useRegisteredShortcuts = registry.useEntries;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey) return;
  const all = registry.entries();
  // The same key, held with Control or with the Command key, also where one types.
  const held = event.ctrlKey || event.metaKey ? `Ctrl+${event.key.toUpperCase()}` : null;
  // A dialog or a menu has the keyboard to itself; in a field only Escape is ours.
  if (document.querySelector('dialog[open], [role="dialog"], [role="menu"]') || (isTyping(event.target) && event.key !== 'Escape' && held === null)) return;
  if (held !== null) {
    const meant = all.find((shortcut) => shortcut.keys.includes(held));
    if (meant && meant.run(event) !== false) event.preventDefault();
    return;
  }

  const sequence = prefix && performance.now() - prefix.at < SEQUENCE_MILLISECONDS ? `${prefix.key} ${event.key}` : null;
  prefix = null;
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
