// Owns the saved views of a list: loading, keeping, changing and deleting them, and telling who was overtaken. Does not own the
// panel (saved_views.tsx).
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import { failureOf } from '../api/failure';
import type { SavedView, SavedViewChanged, SavedViews } from '../api/types';
import { showNotice } from '../app/notices';

const noViews: SavedView[] = [];
const FRESH_MILLISECONDS = 10_000;

export interface NewSavedView {
  name: string;
  shared: boolean;
  query: string;
  columns: SavedView['columns'];
}

export type SavedViewChange = Partial<NewSavedView>;

export const savedViewsKey = (list: string) => ['saved views', list];

export function useSavedViews(list: string, isWanted: boolean): SavedView[] {
  const { data } = useQuery({
    queryKey: savedViewsKey(list),
    queryFn: ({ signal }) => request<SavedViews>('GET', '/saved-views', { query: { list }, signal }),
    staleTime: FRESH_MILLISECONDS,
    enabled: isWanted,
  });
  return data?.items ?? noViews;
}

export function useChangeSavedViews(list: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reload = () => void client.invalidateQueries({ queryKey: savedViewsKey(list) });
  const tell = (error: Error) => {
    const { title, detail } = failureOf(error, t);
    showNotice(`${title}. ${detail}`);
  };
  const create = useMutation({
    mutationFn: (view: NewSavedView) => request<SavedView>('POST', '/saved-views', { body: { list, ...view } }),
    onSuccess: reload,
    onError: tell,
  });
  const change = useMutation({
    mutationFn: ({ view, to }: { view: SavedView; to: SavedViewChange }) =>
      request<SavedViewChanged>('PATCH', `/saved-views/${view.id}`, { body: { ...to, seen_version: view.version } }),
    onMutate: ({ view, to }) => {
      client.setQueryData<SavedViews>(savedViewsKey(list), (kept) => ({
        items: kept?.items.map((one) => (one.id === view.id ? { ...one, ...to } : one)) ?? [],
      }));
    },
    onSuccess: ({ name, overtook }) => {
      if (overtook) showNotice(t('views.overtook', { name, person: overtook.changed_by.name }));
      reload();
    },
    onError: (error: Error) => {
      tell(error);
      reload();
    },
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => request<void>('DELETE', `/saved-views/${view.id}`),
    onSuccess: reload,
    onError: tell,
  });
  return { create: create.mutate, change: change.mutate, remove: remove.mutate };
}
