// Owns the command palette: reached by key from anywhere, leading to pages, customers and what can be done here, without a mouse.
// Does not own what it leads to.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from './axe';
import { baseUrl, gate, launch, open, preferencesFromServer, whenListed } from './browser';
import { makeCustomer, newName, openCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const field = (page: Page) => palette(page).getByRole('combobox', { name: 'Find a page, a customer or an action' });
const option = (page: Page, name: string) => palette(page).getByRole('option', { name, exact: true });
const group = (page: Page, name: string) => palette(page).getByRole('group', { name });

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
}

async function openList(): Promise<Page> {
  const page = await open(browser, '/customers');
  await whenListed(page);
  return page;
}

it('opens from a field too, goes to a page, and closes with Escape to where one was', async () => {
  const page = await openList();
  const search = page.getByRole('searchbox');
  await search.focus();
  await openPalette(page);
  await page.keyboard.press('Escape');
  await palette(page).waitFor({ state: 'detached' });
  expect(await search.evaluate((one) => one === document.activeElement)).toBe(true);

  await openPalette(page);
  const links = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents();
  expect(await group(page, 'Pages').getByRole('option').allTextContents()).toEqual(links);
  await page.keyboard.type('acco');
  await expect.poll(() => option(page, 'Accounts').getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await page.context().close();
});

it('has the focus in its field from the moment it is there, so that no letter goes elsewhere', async () => {
  const page = await openList();
  const focused = page.evaluate(
    () =>
      new Promise<boolean>((answer) => {
        const observer = new MutationObserver(() => {
          const field = document.querySelector('[role=dialog] [role=combobox]');
          if (!field) return;
          observer.disconnect();
          answer(field === document.activeElement);
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }),
  );
  await page.keyboard.press('Control+k');
  expect(await focused).toBe(true);
  await page.context().close();
});

it.each(['name', 'e-mail', 'phone'])('finds a customer by its %s', async (by) => {
  const page = await openList();
  const word = newName().slice(5).toLowerCase();
  const phone = `+49 30 ${parseInt(word.slice(0, 6), 16)}`;
  const customer = await makeCustomer(page, { name: `Found ${word}`, address: { email: `${word}@example.test`, phone_1: phone } });
  await openPalette(page);
  await page.keyboard.type({ name: word, 'e-mail': `${word}@ex`, phone }[by] ?? '');
  await group(page, 'Customers').getByRole('option', { name: `Found ${word}` }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: customer.name }).waitFor();
  // The way back is to the list.
  await page.getByRole('link', { name: 'Customers' }).last().click();
  await whenListed(page);
  await page.context().close();
});

it('offers the customers looked at last', async () => {
  const page = await openList();
  const first = await makeCustomer(page);
  const second = await makeCustomer(page);
  for (const customer of [first, second]) await openCustomer(page, customer);
  await openPalette(page);
  expect((await group(page, 'Looked at last').getByRole('option').allTextContents()).slice(0, 2)).toEqual([second.name, first.name]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: first.name }).waitFor();
  await page.context().close();
});

it('does what can be done on the page, found by a few letters', async () => {
  const page = await openList();
  await openPalette(page);
  await page.keyboard.type('dark');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await preferencesFromServer(page)).theme).toBe('dark');

  await openPalette(page);
  await page.keyboard.type('setlist');
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('checkbox', { name: 'Currency' }).waitFor();
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'detached' });

  await openPalette(page);
  await page.keyboard.type('export csv');
  const file = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await file).suggestedFilename()).toBe('customers.csv');

  await openPalette(page);
  await page.keyboard.type('add cust');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'New customer' }).waitFor();
  // Of the list nothing is left to do here.
  await openPalette(page);
  await page.keyboard.type('settings of');
  await palette(page).getByText('Nothing found.').waitFor();
  await page.context().close();
});

it('gives up a search when other letters are typed, and says when nobody answers', async () => {
  const page = await openList();
  const hold = gate();
  await page.route(/customers\?search=zzaa/, async (route) => {
    await hold.opened;
    await route.continue().catch(() => undefined);
  });
  const asked = page.waitForRequest(/customers\?search=zzaa/);
  const stopped = page.waitForEvent('requestfailed', (request) => request.url().includes('zzaa'));
  await openPalette(page);
  await page.keyboard.type('zzaa');
  await asked;
  await page.route(/customers\?search=zzaaq/, (route) => route.abort());
  await page.keyboard.type('q');
  await stopped;
  await palette(page).getByText('Customers could not be searched: the server gave no answer.').waitFor();
  hold.release();
  await page.context().close();
});

it('is in the help, and in the menu of the person', async () => {
  const page = await openList();
  await page.keyboard.press('?');
  await page.getByRole('row', { name: 'Ctrl+K Go to a page, find a customer, do something' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Signed in as/ }).click();
  await page.getByRole('button', { name: 'Find anything' }).click();
  await field(page).waitFor();
  await page.context().close();
});

it.each([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'ar'],
] as const)('has nothing against it in axe, %s, %s', async (theme, language) => {
  const page = await open(browser, '/customers', { preferences: { theme, language } });
  await page.getByRole('table').getByRole('link').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('amber');
  await page.getByRole('dialog').getByRole('option', { name: /Amber/ }).first().waitFor();
  expect(await violations(page, theme)).toEqual([]);
  await page.context().close();
});

it('leads away from what nobody has asked for', async () => {
  const page = await openList();
  await page.goto(`${baseUrl}/nowhere`);
  await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('customers');
  await page.keyboard.press('Enter');
  await whenListed(page);
  await page.context().close();
});
