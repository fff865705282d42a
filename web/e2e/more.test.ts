// Owns the lists that lead to each other: More of a row, the keys of the navigation, and the way back to the list as it was left.
// Does not own what those lists hold (account_list.test.ts, xdr_list.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customersFromServer, launch, open, rowLinks, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const isFocused = (element: Element) => element === document.activeElement;

it('leads to the lists about a customer; Escape gives the focus back', async () => {
  const page = await open(browser, '/customers');
  await whenListed(page);
  const { items } = await customersFromServer(page, '?limit=25');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  const menu = page.getByRole('menu', { name: `More about ${items[1]?.name}` });
  await menu.waitFor();
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  const more = table(page).getByRole('button', { name: `More about ${items[1]?.name}` });
  await expect.poll(() => more.evaluate(isFocused)).toBe(true);
  await page.keyboard.press('m');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('xDRs');
  expect(await menu.getByRole('menuitem').evaluateAll((lines) => lines.map((line) => line.getAttribute('href')))).toEqual([
    `/xdrs?customer_id=${items[1]?.id}`,
    `/accounts?customer_id=${items[1]?.id}`,
  ]);
  await page.context().close();
});

it.each(['Accounts', 'xDRs'])('opens the %s of a customer, and the way back leads to the same page, scroll and selection', async (list) => {
  const page = await open(browser, '/customers?sort=-name', { preferences: { rows_per_page: 50 } });
  await whenListed(page);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^51–100 of /).waitFor();
  const names = await rowLinks(page).allTextContents();
  const row = table(page).getByRole('row').nth(40);
  await row.getByRole('checkbox').check();
  await row.scrollIntoViewIfNeeded();
  const placeOfRow = async () => Math.round((await row.boundingBox())?.y ?? 0);
  const before = await placeOfRow();
  const address = page.url();
  await row.getByRole('button', { name: /^More about / }).click();
  await page.getByRole('menuitem', { name: list, exact: true }).click();
  await heading(page, list);
  // The chip says whose they are, by name.
  await page.getByRole('button', { name: `Remove the filter Customer: ${names[39]}` }).waitFor();
  await page.goBack();
  await heading(page, 'Customers');
  await expect.poll(() => rowLinks(page).allTextContents()).toEqual(names);
  expect(page.url()).toBe(address);
  expect(await row.getByRole('checkbox').isChecked()).toBe(true);
  await page.getByText('1 selected').waitFor();
  await expect.poll(placeOfRow).toBe(before);
  await page.context().close();
});

it.each([
  ['g a', 'Accounts'],
  ['g x', 'xDRs'],
  ['g c', 'Customers'],
])('%s goes to the %s, as the navigation does', async (keys, list) => {
  const page = await open(browser, list === 'Customers' ? '/accounts' : '/customers');
  await page.getByRole('table').getByRole('link').first().waitFor();
  for (const key of keys.split(' ')) await page.keyboard.press(key);
  await heading(page, list);
  const place = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: list });
  expect(await place.getAttribute('aria-current')).toBe('page');
  await page.context().close();
});

it('leads from the page of a customer to its lists', async () => {
  const page = await open(browser, '/customers');
  await whenListed(page);
  const [name = ''] = await rowLinks(page).allTextContents();
  await rowLinks(page).first().click();
  await heading(page, name);
  for (const [link, list] of [
    ['All accounts', 'Accounts'],
    ['All xDRs', 'xDRs'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Lists about this customer' }).getByRole('link', { name: link }).click();
    await heading(page, list);
    await page.getByRole('button', { name: `Remove the filter Customer: ${name}` }).waitFor();
    await page.goBack();
    await heading(page, name);
  }
  await page.context().close();
});

it('leads from the page of a customer back to the list of accounts that it was opened from', async () => {
  const page = await open(browser, '/accounts?model=debit');
  const accounts = page.getByRole('table', { name: 'Accounts' });
  await accounts.getByRole('link').first().click();
  const back = page.getByRole('navigation', { name: 'Accounts' }).getByRole('link', { name: 'Accounts' });
  await back.click();
  await heading(page, 'Accounts');
  expect(new URL(page.url()).search).toBe('?model=debit');
  await page.context().close();
});
