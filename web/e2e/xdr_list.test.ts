// Owns the list of xDRs as a person uses it. Does not own what every list does (customer_list.test.ts), nor looks (lists.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Xdr } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, launch, open, whenQuiet } from './browser';
import { authorize, makeCaller, makeCatalogue, stop } from './catalogue';
import { act, makeCustomer } from './customers';
import { cellsOf, listFromServer, rowsOf, sortBy } from './lists';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function spender(page: Page) {
  const customer = await makeCustomer(page, { currency: 'EUR', credit_limit: '1000' });
  for (const [action, amount] of [
    ['manual_charge', '12.5'],
    ['manual_payment', '5'],
    ['manual_charge', '1.25'],
  ]) {
    await act(page, customer.id, 'transactions', { action, amount });
  }
  return customer;
}

it('shows the xDRs of a customer, latest first, in its currency’s digits, and turns round', async () => {
  const page = await open(browser, '/customers');
  const customer = await spender(page);
  await page.goto(`${new URL(page.url()).origin}/xdrs?customer_id=${customer.id}`);
  await expect.poll(() => rowsOf(page, 'xDRs').count()).toBe(3);
  expect(await cellsOf(page, 'xDRs', 'Amount')).toEqual(['1.25', '\u22125.00', '12.50']);
  expect(await cellsOf(page, 'xDRs', 'Kind')).toEqual(['Charge', 'Payment', 'Charge']);
  expect(await cellsOf(page, 'xDRs', 'Currency')).toEqual(['EUR', 'EUR', 'EUR']);
  await sortBy(page, 'xDRs', 'Billed');
  await expect.poll(() => cellsOf(page, 'xDRs', 'Amount')).toEqual(['12.50', '\u22125.00', '1.25']);
  await page.context().close();
});

describe('the drawer of an xDR', () => {
  const drawer = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });
  const detailRequest = /\/api\/v1\/xdrs\/\d+$/;
  const active = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

  it('tells beside the list what was charged and to whom, by keyboard, and is in the address', async () => {
    const asked: string[] = [];
    const page = await open(browser, '/customers', {
      before: (opened) => opened.on('request', (request) => detailRequest.test(request.url()) && asked.push(new URL(request.url()).pathname)),
    });
    const customer = await spender(page);
    const { items } = await listFromServer<Xdr>(page, `/xdrs?customer_id=${customer.id}&limit=25`);
    const list = `/xdrs?customer_id=${customer.id}`;
    await page.goto(baseUrl + list);
    await expect.poll(() => rowsOf(page, 'xDRs').count()).toBe(3);
    await whenQuiet(page);
    expect(asked).toEqual([]);

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const name = await active(page);
    await page.keyboard.press('Enter');
    const opened = drawer(page, 'Manual payment');
    const facts = opened.getByRole('region', { name: 'What was charged' });
    await facts.getByText('\u22125.00 EUR').waitFor();
    expect(asked).toEqual([`/api/v1/xdrs/${items[1]?.id}`]);
    expect(await rowsOf(page, 'xDRs').count()).toBe(3);
    const address = page.url();
    expect(address).toBe(`${baseUrl}${list}&open=${items[1]?.id}`);

    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
    expect(page.url()).toBe(baseUrl + list);
    expect(await active(page)).toBe(name);

    await page.goto(address);
    await facts.getByRole('link', { name: customer.name }).click();
    await page.getByRole('heading', { level: 1, name: customer.name }).waitFor();
    await page.goBack();
    await opened.getByRole('link', { name: 'Open as a page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Manual payment' }).waitFor();
    expect(page.url()).toBe(`${baseUrl}/xdrs/${items[1]?.id}`);
    await page.context().close();
  });

  it('tells what a call was charged by, step by step', async () => {
    const page = await open(browser, '/customers');
    const made = await makeCatalogue(page);
    const { customer, identity } = await makeCaller(page, made.product.id);
    await authorize(page, identity, identity);
    await stop(page, identity, 90);
    await page.goto(`${baseUrl}/xdrs?customer_id=${customer.id}`);
    await rowsOf(page, 'xDRs').getByRole('link', { name: '442071234567' }).click();
    const opened = drawer(page, '442071234567');
    const usage = opened.getByRole('region', { name: 'Usage' });
    await usage.getByRole('link', { name: `${made.name} tariff` }).waitFor();
    expect(await usage.locator('dt').allTextContents()).toEqual(expect.arrayContaining(['Tariff', 'Prefix', 'Rate of']));
    await usage.getByText('4420', { exact: true }).waitFor();
    const steps = opened.getByRole('region', { name: 'How the charge came about' }).getByRole('listitem');
    expect(await steps.allTextContents()).toEqual([
      expect.stringContaining('connect fee of 0.05 EUR'),
      expect.stringContaining('1 interval of 60 seconds at 0.3 EUR a minute'),
      expect.stringContaining('1 interval of 60 seconds at 0.3 EUR a minute'),
      expect.stringContaining('0.65 EUR, rounded once to'),
    ]);
    const address = page.url();
    await page.context().close();
    for (const [theme, language, width] of [
      ['light', 'en', 1366],
      ['dark', 'en', 1366],
      ['light', 'ar', 1366],
      ['light', 'de', 390],
    ] as const) {
      const looked = await open(browser, address.slice(baseUrl.length), { preferences: { theme, language }, context: { viewport: { width, height: 800 } } });
      await drawer(looked, '442071234567').getByRole('listitem').first().waitFor();
      expect(await violations(looked, theme), `${theme} ${language} ${width}`).toEqual([]);
      expect(await looked.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await looked.context().close();
    }
  });

  it('says that there is no such xDR, and that the server cannot be reached, and tries again', async () => {
    const page = await open(browser, '/xdrs?open=1');
    await page.getByRole('dialog').getByRole('alert').getByText('This does not exist any more').waitFor();
    await page.route(detailRequest, (route) => route.abort());
    await page.getByRole('button', { name: 'Close' }).click();
    await rowsOf(page, 'xDRs').getByRole('link').first().click();
    await page.getByRole('dialog').getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.unroute(detailRequest);
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('dialog').getByRole('region', { name: 'What was charged' }).waitFor();
    await page.context().close();
  });
});

it('filters a customer’s xDRs by the days on which they were billed', async () => {
  const page = await open(browser, '/customers');
  const customer = await spender(page);
  await page.goto(`${new URL(page.url()).origin}/xdrs?customer_id=${customer.id}`);
  await expect.poll(() => rowsOf(page, 'xDRs').count()).toBe(3);
  await page.getByRole('search').getByRole('button', { name: 'Filters', exact: true }).click();
  await page.getByRole('textbox', { name: 'Billed, from' }).fill('2020-01-01');
  await page.getByRole('textbox', { name: 'Billed, to' }).fill('2020-12-31');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'No xDR matches' }).waitFor();
  await page.context().close();
});

it('shows everybody’s in the order in which they came, and says so in place of an order to choose', async () => {
  const page = await open(browser, '/xdrs');
  const { items } = await listFromServer<Xdr>(page, '/xdrs?limit=25');
  await expect.poll(() => cellsOf(page, 'xDRs', 'Customer')).toEqual(items.map((row) => row.customer.name));
  const header = page.getByRole('columnheader', { name: 'Billed', exact: true });
  expect(await header.getAttribute('aria-sort')).toBeNull();
  await page.context().close();
});
