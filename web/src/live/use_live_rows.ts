// Owns the rows of a list page as they are now: what was loaded, and what has been told since; and that the figures of the list follow.
// Does not own the reckoning (live_rows.ts), nor what the figures are (grid/use_summary.ts).
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ListDefinition } from '../grid/definition';
import type { List } from '../grid/use_list';
import { afterTold, type LiveRows, type Told } from './live_rows';
import { paced, type Paced } from './paced';
import { useListening, type Liveness } from './use_listening';
import { useViewTold } from './use_view_told';

export interface Live<Row> extends Liveness {
  rows: LiveRows<Row>;
}

export function useLiveRows<Row>(definition: ListDefinition<Row>, list: List<Row>): Live<Row> {
  const { live, rowId } = definition;
  const { page, view } = list;
  const nothing = useMemo<LiveRows<Row>>(() => new Map(), []);
  const [state, setState] = useState({ page, rows: nothing });
  // Rows that are loaded anew are as they are now.
  if (state.page !== page) setState({ page, rows: nothing });

  const ids = page?.items.map(rowId).join(',') ?? '';
  const address = live && page ? `/api/v1/live${ids === '' ? '' : `?${live.parameter}=${ids}`}` : null;
  const tellOfView = useViewTold(definition.name, view.savedViewId);
  const take = {
    [live?.event ?? 'none']: (told: unknown) => {
      if (!live || !page) return;
      const choices = definition.filters.filter((filter) => 'options' in filter).map((filter) => filter.name);
      const loaded = { rows: page.items, view, choices, rowId, facts: live.facts };
      setState((before) => {
        const rows = before.page === page ? afterTold(before.rows, told as Told<Row>, loaded) : before.rows;
        return rows === before.rows ? before : { page: before.page, rows };
      });
    },
    saved_view: tellOfView,
  };
  const liveness = useListening(address, page, take);
  useFreshFigures(definition.name, state.rows);
  return { ...liveness, rows: state.page === page ? state.rows : nothing };
}

function useFreshFigures<Row>(list: string, rows: LiveRows<Row>): void {
  const client = useQueryClient();
  const figures = useRef<Paced | null>(null);
  useEffect(() => {
    const following = paced(() => client.invalidateQueries({ queryKey: ['summary', list] }));
    figures.current = following;
    return following.stop;
  }, [client, list]);
  useEffect(() => {
    if (rows.size > 0) figures.current?.want();
  }, [rows]);
}
