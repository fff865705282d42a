// Owns lists that the server answers whole because they are short (catalogues, switches): sorting and searching them here as it does for
// long ones. Does not own what is in them.
import { request, type Query } from '../api/client';
import type { Page } from '../api/types';

/** `values` has what a row is sorted by, by the names of columns; a search looks into `name`. */
export async function fetchShort<Row>(path: string, query: Query, signal: AbortSignal, values: (row: Row) => ShortFacts): Promise<Page<Row>> {
  const { items } = await request<{ items: Row[] }>('GET', path, { signal });
  return inOrder(items, query, values);
}

export type ShortFacts = { name: string } & Record<string, string | number | null>;

export function inOrder<Row>(items: Row[], query: Query, values: (row: Row) => ShortFacts): Page<Row> {
  const matches = matching(String(query.search ?? ''), String(query.match ?? 'starts_with'));
  const found = items.filter((row) => matches(values(row).name));
  const sort = String(query.sort ?? '').split(',').filter(Boolean);
  const sorted = [...found].sort((a, b) => {
    for (const part of sort) {
      const column = part.replace(/^-/, '');
      const order = compare(values(a)[column] ?? null, values(b)[column] ?? null);
      if (order !== 0) return part.startsWith('-') ? -order : order;
    }
    return compare(values(a).name, values(b).name);
  });
  const page = { next: null, previous: null, first_position: sorted.length > 0 ? 1 : null };
  return { items: sorted, page, total: { count: sorted.length, exact: true } };
}

/** What is not there comes last. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
}

function matching(search: string, match: string): (name: string) => boolean {
  const wanted = folded(search);
  if (wanted === '') return () => true;
  switch (match) {
    case 'exactly':
      return (name) => folded(name) === wanted;
    case 'contains':
      return (name) => folded(name).includes(wanted);
    case 'ends_with':
      return (name) => folded(name).endsWith(wanted);
    default:
      return (name) => folded(name).startsWith(wanted);
  }
}

const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();
