// Owns which action of staff ends a status, and where it is done. Does not own whether it may be done: the session says what
// the person may, the server decides.
import type { Permission, StatusCode } from '../api/types';

/** What the customer's page opens when its address says `do=`. */
export type EndingAction = 'record_payment' | 'lift' | 'unblock' | 'restore';

const permissions: Record<EndingAction, Permission> = {
  record_payment: 'transaction.post',
  lift: 'customer.lift_suspension',
  unblock: 'customer.block',
  restore: 'customer.restore',
};

/** The first is what ends it for good. What only the reseller, another installation or the clock ends has none. */
const endings: Partial<Record<StatusCode, readonly EndingAction[]>> = {
  blocked: ['unblock'],
  suspended: ['record_payment', 'lift'],
  provisionally_terminated: ['restore'],
  limited: ['record_payment', 'lift'],
  limiting_delayed: ['record_payment'],
  credit_exceeded: ['record_payment'],
  no_available_funds: ['record_payment'],
  suspension_delayed: ['record_payment'],
};

export function endingActions(code: StatusCode, may: readonly Permission[]): EndingAction[] {
  return (endings[code] ?? []).filter((action) => may.includes(permissions[action]));
}
