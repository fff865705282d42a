// Owns the addresses of the product and which page stands at each. Does not own what a page's parameters mean
// (grid/view_state.ts).
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Link, redirect } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { withWords } from '../language/setup';
import { SessionGate } from '../session/gate';
import { StatusCardProvider } from '../status/card';
import { CustomerList } from '../customer/customer_list';
import type { AddressParameters } from '../grid/view_state';
import { Crashed } from './failed';
import { Shell } from './shell';
import styles from './app.module.css';

const root = createRootRouteWithContext()({
  component: () => (
    <SessionGate>
      {(session) => (
        <StatusCardProvider>
          <Shell session={session} />
        </StatusCardProvider>
      )}
    </SessionGate>
  ),
  errorComponent: Crashed,
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/customers', throw: true });
  },
});

/** What all lists have; their whole view stands in the address. */
const list = {
  getParentRoute: () => root,
  validateSearch: (search: Record<string, unknown>) => search as AddressParameters,
};

const customers = createRoute({
  ...list,
  path: '/customers',
  component: CustomerList,
});

const accounts = createRoute({
  ...list,
  path: '/accounts',
  component: lazyRouteComponent(() => withWords(import('../account/account_list'))),
});

const xdrs = createRoute({
  ...list,
  path: '/xdrs',
  component: lazyRouteComponent(() => withWords(import('../xdr/xdr_list'))),
});

const resellers = createRoute({
  ...list,
  path: '/resellers',
  component: lazyRouteComponent(() => withWords(import('../customer/reseller_list'))),
});

const customerClasses = createRoute({
  ...list,
  path: '/classes',
  component: lazyRouteComponent(() => withWords(import('../class/class_list'))),
});

const products = createRoute({
  ...list,
  path: '/products',
  component: lazyRouteComponent(() => withWords(import('../product/product_list'))),
});

const tariffs = createRoute({
  ...list,
  path: '/tariffs',
  component: lazyRouteComponent(() => withWords(import('../tariff/tariff_list'))),
});

const dids = createRoute({
  ...list,
  path: '/dids',
  component: lazyRouteComponent(() => withWords(import('../did/did_list'))),
});

const nases = createRoute({
  ...list,
  path: '/nas',
  component: lazyRouteComponent(() => withWords(import('../nas/nas_list'))),
});

const sessions = createRoute({
  ...list,
  path: '/sessions',
  component: lazyRouteComponent(() => withWords(import('../usage/session_list'))),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/accounts/$id',
  component: lazyRouteComponent(() => withWords(import('../account/account_page'))),
});

const xdr = createRoute({
  getParentRoute: () => root,
  path: '/xdrs/$id',
  component: lazyRouteComponent(() => withWords(import('../xdr/xdr_page'))),
});

const product = createRoute({
  getParentRoute: () => root,
  path: '/products/$id',
  component: lazyRouteComponent(() => withWords(import('../product/product_page'))),
});

const tariff = createRoute({
  getParentRoute: () => root,
  path: '/tariffs/$id',
  component: lazyRouteComponent(() => withWords(import('../tariff/tariff_page'))),
});

const did = createRoute({
  getParentRoute: () => root,
  path: '/dids/$id',
  component: lazyRouteComponent(() => withWords(import('../did/did_page'))),
});

const nas = createRoute({
  getParentRoute: () => root,
  path: '/nas/$id',
  component: lazyRouteComponent(() => withWords(import('../nas/nas_page'))),
});

/** Loaded when it is asked for: the list does without it. */
const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$id',
  component: lazyRouteComponent(() => withWords(import('../customer/customer_page'))),
});

const newCustomer = createRoute({
  getParentRoute: () => root,
  path: '/customers/new',
  validateSearch: ({ type }: Record<string, unknown>): { type?: 'reseller' } => (type === 'reseller' ? { type } : {}),
  component: lazyRouteComponent(() => withWords(import('../customer/customer_new'))),
});

const customerClass = createRoute({
  getParentRoute: () => root,
  path: '/classes/$id',
  component: lazyRouteComponent(() => withWords(import('../class/class_page'))),
});

const newCustomerClass = createRoute({
  getParentRoute: () => root,
  path: '/classes/new',
  component: lazyRouteComponent(() => withWords(import('../class/class_new'))),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    customers,
    accounts,
    xdrs,
    resellers,
    customerClasses,
    products,
    tariffs,
    dids,
    nases,
    sessions,
    newCustomer,
    customer,
    newCustomerClass,
    customerClass,
    account,
    xdr,
    product,
    tariff,
    did,
    nas,
  ]),
  // Plain `name=value`, as the server has it; the router's own form would put JSON into the address.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = addressText(search as AddressParameters);
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Commas stay readable: "status=blocked,closed" is a link that people paste to each other. */
function addressText(parameters: AddressParameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given).toString().replaceAll('%2C', ',');
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <div className={styles.whole}>
      <h1 className={styles.wholeTitle}>{t('failure.pageNotFound')}</h1>
      <Link to="/customers">{t('failure.toCustomers')}</Link>
    </div>
  );
}
