// Owns that a person arranges a list, by mouse, finger and keyboard, and finds it so in every browser. Does not own what the
// server does with an order (customer_list.test.ts).
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preferences } from '../src/api/types';
import { customersFromServer, expectNames, launch, open, preferencesFromServer, rowLinks, table, whenListed, whenQuiet } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const usual = ['Status', 'Name', 'Balance control', 'Currency', 'Balance', 'Credit limit', 'Available funds'];

const header = (page: Page, name: string) => table(page).getByRole('columnheader', { name, exact: true });
const headerTexts = async (page: Page) => {
  const buttons = await table(page).getByRole('columnheader').getByRole('button').all();
  return Promise.all(buttons.map((button) => button.locator('span').first().textContent()));
};

async function openList(preferences: Preferences = {}, touch = false): Promise<Page> {
  const page = await open(browser, '/customers', {
    preferences,
    context: { viewport: { width: 1366, height: 800 }, hasTouch: touch },
  });
  await whenListed(page);
  return page;
}

/** Waits until what was arranged is on the server, then looks with another browser. */
async function elsewhere(page: Page): Promise<Page> {
  await whenQuiet(page);
  const { lists } = await preferencesFromServer(page);
  await page.context().close();
  const other = await open(browser, '/customers', { preferences: { lists } });
  await whenListed(other);
  return other;
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error('Not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe('columns', () => {
  it('are chosen in the settings', async () => {
    const page = await openList();
    expect(await headerTexts(page)).toEqual(usual);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Currency' }).uncheck();
    expect(await page.getByRole('checkbox', { name: 'Name' }).isDisabled()).toBe(true);
    const without = usual.filter((name) => name !== 'Currency');
    expect(await headerTexts(page)).toEqual(without);

    const other = await elsewhere(page);
    expect(await headerTexts(other)).toEqual(without);
    await other.getByRole('button', { name: 'Settings' }).click();
    await other.getByRole('button', { name: 'Usual columns' }).click();
    expect(await headerTexts(other)).toEqual(usual);
    await other.context().close();
  });

  it('are moved with the mouse, without sorting', async () => {
    const page = await openList();
    const from = await middle(header(page, 'Available funds').getByRole('button'));
    const to = await middle(header(page, 'Balance control'));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y, { steps: 4 });
    await page.mouse.move(to.x - 20, to.y, { steps: 4 });
    await page.mouse.up();
    const arranged = ['Status', 'Name', 'Available funds', 'Balance control', 'Currency', 'Balance', 'Credit limit'];
    expect(await headerTexts(page)).toEqual(arranged);
    expect(await header(page, 'Available funds').getAttribute('aria-sort')).toBeNull();
    const { items } = await customersFromServer(page, '?limit=1&balance_control=prepaid');
    expect(items).toHaveLength(1);
    const other = await elsewhere(page);
    expect(await headerTexts(other)).toEqual(arranged);
    await other.context().close();
  });

  it('are moved with a finger that rests first', async () => {
    const page = await openList({}, true);
    const from = await middle(header(page, 'Currency').getByRole('button'));
    const to = await middle(header(page, 'Credit limit'));
    const touch = await page.context().newCDPSession(page);
    const at = (x: number) => ({ touchPoints: [{ x, y: from.y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from.x) });
    await page.getByText(/^Currency lifted/).waitFor({ state: 'attached' });
    for (const x of [from.x + 30, to.x - 20, to.x + 10, to.x + 20]) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(x) });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(() => headerTexts(page)).toEqual(['Status', 'Name', 'Balance control', 'Balance', 'Credit limit', 'Currency', 'Available funds']);
    await page.context().close();
  });

  it('are moved with the keyboard, which says where they are', async () => {
    const page = await openList();
    const button = header(page, 'Balance').getByRole('button');
    await button.focus();
    await page.keyboard.press('Space');
    await page.getByText('Balance lifted, column 5 of 7.').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Balance, column 3 of 7').waitFor({ state: 'attached' });
    const arranged = ['Status', 'Name', 'Balance', 'Balance control', 'Currency', 'Credit limit', 'Available funds'];
    expect(await headerTexts(page)).toEqual(arranged);
    await page.keyboard.press('Space');
    await page.getByText('Balance dropped, column 3 of 7').waitFor({ state: 'attached' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    await page.getByText('Balance put back').waitFor({ state: 'attached' });
    expect(await headerTexts(page)).toEqual(arranged);
    const other = await elsewhere(page);
    expect(await headerTexts(other)).toEqual(arranged);
    await other.context().close();
  });

  it('take the width they are given, by mouse and by keyboard', async () => {
    const page = await openList();
    const cell = header(page, 'Currency');
    const box = await cell.boundingBox();
    if (!box) throw new Error('No header.');
    await page.mouse.move(box.x + box.width - 3, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 57, box.y + 10, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => Math.round((await cell.boundingBox())?.width ?? 0)).toBe(Math.round(box.width) + 60);
    await cell.getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('Currency, 196 pixels wide').waitFor({ state: 'attached' });
    const other = await elsewhere(page);
    expect(Math.round((await header(other, 'Currency').boundingBox())?.width ?? 0)).toBe(196);
    await other.context().close();
  });
});

describe('the order', () => {
  it('is remembered, and stands in the address so that a link shows it', async () => {
    const page = await openList();
    await header(page, 'Currency').getByRole('button').click();
    await expect.poll(() => new URL(page.url()).search).toBe('?sort=currency');
    const other = await elsewhere(page);
    await expect.poll(() => new URL(other.url()).search).toBe('?sort=currency');
    const { items } = await customersFromServer(other, '?limit=25&sort=currency');
    await expectNames(other, items.map((row) => row.name));
    await other.context().close();
  });
});

it('tells the person whose settings were changed in another window, and keeps both changes', async () => {
  const page = await openList();
  await page.request.patch(`${new URL(page.url()).origin}/api/v1/preferences`, { data: { striped: true } });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Currency' }).uncheck();
  await page.getByText('Your settings were changed in another window.').waitFor();
  await expect.poll(() => page.getByRole('checkbox', { name: 'Striped rows' }).isChecked()).toBe(true);
  const saved = await preferencesFromServer(page);
  expect([saved.striped, saved.lists]).toEqual([true, { customers: { shown: { currency: false } } }]);
  await page.context().close();
});

describe('at opening', () => {
  it('rows wait for a search where that is wished', async () => {
    const page = await openList();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Show rows at opening' }).uncheck();
    await whenQuiet(page);
    const { lists } = await preferencesFromServer(page);
    await page.context().close();

    const other = await open(browser, '/customers', { preferences: { lists } });
    await other.getByRole('heading', { name: 'Search for what you need' }).waitFor();
    expect(await rowLinks(other).count()).toBe(0);
    await other.getByRole('button', { name: 'Show all' }).click();
    await whenListed(other);
    await other.goto(`${new URL(other.url()).origin}/customers?currency=EUR`);
    await whenListed(other);
    await other.context().close();
  });

  it('a single result opens at once, after Enter', async () => {
    const page = await openList({ lists: { customers: { open_single: true } } });
    const { items } = await customersFromServer(page, '?limit=250');
    const once = items.find((row) => items.filter((other) => other.name.startsWith(row.name)).length === 1);
    if (!once) throw new Error('Every name of the demo is there twice.');
    await page.getByLabel('Matching').selectOption('Exactly');
    await page.getByRole('searchbox', { name: 'Search by name' }).fill(once.name);
    await expectNames(page, [once.name]);
    await page.getByRole('searchbox', { name: 'Search by name' }).press('Enter');
    await page.waitForURL(`**/customers/${once.id}`);
    await page.context().close();
  });
});
