// Owns the preferences of the signed-in person: loaded once, changed at once on the screen, saved on the server.
// Does not own what a preference does; whoever draws reads it here.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Density, Preferences, RowsPerPage, Theme } from '../api/types';
import { showNotice } from '../app/notices';

export const rowsPerPageChoices: readonly RowsPerPage[] = [10, 25, 50, 100, 250];
export const densities: readonly Density[] = ['comfortable', 'compact', 'dense'];
export const themes: readonly Theme[] = ['light', 'dark', 'system'];

const defaults = { rows_per_page: 25, theme: 'system', density: 'compact', striped: false } as const;
const preferencesKey = ['preferences'];

type Known = Preferences & Required<Pick<Preferences, keyof typeof defaults>>;

const preferencesQuery = {
  queryKey: preferencesKey,
  queryFn: ({ signal }: { signal: AbortSignal }) => request<Preferences>('GET', '/preferences', { signal }),
  staleTime: Infinity,
};

/** Inside the session gate they have been loaded already; see `useLoadPreferences`. */
export function usePreferences(): Known {
  // Not asked for here: work goes on with the usual settings when the saved ones could not be had.
  const { data } = useQuery({ ...preferencesQuery, enabled: false });
  return useMemo(() => ({ ...defaults, ...data }), [data]);
}

/** Before anything is drawn, or rows would first appear in the usual height and then jump to the chosen one. */
export function useLoadPreferences(isSignedIn: boolean): { isSettled: boolean } {
  const { t } = useTranslation();
  const { isError, isSuccess } = useQuery({ ...preferencesQuery, enabled: isSignedIn });
  const hasFailed = isSignedIn && isError;
  useEffect(() => {
    if (hasFailed) showNotice(t('preferences.notLoaded'));
  }, [hasFailed, t]);
  return { isSettled: isSuccess || isError };
}

export function useChangePreferences(): (change: Preferences) => void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (change: Preferences) => {
      const seenVersion = client.getQueryData<Preferences>(preferencesKey)?.version;
      return request<Preferences>('PATCH', '/preferences', { body: { ...change, seen_version: seenVersion } });
    },
    // One after the other, so that of two quick changes the later one wins on the server too.
    scope: { id: 'preferences' },
    onSuccess: (saved) => {
      const { overtook, ...preferences } = saved;
      // The later change wins; what else was changed elsewhere is taken over, and told.
      if (overtook) showNotice(t('preferences.changedElsewhere'));
      client.setQueryData<Preferences>(preferencesKey, (current) =>
        overtook ? preferences : { ...current, version: preferences.version },
      );
    },
    onError: () => showNotice(t('preferences.notSaved')),
  });
  return useCallback(
    (change: Preferences) => {
      void client.cancelQueries({ queryKey: preferencesKey });
      // Before anything is waited for: a box that is ticked is ticked at once.
      client.setQueryData<Preferences>(preferencesKey, (current) => merged(current ?? {}, change));
      mutate(change);
    },
    [client, mutate],
  );
}

/** As the server merges (RFC 7396): objects key by key, null takes a key away, anything else replaces. */
export function merged<Kept extends object>(kept: Kept, change: object): Kept {
  const result = { ...kept } as Record<string, unknown>;
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else if (isObject(value)) result[key] = merged(isObject(result[key]) ? result[key] : {}, value);
    else result[key] = value;
  }
  return result as Kept;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
