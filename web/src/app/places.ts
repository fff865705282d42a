// Owns which lists the product has, in the order of the navigation: where each stands, its name, its keys. Does not own the pages
// (router.tsx). A line is added together with its page, never before it.
import { useMemo } from 'react';
import { usePermissions } from '../session/session';

export const places = [
  { to: '/customers', label: 'navigation.customers', icon: 'customers', keys: 'g c', going: 'keyboard.goCustomers', needs: 'customer.read' },
  { to: '/accounts', label: 'navigation.accounts', icon: 'accounts', keys: 'g a', going: 'keyboard.goAccounts', needs: 'account.read' },
  { to: '/xdrs', label: 'navigation.xdrs', icon: 'xdrs', keys: 'g x', going: 'keyboard.goXdrs', needs: 'xdr.read' },
  { to: '/resellers', label: 'navigation.resellers', icon: 'resellers', keys: 'g r', going: 'keyboard.goResellers', needs: 'customer.read' },
  { to: '/classes', label: 'navigation.classes', icon: 'classes', keys: 'g l', going: 'keyboard.goClasses', needs: 'customer_class.read' },
  { to: '/products', label: 'navigation.products', icon: 'products', keys: 'g p', going: 'keyboard.goProducts', needs: 'product.read' },
  { to: '/tariffs', label: 'navigation.tariffs', icon: 'tariffs', keys: 'g t', going: 'keyboard.goTariffs', needs: 'tariff.read' },
  { to: '/dids', label: 'navigation.dids', icon: 'dids', keys: 'g d', going: 'keyboard.goDids', needs: 'did.read' },
  { to: '/nas', label: 'navigation.nas', icon: 'nas', keys: 'g n', going: 'keyboard.goNas', needs: 'nas.read' },
  { to: '/sessions', label: 'navigation.sessions', icon: 'sessions', keys: 'g s', going: 'keyboard.goSessions', needs: 'session.read' },
] as const;

/** Those that the person's role may see. */
export function usePlaces(): readonly (typeof places)[number][] {
  const may = usePermissions();
  return useMemo(() => places.filter(({ needs }) => may(needs)), [may]);
}
