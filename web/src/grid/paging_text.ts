// Owns the words for where in a list a page is: "26–50 of 1,204". Does not own the buttons beside them.
import type { TFunction } from 'i18next';
import type { Page } from '../api/types';

type Count = (count: number) => string;

/** `null` total: the server was not asked, or could not count in time. */
export function pagingText(page: Page<unknown>, t: TFunction, formatCount: Count): string {
  const rows = page.items.length;
  if (rows === 0) return t('grid.noRows');
  const total = totalText(page.total, t, formatCount);
  const first = page.page.first_position;
  if (first === null) {
    // Deep in a list too long to count, nobody knows the place; the number of rows is still true.
    const rowsText = t('grid.rows', { count: rows, formatted: formatCount(rows) });
    return total === null ? rowsText : t('grid.rowsOf', { rows: rowsText, total });
  }
  const range = { from: formatCount(first), to: formatCount(first + rows - 1) };
  return total === null ? t('grid.rangeOfUnknown', range) : t('grid.range', { ...range, total });
}

export function totalText(total: Page<unknown>['total'], t: TFunction, formatCount: Count): string | null {
  if (total === null) return null;
  const count = formatCount(total.count);
  return total.exact ? count : t('grid.moreThan', { formatted: count });
}
