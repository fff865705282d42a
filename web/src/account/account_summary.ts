// Owns the figures of the list of accounts. Does not own where they are shown (grid/).
import type { TFunction } from 'i18next';
import { request } from '../api/client';
import type { Account, AccountSummary } from '../api/types';
import type { ListDefinition } from '../grid/definition';

export function accountSummary(t: TFunction): ListDefinition<Account>['summary'] {
  return {
    countedFilter: 'status',
    fetch: async (query, signal) => {
      const { total, statuses, totals } = await request<AccountSummary>('GET', '/accounts/summary', { query, signal });
      return {
        total,
        counts: statuses.map(({ status, count }) => ({ value: status, count })),
        totals: totals.map(({ currency, currency_digits: digits, accounts: rows, funds, owed }) => ({
          currency,
          digits,
          rows,
          figures: [
            { label: t('accounts.funds'), amount: funds },
            { label: t('accounts.owed'), amount: owed },
          ],
        })),
      };
    },
  };
}
