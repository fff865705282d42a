// Owns the list of customer classes as a person uses it. Does not own a class's page (customer_class.test.ts), nor looks
// (lists.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerClass } from '../src/api/types';
import { baseUrl, launch, open } from './browser';
import { newName } from './customers';
import { cellsOf, expectRows, listFromServer, namesOf, rowsOf, sortBy } from './lists';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const names = (rows: CustomerClass[]) => rows.map((row) => row.name);

it('shows what the server has, sorted by a setting and found by a part of the name', async () => {
  const page = await open(browser, '/classes');
  const { items } = await listFromServer<CustomerClass>(page, '/customer-classes?limit=25');
  await expectRows(page, 'Customer classes', names(items));
  const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
  expect(await cellsOf(page, 'Customer classes', 'Payment terms')).toEqual(items.map((one) => days(one.payment_terms_days)));
  await sortBy(page, 'Customer classes', 'Suspend after');
  const sorted = await listFromServer<CustomerClass>(page, '/customer-classes?limit=25&sort=suspend_after_days');
  await expectRows(page, 'Customer classes', names(sorted.items));
  const part = items[0]?.name.slice(1, 4) ?? '';
  await page.getByLabel('Matching').selectOption('Contains');
  await page.getByRole('searchbox', { name: 'Search by name' }).fill(part);
  const found = await listFromServer<CustomerClass>(page, `/customer-classes?limit=25&match=contains&sort=suspend_after_days&search=${part}`);
  await expectRows(page, 'Customer classes', names(found.items));
  await page.context().close();
});

it('leads to a class and back, and to the customers of it', async () => {
  const page = await open(browser, '/classes?sort=-name');
  await namesOf(page, 'Customer classes').first().waitFor();
  const [name = ''] = await namesOf(page, 'Customer classes').allTextContents();
  await namesOf(page, 'Customer classes').first().click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Classes' }).getByRole('link', { name: 'Classes' }).click();
  await page.getByRole('heading', { level: 1, name: 'Customer classes' }).waitFor();
  expect(new URL(page.url()).search).toBe('?sort=-name');
  await rowsOf(page, 'Customer classes').first().getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Customers of this class' }).click();
  await page.getByRole('button', { name: `Remove the filter Class: ${name}` }).waitFor();
  await page.context().close();
});

it('adds a class, which can be chosen at once', async () => {
  const page = await open(browser, '/classes');
  await page.getByRole('link', { name: 'Add class' }).click();
  const name = newName();
  await page.getByRole('form', { name: 'New customer class' }).getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create class' }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.goto(`${baseUrl}/classes?search=${encodeURIComponent(name)}`);
  await expectRows(page, 'Customer classes', [name]);
  await page.goto(`${baseUrl}/customers/new`);
  await page.getByRole('form').getByLabel('Class').selectOption(name);
  await page.context().close();
});
