// Owns which customers this person has looked at last, in this window: names of customers do not outlive it, nor the sign-out.
// Does not own where they are offered (app/palette.tsx).
import { useEffect } from 'react';
import { useSession } from '../session/session';

const KEY = 'trunkline.recent';
const KEPT_MAX = 6;

export interface RecentCustomer {
  id: number;
  name: string;
}

interface Recent {
  login: string;
  customers: RecentCustomer[];
}

export function recentCustomers(login: string): RecentCustomer[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Recent | null;
    return kept?.login === login ? kept.customers : [];
  } catch {
    // A browser that keeps nothing, or something else under this name.
    return [];
  }
}

export function useRemember({ id, name }: RecentCustomer): void {
  const login = useSession().data?.staff.login;
  useEffect(() => {
    if (login === undefined) return;
    const others = recentCustomers(login).filter((one) => one.id !== id);
    keep({ login, customers: [{ id, name }, ...others].slice(0, KEPT_MAX) });
  }, [login, id, name]);
}

export function forgetRecent(): void {
  keep(null);
}

function keep(recent: Recent | null): void {
  try {
    if (recent === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(recent));
  } catch {
    // The same: then there are none to offer.
  }
}
