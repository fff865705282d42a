// Owns the customer list without a mouse. Does not own what the keys lead to (customer_list.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customersFromServer, expectNames, launch, open, rowLinks, table, whenListed } from './browser';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const focusedName = () =>
  page.evaluate(() => (document.activeElement === document.body ? 'the page' : document.activeElement?.textContent));

async function openList(path = '/customers'): Promise<string[]> {
  page = await open(browser, path);
  await whenListed(page);
  return rowLinks(page).allTextContents();
}

it('skips to the content', async () => {
  await openList();
  await page.keyboard.press('Tab');
  expect(await focusedName()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
  await page.context().close();
});

it('moves by rows, ticks, opens, and comes back', async () => {
  const names = await openList();
  await page.keyboard.press('j');
  expect(await focusedName()).toBe(names[0]);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  expect(await focusedName()).toBe(names[2]);
  await page.keyboard.press('k');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('k');
  expect(await focusedName()).toBe(names[0]);

  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  const box = table(page).getByRole('row').nth(2).getByRole('checkbox');
  expect(await box.isChecked()).toBe(true);
  await page.keyboard.press('x');
  expect(await box.isChecked()).toBe(false);
  await page.keyboard.press('Space');
  expect(await box.isChecked()).toBe(true);
  await box.focus();
  await page.keyboard.press('Space');
  expect(await box.isChecked()).toBe(false);
  await rowLinks(page).nth(1).focus();

  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: names[1], level: 1 }).waitFor();
  await page.goBack();
  await expectNames(page, names);
  await page.context().close();
});

it('stops with the Tab key at what one row has, not at what each has', async () => {
  const names = await openList('/customers?status=active');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await focusedName()).toBe(names[1]);
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(await focused()).toBe(`More about ${names[1]}`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('table'))).toBeNull();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await focusedName()).toBe(names[1]);
  await page.context().close();
});

it('sorts from the header', async () => {
  await openList();
  const header = table(page).getByRole('columnheader', { name: 'Currency' });
  await header.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
  await page.keyboard.press('Enter');
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
  const { items } = await customersFromServer(page, '?limit=25&sort=-currency');
  await expectNames(page, items.map((row) => row.name));
  await page.context().close();
});

it('goes to the search and types there what elsewhere would be keys', async () => {
  await openList();
  await page.keyboard.press('/');
  await page.keyboard.type('jk?x/');
  expect(await page.getByRole('searchbox', { name: 'Search by name' }).inputValue()).toBe('jk?x/');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.context().close();
});

it('filters without a mouse and comes back to the filter', async () => {
  await openList();
  const menu = page.getByRole('search').getByRole('button', { name: 'Currency', exact: true });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Find in Currency' }).waitFor();
  await page.keyboard.type('dinar');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  expect(await focusedName()).toMatch(/dinar$/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('s of Kuwait');
  await page.getByText('None of them matches.').waitFor();
  await page.getByRole('searchbox', { name: 'Find in Currency' }).fill('kuwaiti');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('currency')).toBe('KWD');
  await expect.poll(() => menu.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
});

it('shows the keys that work here', async () => {
  await openList();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await help.getByText('Next row').waitFor();
  await help.getByText('Go to the search').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.context().close();
});

it('reaches the next page and stays on the button', async () => {
  await openList();
  const next = page.getByRole('button', { name: 'Next' });
  await next.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^26–50 of /).waitFor();
  expect(await next.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
});
