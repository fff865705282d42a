// Owns how a list's layout is read from the preferences and kept there. Does not own what it means (layout.ts).
import { useCallback, useMemo } from 'react';
import { useChangePreferences, usePreferences } from '../preferences/preferences';
import { layoutFrom, type Layout, type LayoutChange } from './layout';

export function useLayout(name: string): { layout: Layout; changeLayout: (change: LayoutChange) => void } {
  const stored = usePreferences().lists?.[name];
  const changePreferences = useChangePreferences();
  const layout = useMemo(() => layoutFrom(stored), [stored]);
  const changeLayout = useCallback(
    (change: LayoutChange) => changePreferences({ lists: { [name]: change } }),
    [changePreferences, name],
  );
  return { layout, changeLayout };
}
