// Owns what stays in its place: nothing jumps while rows load, nothing hangs over the edge, amounts line up.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Density } from '../src/api/types';
import { customersFromServer, customersRequest, expectNames, gate, launch, open, rowLinks, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const heights: [Density, number][] = [
  ['comfortable', 44],
  ['compact', 36],
  ['dense', 28],
];

type Watched = typeof window & { jumps: PerformanceObserver; jumped: number };

/** What the browser itself counts as a jump; it has to be asked before the page begins. */
const watchJumps = (page: Page) =>
  page.addInitScript(() => {
    const watched = window as Watched;
    const add = (entries: PerformanceEntryList) => {
      for (const entry of entries) watched.jumped += (entry as unknown as { value: number }).value;
    };
    watched.jumped = 0;
    watched.jumps = new PerformanceObserver((list) => add(list.getEntries()));
    watched.jumps.observe({ type: 'layout-shift', buffered: true });
  });

/** 0 is none. The frame that is being drawn now is waited for. */
const jumps = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const watched = window as Watched;
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            for (const entry of watched.jumps.takeRecords()) {
              watched.jumped += (entry as unknown as { value: number }).value;
            }
            resolve(watched.jumped);
          }),
        );
      }),
  );

describe.each(heights)('%s', (density, height) => {
  it('has rows of its height, and they come without a jump', async () => {
    const hold = gate();
    const page = await open(browser, '/customers', {
      preferences: { density },
      before: async (opened) => {
        await watchJumps(opened);
        await opened.route(customersRequest, async (route) => {
          await hold.opened;
          await route.continue();
        });
      },
    });
    await page.getByText('Loading…').waitFor({ state: 'attached' });
    const waiting = await table(page).boundingBox();
    hold.release();
    await whenListed(page);
    const row = await table(page).getByRole('row').nth(1).boundingBox();
    expect(row?.height).toBe(height);
    expect(await table(page).boundingBox()).toEqual(waiting);
    expect(await jumps(page)).toBeLessThan(0.01);
    await page.context().close();
  });
});

const overhang = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each(['ltr', 'rtl'])('%s', (direction) => {
  it.each([390, 1024, 2560])('%i px wide has nothing over the edge', async (width) => {
    const page = await open(browser, '/customers?sort=status&status=blocked,closed,suspended', {
      context: { viewport: { width, height: 844 } },
    });
    await whenListed(page);
    await page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, direction);
    expect(await overhang(page)).toBe(0);
    await page.context().close();
  });

  it('lines amounts up on their separator', async () => {
    const page = await open(browser, '/customers?sort=currency', { preferences: { rows_per_page: 250 } });
    await whenListed(page);
    await page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, direction);
    const places = await table(page)
      .getByRole('row')
      .evaluateAll((rows) =>
        rows.flatMap((row) => {
          // Available funds stand before More.
          const text = row.lastElementChild?.previousElementSibling?.firstElementChild?.firstChild;
          const fraction = text?.nextSibling;
          if (!(fraction instanceof Text) || !fraction.data.startsWith('.')) return [];
          const range = document.createRange();
          range.setStart(fraction, 0);
          range.setEnd(fraction, 1);
          return [Math.round(range.getBoundingClientRect().left)];
        }),
      );
    expect(places.length).toBeGreaterThan(1);
    expect(new Set(places).size).toBe(1);
    await page.context().close();
  });
});

it('a narrow screen has two lines a row and targets a finger can hit', async () => {
  const page = await open(browser, '/customers?sort=status', { context: { viewport: { width: 390, height: 844 } } });
  await whenListed(page);
  for (const control of [
    page.getByRole('searchbox', { name: 'Search by name' }),
    page.getByLabel('Sort by'),
    page.getByLabel('Number of results'),
    page.getByRole('button', { name: 'Settings' }),
    page.getByRole('button', { name: 'Next' }),
    page.getByRole('link', { name: 'Customers' }),
  ]) {
    expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
  await page.getByLabel('Sort by').selectOption('Name, descending');
  await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toBe('-name');
  const { items } = await customersFromServer(page, '?limit=25&sort=-name');
  await expectNames(page, items.map((row) => row.name));
  const first = await rowLinks(page).first().boundingBox();
  const second = await rowLinks(page).nth(1).boundingBox();
  expect((second?.y ?? 0) - (first?.y ?? 0)).toBeGreaterThanOrEqual(56);
  await page.context().close();
});
