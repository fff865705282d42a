// Owns the figures of a customer's xDRs. Does not own where they are shown (grid/).
import type { TFunction } from 'i18next';
import { request } from '../api/client';
import type { Xdr, XdrSummary } from '../api/types';
import type { ListDefinition } from '../grid/definition';

export function xdrSummary(t: TFunction): ListDefinition<Xdr>['summary'] {
  return {
    // The server counts no kinds.
    countedFilter: 'kind',
    fetch: async (query, signal) => {
      const { total, totals } = await request<XdrSummary>('GET', '/xdrs/summary', { query, signal });
      return {
        total: total?.count ?? 0,
        counts: [],
        totals: totals.map(({ currency, currency_digits: digits, xdrs: rows, charged, credited }) => ({
          currency,
          digits,
          rows,
          figures: [
            { label: t('xdrs.charged'), amount: charged },
            { label: t('xdrs.credited'), amount: credited },
          ],
        })),
      };
    },
  };
}
