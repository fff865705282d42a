// Owns the list of xDRs as a person uses it. Does not own what every list does (customer_list.test.ts), nor looks (lists.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Xdr } from '../src/api/types';
import { launch, open } from './browser';
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

it('leads from a row to what was charged, and to whom', async () => {
  const page = await open(browser, '/customers');
  const customer = await spender(page);
  await page.goto(`${new URL(page.url()).origin}/xdrs?customer_id=${customer.id}`);
  await expect.poll(() => rowsOf(page, 'xDRs').count()).toBe(3);
  await rowsOf(page, 'xDRs').nth(1).getByRole('link').first().click();
  const facts = page.getByRole('region', { name: 'What was charged' });
  await facts.getByText('\u22125.00 EUR').waitFor();
  await facts.getByRole('link', { name: customer.name }).waitFor();
  await page.getByRole('navigation', { name: 'xDRs' }).getByRole('link').click();
  await expect.poll(() => rowsOf(page, 'xDRs').count()).toBe(3);
  await page.context().close();
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
