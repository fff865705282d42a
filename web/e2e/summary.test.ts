// Owns the figures of a filter: counts of each status as quick filters, totals by currency, when they come and go. Does not own
// that they are right (the server's tests).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerSummary } from '../src/api/types';
import { baseUrl, customersFromServer, expectNames, gate, launch, open, preferencesFromServer, table, whenListed } from './browser';
import { makeCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const summaryRequest = /\/api\/v1\/customers\/summary/;

async function summaryFromServer(page: Page, query = ''): Promise<CustomerSummary> {
  return (await (await page.request.get(`${baseUrl}/api/v1/customers/summary${query}`)).json()) as CustomerSummary;
}

const counts = (page: Page) => page.getByRole('toolbar', { name: 'Status, with the number of each' });
const totals = (page: Page) => page.getByRole('region', { name: 'Totals' });
const figure = new Intl.NumberFormat('en-GB');
const countOf = (summary: CustomerSummary, code: string) => figure.format(summary.statuses.find(({ status }) => status === code)?.count ?? 0);

async function openList(path = '/customers'): Promise<Page> {
  const page = await open(browser, path);
  await whenListed(page);
  return page;
}

describe('counts by status', () => {
  it('filter by one, by several, and by none again', async () => {
    const page = await openList();
    const summary = await summaryFromServer(page);
    const all = figure.format(summary.total);
    await counts(page).getByRole('button', { name: `All ${all}`, pressed: true }).waitFor();
    expect(await counts(page).getByRole('button').count()).toBe(summary.statuses.length + 1);

    await counts(page).getByRole('button', { name: `Blocked ${countOf(summary, 'blocked')}` }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?status=blocked');
    await counts(page).getByRole('button', { name: `Closed ${countOf(summary, 'closed')}` }).click();
    await expectNames(page, (await customersFromServer(page, '?limit=25&status=blocked,closed')).items.map((row) => row.name));
    // The counts are those of all statuses all the same.
    await counts(page).getByRole('button', { name: `All ${all}`, pressed: false }).waitFor();
    expect(await counts(page).getByRole('button', { pressed: true }).count()).toBe(2);
    await counts(page).getByRole('button', { name: `All ${all}` }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.context().close();
  });

  it('are those of the rest of the filter', async () => {
    const page = await openList('/customers?currency=EUR');
    const summary = await summaryFromServer(page, '?currency=EUR');
    await counts(page).getByRole('button', { name: `Active ${countOf(summary, 'active')}` }).waitFor();
    await page.context().close();
  });

  it('are one stop of the Tab key, and arrows walk over them', async () => {
    const page = await openList();
    await counts(page).getByRole('button').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    const [first] = (await summaryFromServer(page)).statuses;
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe(first?.status);
    await page.keyboard.press('Tab');
    expect(await counts(page).evaluate((bar) => bar.contains(document.activeElement))).toBe(false);
    await page.context().close();
  });
});

describe('totals', () => {
  it('stand in a line, unfold by currency in its digits, and stay unfolded', async () => {
    const page = await openList();
    const summary = await summaryFromServer(page);
    const unfold = totals(page).getByRole('button', { name: 'Totals' });
    expect(await unfold.getAttribute('aria-expanded')).toBe('false');
    await totals(page).getByText(summary.totals[0]?.currency ?? '', { exact: true }).waitFor();
    await unfold.click();
    const sums = totals(page).getByRole('table', { name: 'Totals' });
    const heads = await sums.getByRole('columnheader').allTextContents();
    expect(heads).toEqual(['Currency', 'Customers', 'Balance', 'Available funds', 'Overdue']);
    for (const { currency, currency_digits: digits, customers, ...money } of summary.totals) {
      const row = sums.getByRole('row').filter({ has: page.getByRole('rowheader', { name: currency, exact: true }) });
      const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.trim());
      const written = (amount: string | null) => new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Number(amount)).replace('-', '\u2212');
      expect(cells).toEqual([figure.format(customers), written(money.balance), written(money.available_funds), written(money.overdue_amount)]);
    }
    await expect.poll(async () => (await preferencesFromServer(page)).lists?.customers).toMatchObject({ totals_open: true });
    await page.reload();
    await sums.getByRole('rowheader').first().waitFor();
    await page.context().close();
  });
});

describe('the figures', () => {
  it('come after the rows, without moving them', async () => {
    const hold = gate();
    const page = await open(browser, '/customers', {
      before: (opened) =>
        opened.route(summaryRequest, async (route) => {
          await hold.opened;
          await route.continue();
        }),
    });
    await whenListed(page);
    const before = await table(page).boundingBox();
    expect(await counts(page).count()).toBe(0);
    hold.release();
    await counts(page).waitFor();
    expect(await table(page).boundingBox()).toEqual(before);
    await page.context().close();
  });

  it('are given up when the filter changes', async () => {
    const page = await openList();
    await counts(page).waitFor();
    const hold = gate();
    await page.route(summaryRequest, async (route) => {
      if (route.request().url().includes('blocked')) await hold.opened;
      await route.continue().catch(() => undefined);
    });
    const stopped = page.waitForEvent('requestfailed', (request) => summaryRequest.test(request.url()) && request.url().includes('blocked'));
    const asked = page.waitForRequest((request) => summaryRequest.test(request.url()) && request.url().includes('blocked'));
    await counts(page).getByRole('button', { name: /^Blocked/ }).click();
    await asked;
    await counts(page).getByRole('button', { name: /^All/ }).click();
    await stopped;
    hold.release();
    await page.context().close();
  });

  it('that could not be had say so, and can be asked for again', async () => {
    let isDown = true;
    const page = await open(browser, '/customers', {
      before: (opened) => opened.route(summaryRequest, (route) => (isDown ? route.abort() : route.continue())),
    });
    await page.getByText('The numbers could not be loaded.').waitFor();
    await whenListed(page);
    isDown = false;
    await page.getByRole('button', { name: 'Retry' }).click();
    await counts(page).waitFor();
    await page.context().close();
  });

  it('are counted again after a bulk action', async () => {
    const page = await openList();
    const customer = await makeCustomer(page);
    await page.goto(`${baseUrl}/customers?search=${encodeURIComponent(customer.name)}`);
    await counts(page).getByRole('button', { name: 'Active 1' }).waitFor();
    await table(page).getByRole('checkbox', { name: `Select ${customer.name}` }).check();
    await page.getByRole('button', { name: 'Bulk' }).click();
    await page.getByRole('menuitem', { name: 'Block', exact: true }).click();
    await page.getByRole('button', { name: 'Block 1 customer' }).click();
    await page.getByRole('dialog').getByText('1 done').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await counts(page).getByRole('button', { name: 'Blocked 1' }).waitFor();
    await page.context().close();
  });
});
