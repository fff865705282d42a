// Owns that axe finds nothing, in every state and both themes. Does not own what axe cannot see (keyboard.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Theme } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, customersRequest, launch, open, openSignedOut, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface State {
  path?: string;
  before?: (page: Page) => Promise<unknown>;
  reach?: (page: Page) => Promise<void>;
  width?: number;
  density?: 'dense';
  language?: string;
}

const states: Record<string, State> = {
  list: {},
  'all statuses, dense and ticked': {
    path: '/customers?sort=status',
    density: 'dense',
    reach: async (page) => {
      await table(page).getByRole('checkbox').nth(2).check();
      await page.getByText('1 selected').waitFor();
    },
  },
  'status card': {
    path: '/customers?status=suspended',
    reach: async (page) => {
      await table(page).getByRole('button', { name: /show why/ }).first().hover();
      await page.getByRole('tooltip').waitFor();
    },
  },
  'filter open': {
    path: '/customers?status=blocked,closed',
    reach: async (page) => {
      await page.getByRole('search').getByRole('button', { name: 'Status', exact: true }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'filter of one value open': {
    path: '/customers?currency=EUR',
    reach: async (page) => {
      await page.getByRole('search').getByRole('button', { name: 'Currency', exact: true }).click();
      await page.getByRole('searchbox', { name: 'Find in Currency' }).waitFor();
    },
  },
  'advice on the search': {
    path: '/customers?match=contains',
    reach: async (page) => {
      await page.getByRole('searchbox', { name: 'Search by name' }).fill('zq');
      await page.getByText(/^At least 3 characters/).waitFor();
    },
  },
  'settings open': {
    reach: async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByText('Striped rows').waitFor();
    },
  },
  'menu open': {
    reach: async (page) => {
      await page.getByRole('button', { name: /Signed in as/ }).click();
      await page.getByText('As the system').waitFor();
    },
  },
  'keyboard help': {
    reach: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    },
  },
  narrow: { width: 390, path: '/customers?sort=status' },
};

const statesWithoutRows: Record<string, State> = {
  loading: {
    before: (page) => page.route(customersRequest, () => undefined),
    reach: (page) => page.getByText('Loading…').waitFor({ state: 'attached' }),
  },
  empty: {
    path: '/customers?search=qqxqqx',
    reach: (page) => page.getByRole('heading', { name: 'No customer matches' }).waitFor(),
  },
  failed: {
    before: (page) => page.route(customersRequest, (route) => route.abort()),
    reach: (page) => page.getByRole('button', { name: 'Retry' }).waitFor(),
  },
};

async function openState(state: State, theme: Theme): Promise<Page> {
  const page = await open(browser, state.path ?? '/customers', {
    preferences: { theme, density: state.density ?? 'compact', language: state.language ?? 'en' },
    context: { viewport: { width: state.width ?? 1366, height: 800 }, reducedMotion: 'reduce' },
    before: state.before,
  });
  await expect
    .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme))
    .toBe(theme);
  return page;
}

describe.each(['light', 'dark'] as const)('axe, %s', (theme) => {
  it.each(Object.keys(states))('%s', async (name) => {
    const state = states[name] ?? {};
    const page = await openState(state, theme);
    await whenListed(page);
    await state.reach?.(page);
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });

  it.each(Object.keys(statesWithoutRows))('%s', async (name) => {
    const state = statesWithoutRows[name] ?? {};
    const page = await openState(state, theme);
    await state.reach?.(page);
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });

  it('stale rows', async () => {
    const page = await openState({}, theme);
    await whenListed(page);
    await page.route(customersRequest, (route) => route.abort());
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });

  it('sign-in, with an error', async () => {
    const page = await openSignedOut(browser, { colorScheme: theme, reducedMotion: 'reduce' });
    await page.goto(baseUrl);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Enter your login.').waitFor();
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });
});

const statesFromRightToLeft: Record<string, State> = {
  list: {},
  'card held open': {
    path: '/customers?status=suspended',
    reach: async (page) => {
      await page.getByRole('table').getByRole('button', { name: /إظهار السبب/ }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  legend: {
    reach: async (page) => {
      await page.getByRole('button', { name: 'دليل الحالات' }).click();
      await page.getByRole('dialog').getByRole('heading', { name: 'معلَّق', exact: true }).waitFor();
    },
  },
  'menu open': {
    reach: async (page) => {
      await page.getByRole('button', { name: /مسجّل الدخول/ }).click();
      await page.getByText('مثل النظام').waitFor();
    },
  },
  'customer page': {
    path: '/customers?status=suspended',
    reach: async (page) => {
      await page.getByRole('table').getByRole('link').first().click();
      await page.getByText('ما هو مسموح به الآن').waitFor();
    },
  },
  narrow: { width: 390 },
};

describe.each(['light', 'dark'] as const)('axe, from right to left, %s', (theme) => {
  it.each(Object.keys(statesFromRightToLeft))('%s', async (name) => {
    const state = statesFromRightToLeft[name] ?? {};
    const page = await openState({ path: '/customers?sort=status', ...state, language: 'ar' }, theme);
    await page.getByRole('table').getByRole('link').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await state.reach?.(page);
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });
});
