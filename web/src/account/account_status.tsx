// Owns the status of an account as it stands in a row and on its page, and as a filter. Does not own its words (status/wording.ts),
// nor the card that explains it (status/card.tsx).
import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Account, AccountStatusCode, AccountStatuses, StatusCode, Tone } from '../api/types';
import type { GridFilter } from '../grid/definition';
import { CardBadge } from '../status/badge';
import { useStatusCard, type StatusCardControl } from '../status/card_context';
import { shapes, StatusDrawing } from '../status/icon';
import { accountStatusLabel, reasonText } from '../status/wording';

/** What accounts alone can be. */
const own: Partial<Record<AccountStatusCode, { shape: ReactNode; tone: Tone }>> = {
  expired: { tone: 'grey', shape: <path d="M2.25 3.5h11.5v10.25H2.25zM2.25 6.5h11.5M5.25 1.75v3M10.75 1.75v3M6 8.5l4 3.5M10 8.5L6 12" /> },
  quarantine: { tone: 'red', shape: <path d="M8 1.5l5.5 2v4c0 3.4-2.2 5.8-5.5 7-3.3-1.2-5.5-3.6-5.5-7v-4zM8 5v3.5M8 11h.01" /> },
  screening: { tone: 'amber', shape: <path d="M7 2.25a4.75 4.75 0 1 0 0 9.5 4.75 4.75 0 0 0 0-9.5zM10.5 10.5l3.25 3.25M7 4.75v2.5M7 9.25h.01" /> },
  inactive: { tone: 'grey', shape: <path d="M8 1.75v5.5M4.75 3.75a5.25 5.25 0 1 0 6.5 0" /> },
  not_yet_active: { tone: 'blue', shape: <path d="M8 2.25a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.5zM8 4.75V8l2.25 1.5" /> },
  overdraft: { tone: 'orange', shape: <path d="M1.75 8h12.5M4 11l4 3.25L12 11M8 8v6M4.5 4.5h7" /> },
};

/** What the customer has and permits everything; the server's table says for the others which status of customers they are like. */
const likeOf: Partial<Record<AccountStatusCode, StatusCode>> = {
  customer_limiting_delayed: 'limiting_delayed',
  customer_suspension_delayed: 'suspension_delayed',
  frozen: 'frozen',
};

/** The same shape, smaller, with a head and shoulders at its foot: the cause lies with the customer. */
function withPerson(shape: ReactNode): ReactNode {
  return (
    <>
      <g transform="scale(0.66)">{shape}</g>
      <path fill="currentColor" stroke="none" d="M12 8.25a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8zM8.5 16c0-2 1.5-3.25 3.5-3.25s3.5 1.25 3.5 3.25z" />
    </>
  );
}

type LikeCustomer = Partial<Record<AccountStatusCode, StatusCode | null>>;

function drawingOf(code: AccountStatusCode, like: LikeCustomer, byCode: StatusCardControl['byCode']): ReactNode {
  const drawn = own[code];
  if (drawn) return <StatusDrawing {...drawn} />;
  const info = byCode[likeOf[code] ?? like[code] ?? 'active'];
  const shape = info && shapes[info.icon];
  if (!info || !shape) return null;
  return <StatusDrawing shape={code.startsWith('customer_') ? withPerson(shape) : shape} tone={info.tone} />;
}

interface AccountStatusProps {
  account: Account;
  /** In a list an active one has nothing. */
  saysActive?: boolean;
  tabIndex?: number;
}

export function AccountStatusBadge({ account, saysActive = false, tabIndex }: AccountStatusProps) {
  const { byCode } = useStatusCard();
  const { data } = useAccountStatuses();
  const { status, status_label } = account;
  if (status === 'active') return saysActive ? accountStatusLabel(status, status_label) : null;
  const subjectOf = () => ({
    sentence: reasonText(account.status_reason_code, account.status_reason_values, account.status_reason),
    since: null,
    next: account.status_changes_at === null ? null : { at: account.status_changes_at, sentence: null },
    also: account.statuses.filter((other) => other !== status).map((other) => accountStatusLabel(other, data?.labels[other] ?? other)),
  });
  const drawing = drawingOf(status, data?.like ?? {}, byCode);
  return <CardBadge label={accountStatusLabel(status, status_label)} drawing={drawing} subjectOf={subjectOf} tabIndex={tabIndex} withLabel />;
}

function useAccountStatuses() {
  return useQuery({
    queryKey: ['account statuses'],
    queryFn: async ({ signal }) => {
      const { items } = await request<AccountStatuses>('GET', '/account-statuses', { signal });
      const like: LikeCustomer = Object.fromEntries(items.map((item) => [item.code, item.like]));
      const labels: Partial<Record<AccountStatusCode, string>> = Object.fromEntries(items.map(({ code, label }) => [code, label]));
      return { items, like, labels };
    },
    // The table changes with the server's version only.
    staleTime: Infinity,
  });
}

/** Always there: the address may name statuses before the table has come. */
export function useAccountStatusFilter(): GridFilter {
  const { t } = useTranslation();
  const { byCode } = useStatusCard();
  const { data } = useAccountStatuses();
  return useMemo(() => {
    const options =
      data?.items.map(({ code, label }) => ({ value: code, label: accountStatusLabel(code, label), icon: drawingOf(code, data.like, byCode) })) ?? [];
    return { name: 'status', label: t('status.column'), takes: 'several', isQuick: true, options };
  }, [t, data, byCode]);
}
