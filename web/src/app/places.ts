// Owns which lists the product has, in the order of the navigation: where each stands, its name, its keys. Does not own the pages
// (router.tsx). A line is added together with its page, never before it.
export const places = [
  { to: '/customers', label: 'navigation.customers', icon: 'customers', keys: 'g c', going: 'keyboard.goCustomers' },
  { to: '/accounts', label: 'navigation.accounts', icon: 'accounts', keys: 'g a', going: 'keyboard.goAccounts' },
  { to: '/xdrs', label: 'navigation.xdrs', icon: 'xdrs', keys: 'g x', going: 'keyboard.goXdrs' },
  { to: '/resellers', label: 'navigation.resellers', icon: 'resellers', keys: 'g r', going: 'keyboard.goResellers' },
  { to: '/classes', label: 'navigation.classes', icon: 'classes', keys: 'g l', going: 'keyboard.goClasses' },
] as const;
