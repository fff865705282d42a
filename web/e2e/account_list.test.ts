// Owns the list of accounts as a person uses it. Does not own what every list does (customer_list.test.ts), nor looks
// (lists.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account } from '../src/api/types';
import { violations } from './axe';
import { launch, open } from './browser';
import { cellsOf, expectRows, listFromServer, namesOf, sortBy } from './lists';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const identities = (rows: Account[]) => rows.map((row) => row.identity);

it('shows what the server has, without boxes, for nothing can be done with ticked accounts', async () => {
  const page = await open(browser, '/accounts');
  const { items } = await listFromServer<Account>(page, '/accounts?limit=25');
  await expectRows(page, 'Accounts', identities(items));
  expect(await cellsOf(page, 'Accounts', 'Customer')).toEqual(items.map((row) => row.customer.name));
  expect(await cellsOf(page, 'Accounts', 'Status')).toEqual(items.map((row) => (row.status === 'active' ? '' : row.status_label)));
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await page.context().close();
});

it('finds an account by a part of its ID, in four ways', async () => {
  const page = await open(browser, '/accounts');
  await namesOf(page, 'Accounts').first().waitFor();
  const [, one = ''] = await namesOf(page, 'Accounts').allTextContents();
  for (const [label, match, text] of [
    ['Exactly', 'exactly', one],
    ['Contains', 'contains', one.slice(2, 8)],
    ['Ends with', 'ends_with', one.slice(-5)],
    ['Starts with', 'starts_with', one.slice(0, 9)],
  ] as const) {
    await page.getByLabel('Matching').selectOption(label);
    await page.getByRole('searchbox', { name: 'Search by account ID' }).fill(text);
    const { items } = await listFromServer<Account>(page, `/accounts?limit=25&match=${match}&search=${text}`);
    expect(identities(items)).toContain(one);
    await expectRows(page, 'Accounts', identities(items));
  }
  await page.context().close();
});

it('filters by customer, state, type, batch and status, and sorts what is left by every column', async () => {
  const page = await open(browser, '/accounts');
  await namesOf(page, 'Accounts').first().waitFor();
  await page.getByRole('search').getByRole('button', { name: 'Type', exact: true }).click();
  await page.getByRole('button', { name: 'Debit', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the filter Type: Debit' }).waitFor();
  for (const [header, sort] of [
    ['Balance', 'balance'],
    ['Customer', 'customer'],
    ['Status', 'status'],
    ['Account ID', 'identity'],
  ] as const) {
    await sortBy(page, 'Accounts', header);
    const { items } = await listFromServer<Account>(page, `/accounts?limit=25&model=debit&sort=${sort}`);
    await expectRows(page, 'Accounts', identities(items));
  }
  await page.getByRole('search').getByRole('button', { name: 'Status', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Customer blocked' }).check();
  const { items } = await listFromServer<Account>(page, '/accounts?limit=25&model=debit&status=customer_blocked&sort=identity');
  await expectRows(page, 'Accounts', identities(items));
  await page.context().close();
});

it('says which account there is not, and offers to look anywhere in the ID', async () => {
  const page = await open(browser, '/accounts?search=zzzz');
  await page.getByRole('heading', { name: 'No account matches' }).waitFor();
  await page.getByRole('button', { name: 'Search anywhere in the text' }).waitFor();
  await page.context().close();
});

it('finds the accounts of a customer that is looked up by its name', async () => {
  const page = await open(browser, '/accounts');
  const { items } = await listFromServer<Account>(page, '/accounts?limit=1');
  const { id, name } = items[0]?.customer ?? { id: 0, name: '' };
  await page.getByRole('search').getByRole('button', { name: 'Filters', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Filters' });
  await panel.getByRole('combobox', { name: 'Customer' }).fill(name);
  await page.getByRole('option', { name, exact: true }).first().click();
  await panel.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: `Remove the filter Customer: ${name}` }).waitFor();
  const own = await listFromServer<Account>(page, `/accounts?limit=25&customer_id=${id}`);
  await expectRows(page, 'Accounts', identities(own.items));
  await page.context().close();
});

it('explains the status of an account on focus, with an icon and with what other statuses hold', async () => {
  const page = await open(browser, '/accounts?state=any&status=customer_suspended');
  const { items } = await listFromServer<Account>(page, '/accounts?limit=1&state=any&status=customer_suspended');
  const badge = page.getByRole('table').getByRole('button', { name: 'Customer suspended: show why' }).first();
  await badge.locator('svg').waitFor();
  await badge.focus();
  await page.keyboard.press('Enter');
  const card = page.getByRole('dialog', { name: 'Customer suspended' });
  await card.getByText(items[0]?.status_reason ?? 'no reason').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await expect.poll(() => badge.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
});
