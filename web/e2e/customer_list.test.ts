// Owns the customer list as a person uses it with the mouse: columns, order, pages, search, filter, status.
// Does not own the keyboard (keyboard.test.ts) nor looks (layout.test.ts, accessibility.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRow } from '../src/api/types';
import {
  customersFromServer,
  customersRequest,
  expectNames,
  gate,
  launch,
  open,
  preferencesFromServer,
  rowLinks,
  table,
  whenListed,
} from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const columns = [
  ['Status', 'status'],
  ['Name', 'name'],
  ['Balance control', 'balance_control'],
  ['Currency', 'currency'],
  ['Balance', 'balance'],
  ['Credit limit', 'credit_limit'],
  ['Available funds', 'available_funds'],
] as const;

const namesOf = (rows: CustomerRow[]) => rows.map((row) => row.name);

describe('columns', () => {
  it('are those of the panel, in its order, and the rows are those of the server', async () => {
    const page = await open(browser, '/customers');
    const { items } = await customersFromServer(page, '?limit=25');
    await expectNames(page, namesOf(items));
    const headers = await table(page).getByRole('columnheader').allTextContents();
    expect(headers.slice(1)).toEqual([...columns.map(([label]) => label), 'More']);
    await page.context().close();
  });

  it.each(columns)('%s sorts both ways', async (label, name) => {
    const page = await open(browser, name === 'name' ? '/customers?sort=currency' : '/customers');
    await whenListed(page);
    const header = table(page).getByRole('columnheader', { name: label, exact: true });
    for (const [direction, sort] of [
      ['ascending', name],
      ['descending', `-${name}`],
    ] as const) {
      await header.getByRole('button').click();
      await expect.poll(() => header.getAttribute('aria-sort')).toBe(direction);
      await expectNames(page, namesOf((await customersFromServer(page, `?limit=25&sort=${sort}`)).items));
    }
    await page.context().close();
  });

  it.each(['JPY', 'KWD'])('write amounts in the digits of %s', async (currency) => {
    const page = await open(browser, '/customers');
    const { items } = await customersFromServer(page, `?limit=250&currency=${currency}&balance_control=prepaid`);
    const customer = items[0];
    if (!customer) throw new Error(`The demo has no prepaid customer in ${currency}.`);
    await page.goto(`${new URL(page.url()).origin}/customers?search=${encodeURIComponent(customer.name)}&match=exactly`);
    const cell = (name: string) => page.getByRole('cell', { name, exact: true });
    const row = table(page).getByRole('row').filter({ has: cell('Prepaid') }).filter({ has: cell(currency) }).first();
    await row.waitFor();
    const cells = await row.getByRole('cell').allTextContents();
    const digits = currency === 'JPY' ? 0 : 3;
    const pattern = digits === 0 ? /^\u2212?[\d,]+$/ : /^\u2212?[\d,]+\.\d{3}$/;
    // Text of the cell as it is seen: what only keeps room is not part of it.
    expect(await row.getByRole('cell').nth(7).innerText()).toMatch(pattern);
    expect(cells[5]).toBe('Not for prepaid customers');
    await page.context().close();
  });
});

describe('pages', () => {
  it('go on, back, to the end and to the beginning, and the address keeps them', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const step = (name: string) => page.getByRole('button', { name, exact: true });
    const pages = page.getByRole('navigation', { name: 'Pages' });
    const first = await rowLinks(page).allTextContents();

    await step('Next').click();
    await pages.getByText(/^26–50 of /).waitFor();
    await step('Next').click();
    await pages.getByText(/^51–75 of /).waitFor();
    await step('Previous').click();
    await pages.getByText(/^26–50 of /).waitFor();
    const second = await rowLinks(page).allTextContents();
    await page.reload();
    await expectNames(page, second);
    await page.goBack();
    await pages.getByText(/^51–75 of /).waitFor();

    await step('Last').click();
    await expect.poll(() => step('Next').getAttribute('aria-disabled')).toBe('true');
    expect(new URL(page.url()).searchParams.get('at')).toBe('last');
    const { items } = await customersFromServer(page, '?limit=25&at=last');
    await expectNames(page, namesOf(items));
    await step('First').click();
    await expectNames(page, first);
    expect(new URL(page.url()).search).toBe('');
    await page.context().close();
  });

  it('hold as many rows as chosen, in every browser of the person', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const choice = page.getByLabel('Number of results');
    expect(await choice.locator('option').allTextContents()).toEqual(['10', '25', '50', '100', '250']);
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await choice.selectOption('10');
    await expect.poll(() => rowLinks(page).count()).toBe(10);
    expect((await saved).status()).toBe(200);
    expect((await preferencesFromServer(page)).rows_per_page).toBe(10);
    await page.context().close();

    const elsewhere = await open(browser, '/customers', { preferences: { rows_per_page: 10 } });
    await expect.poll(() => rowLinks(elsewhere).count()).toBe(10);
    expect(await elsewhere.getByLabel('Number of results').inputValue()).toBe('10');
    await elsewhere.context().close();
  });

  it('keep their place when another number of results is chosen', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await pages.getByText(/^26–50 of /).waitFor();
    await page.getByLabel('Number of results').selectOption('50');
    await pages.getByText(/^26–75 of /).waitFor();
    // Fewer than fifty stand before these: they are shown, and nothing is before them.
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    await pages.getByText(/^1–25 of /).waitFor();
    expect(await page.getByRole('button', { name: 'Previous', exact: true }).getAttribute('aria-disabled')).toBe('true');
    await page.context().close();
  });
});

describe('search', () => {
  it.each([
    ['Starts with', 'starts_with', (name: string) => name.slice(0, 3)],
    ['Contains', 'contains', (name: string) => name.slice(1, 5)],
    ['Exactly', 'exactly', (name: string) => name],
    ['Ends with', 'ends_with', (name: string) => name.slice(-3)],
  ] as const)('%s finds what the server finds', async (label, match, part) => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const name = (await rowLinks(page).allTextContents()).find((one) => one.length > 7) ?? '';
    const wanted = part(name).trim();
    await page.getByLabel('Matching').selectOption(label);
    await page.getByRole('searchbox', { name: 'Search by name' }).fill(wanted);
    const { items } = await customersFromServer(page, `?limit=25&match=${match}&search=${encodeURIComponent(wanted)}`);
    expect(namesOf(items).length).toBeGreaterThan(0);
    // The address first: the rows may be the same before and after.
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe(wanted);
    await expectNames(page, namesOf(items));
    await page.context().close();
  });

  it('stops with Escape, keeps the rows from before and can go on', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const before = await rowLinks(page).allTextContents();
    const hold = gate();
    let isHeld = true;
    await page.route(customersRequest, async (route) => {
      if (isHeld) await hold.opened;
      await route.continue().catch(() => undefined);
    });
    const asked = page.waitForRequest((request) => request.url().includes('search=qqx'));
    const stopped = page.waitForEvent('requestfailed', (request) => request.url().includes('search=qqx'));
    const field = page.getByRole('searchbox', { name: 'Search by name' });
    await field.fill('qqx');
    await asked;
    await field.press('Escape');
    await stopped;
    await page.getByText('The search was stopped.').waitFor();
    expect(await rowLinks(page).allTextContents()).toEqual(before);
    expect(await field.inputValue()).toBe('qqx');

    isHeld = false;
    hold.release();
    await page.getByRole('button', { name: 'Search again' }).click();
    await page.getByRole('heading', { name: 'No customer matches' }).waitFor();
    await page.context().close();
  });

  it('that finds nothing says why and offers the next step', async () => {
    const page = await open(browser, '/customers?search=qqxqqx');
    await page.getByText('No customer’s name starts with “\u2068qqxqqx\u2069”.').waitFor();
    await page.getByRole('button', { name: 'Search anywhere in the text' }).click();
    await page.getByText('No customer’s name contains “\u2068qqxqqx\u2069”.').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await whenListed(page);
    expect(await page.getByRole('searchbox', { name: 'Search by name' }).inputValue()).toBe('');
    await page.context().close();
  });
});

describe('trouble', () => {
  it('at the first page says what happened, what is kept, and Retry mends it', async () => {
    let isDown = true;
    const page = await open(browser, '/customers?sort=-name', {
      before: (opened) => opened.route(customersRequest, (route) => (isDown ? route.abort() : route.continue())),
    });
    const alert = page.getByRole('alert');
    await alert.getByText('The server cannot be reached').waitFor();
    await alert.getByText('Your search, filters and selection are kept.').waitFor();
    isDown = false;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await whenListed(page);
    expect(new URL(page.url()).search).toBe('?sort=-name');
    await page.context().close();
  });

  it('later keeps the rows and says that they are from before', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const before = await rowLinks(page).allTextContents();
    await page.route(customersRequest, (route) => route.abort());
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/The rows below are from before and may be out of date/).waitFor();
    expect(await rowLinks(page).allTextContents()).toEqual(before);
    await page.unroute(customersRequest);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).getByText(/^26–50 of /).waitFor();
    await page.context().close();
  });

  it('with what was typed is told to the one who types, and the rows stay', async () => {
    const page = await open(browser, '/customers?match=contains');
    await whenListed(page);
    const before = await rowLinks(page).allTextContents();
    const field = page.getByRole('searchbox', { name: 'Search by name' });
    await field.fill('zq');
    await page.getByText(/^At least 3 characters .* The rows below are from before\.$/).waitFor();
    expect(await rowLinks(page).allTextContents()).toEqual(before);
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    // The same search needs no more letters at the start of a name.
    await page.getByLabel('Matching').selectOption('Starts with');
    await page.getByRole('heading', { name: 'No customer matches' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBeNull();
    await page.context().close();
  });

  it('with a filter that does not exist is told in the words of the page', async () => {
    const page = await open(browser, '/customers?status=no-such-status');
    await page.getByText('The filter “Status” has a value that does not exist').waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await whenListed(page);
    await page.context().close();
  });

  it('with an old link leads to the first page', async () => {
    const page = await open(browser, '/customers?after=not-a-cursor');
    await page.getByText('This place in the list no longer exists').waitFor();
    await page.getByRole('button', { name: 'Go to the first page' }).click();
    await whenListed(page);
    await page.context().close();
  });

  it('at an unknown address leads to the customers', async () => {
    const page = await open(browser, '/nowhere');
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
    await page.getByRole('link', { name: 'Go to the customers' }).click();
    await whenListed(page);
    await page.context().close();
  });
});

describe('filters', () => {
  it.each([
    ['Balance control', 'Postpaid', 'balance_control=postpaid'],
    ['Currency', 'KWD', 'currency=KWD'],
  ])('%s takes one value, shows it as a chip, and goes with it', async (label, value, query) => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const menu = page.getByRole('search').getByRole('button', { name: label, exact: true });
    await menu.click();
    await page.getByRole('group', { name: label }).getByRole('button', { name: value }).click();
    await expectNames(page, namesOf((await customersFromServer(page, `?limit=25&${query}`)).items));
    expect(new URL(page.url()).search).toBe(`?${query}`);
    await menu.click();
    const chosen = page.getByRole('group', { name: label }).getByRole('button', { pressed: true });
    expect(await chosen.textContent()).toContain(value);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: `Remove the filter ${label}` }).click();
    await expectNames(page, namesOf((await customersFromServer(page, '?limit=25')).items));
    await page.context().close();
  });

  it('hold together with the search, and go together', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const { class: chosen } = (await customersFromServer(page, '?limit=1')).items[0] ?? {};
    if (!chosen) throw new Error('The demo has no customer.');
    await page.getByRole('search').getByRole('button', { name: 'Class', exact: true }).click();
    await page.getByRole('group', { name: 'Class' }).getByRole('button', { name: chosen.name, exact: true }).click();
    await page.getByText(`Class: \u2068${chosen.name}\u2069`).waitFor();
    await page.getByRole('search').getByRole('button', { name: 'Balance control', exact: true }).click();
    await page.getByRole('group', { name: 'Balance control' }).getByRole('button', { name: 'Prepaid' }).click();
    const { items } = await customersFromServer(page, `?limit=25&class_id=${chosen.id}&balance_control=prepaid`);
    await expectNames(page, namesOf(items));
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await expectNames(page, namesOf((await customersFromServer(page, '?limit=25')).items));
    await page.context().close();
  });
});

describe('status', () => {
  it('filters, shows as a chip, and goes with it', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    await page.getByRole('search').getByRole('button', { name: 'Status', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Blocked', exact: true }).check();
    await page.keyboard.press('Escape');
    await expectNames(page, namesOf((await customersFromServer(page, '?limit=25&status=blocked')).items));
    expect(new URL(page.url()).searchParams.get('status')).toBe('blocked');
    await page.getByRole('button', { name: 'Remove the filter Status: Blocked' }).click();
    await expectNames(page, namesOf((await customersFromServer(page, '?limit=25')).items));
    await page.context().close();
  });

  it('has no icon for an active customer', async () => {
    const page = await open(browser, '/customers?status=active');
    await whenListed(page);
    const row = table(page).getByRole('row').nth(1);
    expect(await row.getByRole('cell').nth(1).textContent()).toBe('Active');
    expect(await row.getByRole('cell').nth(1).getByRole('button').count()).toBe(0);
    await page.context().close();
  });
});

it('shows every row of a long page, though it draws them slice by slice, and the next page from its top', async () => {
  const page = await open(browser, '/customers', { preferences: { rows_per_page: 250 } });
  const { items, page: place } = await customersFromServer(page, '?limit=250&sort=name');
  await expectNames(page, items.map(({ name }) => name));
  const rows = page.getByRole('region', { name: 'Customers' });
  await rows.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  const next = await customersFromServer(page, `?limit=250&sort=name&after=${place.next ?? ''}`);
  await expectNames(page, next.items.map(({ name }) => name));
  expect(await rows.evaluate((element) => element.scrollTop)).toBe(0);
  await page.context().close();
});
