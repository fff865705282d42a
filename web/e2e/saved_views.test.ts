// Owns that a view of a list is kept under a name, applied, shared, renamed and deleted, and that a link shows it. Owns the panel of
// all filters as well. Does not own the quick filters (customer_list.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseUrl, customersFromServer, expectNames, launch, open, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Saved {
  id: number;
  name: string;
  shared: boolean;
  query: string;
  version: number;
}

async function viewsOnServer(page: Page): Promise<Saved[]> {
  return ((await (await page.request.get(`${baseUrl}/api/v1/saved-views?list=customers`)).json()) as { items: Saved[] }).items;
}

async function withoutViews(page: Page): Promise<void> {
  for (const { id } of await viewsOnServer(page)) await page.request.delete(`${baseUrl}/api/v1/saved-views/${id}`);
}

/** Does what changes a view, and waits until the page has asked anew: what it knows then is what it has changed itself. */
async function changing(page: Page, change: () => Promise<void>): Promise<void> {
  let isChanged = false;
  const known = page.waitForResponse((response) => {
    const isAboutViews = response.url().includes('/api/v1/saved-views');
    if (isAboutViews && response.request().method() === 'PATCH') isChanged = true;
    return isChanged && isAboutViews && response.request().method() === 'GET';
  });
  await change();
  await known;
}

const openFilters = async (page: Page) => {
  await page.getByRole('search').getByRole('button', { name: 'Filters', exact: true }).click();
  return page.getByRole('dialog', { name: 'Filters' });
};

it('all filters are filled in together, applied together, and put back together', async () => {
  const page = await open(browser, '/customers');
  await whenListed(page);
  const panel = await openFilters(page);
  await panel.getByRole('checkbox', { name: 'Blocked', exact: true }).check();
  await panel.getByRole('checkbox', { name: 'Closed', exact: true }).check();
  await panel.getByLabel('Balance control').selectOption('Postpaid');
  // Nothing is asked for before all is said.
  expect(new URL(page.url()).search).toBe('');
  await panel.getByRole('button', { name: 'Apply' }).click();
  await panel.waitFor({ state: 'detached' });
  const { items } = await customersFromServer(page, '?limit=25&status=blocked,closed&balance_control=postpaid');
  await expectNames(page, items.map((row) => row.name));
  await page.getByRole('button', { name: 'Remove the filter Balance control: Postpaid' }).waitFor();

  await (await openFilters(page)).getByRole('button', { name: 'Default filters' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('');
  await page.context().close();
});

it('a view is saved with its filters and columns, and a link to it shows both', async () => {
  const page = await open(browser, '/customers?status=blocked&sort=-name', { before: withoutViews });
  await whenListed(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Currency' }).uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Views' }).click();
  const panel = page.getByRole('dialog', { name: 'Views' });
  await panel.getByRole('textbox', { name: 'Name of a new view' }).fill('Blocked, from the end');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('view')).not.toBeNull();
  const address = page.url();
  const [saved] = await viewsOnServer(page);
  expect([saved?.name, saved?.query, saved?.shared]).toEqual(['Blocked, from the end', 'sort=-name&status=blocked', false]);
  await page.context().close();

  // Another browser, with the usual columns.
  const other = await open(browser, '/customers');
  await whenListed(other);
  expect(await table(other).getByRole('columnheader', { name: 'Currency' }).count()).toBe(1);
  await other.goto(address);
  await table(other).getByRole('columnheader', { name: 'Currency' }).waitFor({ state: 'detached' });
  const { items } = await customersFromServer(other, '?limit=25&status=blocked&sort=-name');
  await expectNames(other, items.map((row) => row.name));
  await other.getByRole('button', { name: 'Blocked, from the end' }).waitFor();
  await other.context().close();
});

it('a view is applied, shared, renamed, changed and deleted; who is overtaken is told', async () => {
  const page = await open(browser, '/customers', { before: withoutViews });
  await page.request.post(`${baseUrl}/api/v1/saved-views`, { data: { list: 'customers', name: 'Closed ones', query: 'status=closed' } });
  await whenListed(page);
  const button = page.getByRole('search').getByRole('button', { name: /^(Views|Closed ones|All closed)$/ });
  await button.click();
  await page.getByRole('link', { name: 'Closed ones' }).click();
  const { items } = await customersFromServer(page, '?limit=25&status=closed');
  await expectNames(page, items.map((row) => row.name));

  await button.click();
  await changing(page, () => page.getByRole('checkbox', { name: 'Share Closed ones with colleagues' }).check());
  await expect.poll(async () => (await viewsOnServer(page))[0]?.shared).toBe(true);
  await page.getByRole('button', { name: 'Rename Closed ones' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('All closed');
  await changing(page, () => page.keyboard.press('Enter'));
  await page.getByRole('link', { name: 'All closed' }).waitFor();

  const [view] = await viewsOnServer(page);
  await page.request.patch(`${baseUrl}/api/v1/saved-views/${view?.id}`, { data: { query: 'status=exported' } });
  await page.keyboard.press('Escape');
  await table(page).getByRole('columnheader', { name: 'Currency' }).getByRole('button').click();
  await button.click();
  await page.getByRole('button', { name: /^Save changes to/ }).click();
  await page.getByText(/came after one by .* that you had not seen/).waitFor();
  await expect.poll(async () => (await viewsOnServer(page))[0]?.query).toBe('sort=currency&status=closed');
  await page.getByRole('button', { name: 'Delete All closed' }).click();
  await page.getByText('No saved views yet.').waitFor();
  await page.context().close();
});
