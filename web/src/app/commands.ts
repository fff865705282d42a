// Owns what can be done on the page as it is now, by name, for the command palette. Does not own doing it; whoever registers it does.
import { registryOf } from './registry';

export interface Command {
  label: string;
  run: () => void;
}

const registry = registryOf<Command>((command, latest) => ({ ...command, run: () => latest()?.run() }));

export function useCommands(commands: readonly Command[]): void {
  registry.useRegister(commands, commands.map(({ label }) => label).join('|'));
}

export const useRegisteredCommands = registry.useEntries;
