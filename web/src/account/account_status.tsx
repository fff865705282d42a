// Owns the status of an account as it stands in a row. Does not own its words (status/wording.ts).
import type { Account } from '../api/types';
import { accountStatusLabel, reasonText } from '../status/wording';

/** Nothing for an active one, as in every list. */
export function AccountStatusText({ account }: { account: Account }) {
  if (account.status === 'active') return null;
  return <span title={reasonOf(account) ?? undefined}>{accountStatusLabel(account.status, account.status_label)}</span>;
}

export function reasonOf({ status_reason_code, status_reason_values, status_reason }: Account): string | null {
  return reasonText(status_reason_code, status_reason_values, status_reason);
}
