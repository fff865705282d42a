// Owns telling whoever has a saved view open that somebody else has changed or deleted it. What they see stays: the next change of
// theirs is the later one. Does not own saved views (grid/use_saved_views.ts).
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { SavedViews } from '../api/types';
import { showNotice } from '../app/notices';
import { savedViewsKey } from '../grid/use_saved_views';
import { useSession } from '../session/session';

interface ViewTold {
  id: number;
  version: number;
}

export function useViewTold(list: string, openId: number | null): (told: unknown) => void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: session } = useSession();
  return (told) => {
    const { id } = told as ViewTold;
    const name = client.getQueryData<SavedViews>(savedViewsKey(list))?.items.find((view) => view.id === id)?.name;
    if (id !== openId || name === undefined) return;
    const tell = async () => {
      const { items } = await request<SavedViews>('GET', '/saved-views', { query: { list } });
      const changed = items.find((view) => view.id === id);
      if (changed === undefined) showNotice(t('live.viewGone', { name }));
      else if (changed.changed_by.id !== session?.staff.id) {
        showNotice(t('live.viewChanged', { name, person: changed.changed_by.name }));
      }
    };
    // It is a word on the side; who saves the view is told by the server.
    tell().catch(() => undefined);
  };
}
