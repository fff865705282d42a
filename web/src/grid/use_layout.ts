// Owns how a list's layout is read from the preferences and kept there, and that a saved view brings its own columns. Does not own
// what it means (layout.ts).
import { useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { SavedView } from '../api/types';
import { merged, useChangePreferences, usePreferences } from '../preferences/preferences';
import { layoutFrom, type Layout, type LayoutChange } from './layout';
import { useSavedViews } from './use_saved_views';
import type { AddressParameters } from './view_state';

export function useLayout(name: string): { layout: Layout; changeLayout: (change: LayoutChange) => void } {
  const stored = usePreferences().lists?.[name];
  const changePreferences = useChangePreferences();
  const own = useMemo(() => layoutFrom(stored), [stored]);
  const [ofView, setOfView] = useColumnsOfView(name);
  const layout = useMemo(
    () => (ofView ? { ...own, order: ofView.order, shown: ofView.shown, widths: ofView.widths } : own),
    [own, ofView],
  );
  const changeLayout = useCallback(
    (change: LayoutChange) => {
      const { order, shown, widths, ...others } = change;
      const columns = Object.fromEntries(Object.entries({ order, shown, widths }).filter(([, value]) => value !== undefined));
      // The columns of a saved view are changed in it, once it is saved again, and not in everything else.
      if (ofView && Object.keys(columns).length > 0) setOfView(merged(ofView, columns));
      const kept = ofView ? others : change;
      if (Object.keys(kept).length > 0) changePreferences({ lists: { [name]: kept } });
    },
    [changePreferences, name, ofView, setOfView],
  );
  return { layout, changeLayout };
}

/** `null` where no saved view is on, or it has no columns of its own. */
function useColumnsOfView(name: string) {
  const parameters: AddressParameters = useSearch({ strict: false });
  const id = Number(parameters.view);
  const view = useSavedViews(name, parameters.view !== undefined).find((one) => one.id === id) ?? null;
  const [seen, setSeen] = useState<SavedView | null>(null);
  const [columns, setColumns] = useState<Layout | null>(null);
  if (view?.id !== seen?.id || view?.version !== seen?.version) {
    setSeen(view);
    setColumns(view?.columns ? layoutFrom(view.columns) : null);
  }
  return [columns, setColumns] as const;
}
