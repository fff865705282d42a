// Owns the list of resellers as a person uses it. Does not own what every list does (customer_list.test.ts), nor looks (lists.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerRow } from '../src/api/types';
import { customersFromServer, launch, open } from './browser';
import { expectRows, listFromServer, namesOf, rowsOf } from './lists';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const names = (rows: CustomerRow[]) => rows.map((row) => row.name);

it('shows resellers and nobody else, and a search stays among them', async () => {
  const page = await open(browser, '/resellers');
  const { items } = await customersFromServer(page, '?limit=25&type=reseller');
  expect(items.length).toBeGreaterThan(0);
  await expectRows(page, 'Resellers', names(items));
  const [first] = items;
  await page.getByRole('searchbox').fill(first?.name.slice(0, 4) ?? '');
  const found = await listFromServer<CustomerRow>(page, `/customers?limit=25&type=reseller&search=${encodeURIComponent(first?.name.slice(0, 4) ?? '')}`);
  await expectRows(page, 'Resellers', names(found.items));
  await page.context().close();
});

it('leads to the customers of a reseller', async () => {
  const page = await open(browser, '/resellers');
  await namesOf(page, 'Resellers').first().waitFor();
  const [name = ''] = await namesOf(page, 'Resellers').allTextContents();
  await rowsOf(page, 'Resellers').first().getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Its customers' }).click();
  await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  const { items } = await customersFromServer(page, `?limit=25${new URL(page.url()).search.replace('?', '&')}`);
  expect(new Set(items.map(({ reseller }) => reseller?.name))).toEqual(new Set([name]));
  await expectRows(page, 'Customers', names(items));
  await page.context().close();
});

it('makes a new one as a reseller', async () => {
  const page = await open(browser, '/resellers');
  await page.getByRole('link', { name: 'Add reseller' }).click();
  await page.getByRole('heading', { level: 1, name: 'New customer' }).waitFor();
  expect(await page.getByRole('form').getByLabel('Type').inputValue()).toBe('reseller');
  await page.context().close();
});
