// Owns the status of an account as it stands in a row, and as a filter. Does not own its words (status/wording.ts).
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Account, AccountStatuses } from '../api/types';
import type { GridFilter } from '../grid/definition';
import { accountStatusLabel, reasonText } from '../status/wording';

/** Nothing for an active one, as in every list. */
export function AccountStatusText({ account }: { account: Account }) {
  if (account.status === 'active') return null;
  const reason = reasonText(account.status_reason_code, account.status_reason_values, account.status_reason);
  return <span title={reason ?? undefined}>{accountStatusLabel(account.status, account.status_label)}</span>;
}

/** Always there: the address may name statuses before the table has come. */
export function useAccountStatusFilter(): GridFilter {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['account statuses'],
    queryFn: ({ signal }) => request<AccountStatuses>('GET', '/account-statuses', { signal }),
    // The table changes with the server's version only.
    staleTime: Infinity,
  });
  return useMemo(() => {
    const options = data?.items.map(({ code, label }) => ({ value: code, label: accountStatusLabel(code, label) })) ?? [];
    return { name: 'status', label: t('status.column'), takes: 'several', isQuick: true, options };
  }, [t, data]);
}
