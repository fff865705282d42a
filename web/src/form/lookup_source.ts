// Owns where the choices of a lookup come from: what is offered, what is found, what a chosen value is called. Does not own how
// one chooses (lookup.tsx).
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';

const TYPING_PAUSE_MILLISECONDS = 200;
const FRESH_MILLISECONDS = 60_000;

export interface LookupOption {
  value: string;
  label: string;
}

export interface LookupSource {
  /** What is looked up, for the cache. */
  name: string;
  /** Offered before what is found. */
  fixed: LookupOption[];
  find: (text: string, signal: AbortSignal) => Promise<LookupOption[]>;
  /** Of a value that an address or a record names. */
  labelOf: (value: string, signal: AbortSignal) => Promise<string>;
}

const labelKey = ({ name }: LookupSource, value: string) => ['lookup label', name, value];

function labelQuery(source: LookupSource, value: string) {
  const fixed = source.fixed.find((option) => option.value === value);
  return {
    queryKey: labelKey(source, value),
    queryFn: ({ signal }: { signal: AbortSignal }) => source.labelOf(value, signal),
    enabled: value !== '' && fixed === undefined,
    staleTime: FRESH_MILLISECONDS,
    placeholderData: fixed?.label,
  };
}

/** What each is called, in the order asked; the value itself where nobody knows. */
export function useLabels(asked: readonly { source: LookupSource; value: string }[]): string[] {
  const found = useQueries({ queries: asked.map(({ source, value }) => labelQuery(source, value)) });
  return asked.map(({ value }, index) => {
    const { data, isError } = found[index] ?? {};
    return data ?? (isError ? value : '…');
  });
}

export function useFound(source: LookupSource, text: string, isWanted: boolean) {
  const client = useQueryClient();
  const [settled] = useDebouncedValue(text.trim(), TYPING_PAUSE_MILLISECONDS);
  const { data, isFetching, isError } = useQuery({
    queryKey: ['lookup', source.name, settled],
    queryFn: ({ signal }) => source.find(settled, signal),
    enabled: isWanted,
    staleTime: FRESH_MILLISECONDS,
    // What was found for fewer letters stays until there is better.
    placeholderData: (before) => before,
  });
  const wanted = text.trim().toLocaleLowerCase();
  const fixed = source.fixed.filter(({ label }) => label.toLocaleLowerCase().includes(wanted));
  return {
    options: [...fixed, ...(data ?? [])],
    isSettled: !isFetching && settled === text.trim(),
    isError,
    /** Whoever chooses one has read its name already. */
    keep: (option: LookupOption) => {
      if (!source.fixed.includes(option)) client.setQueryData(labelKey(source, option.value), option.label);
    },
  };
}
