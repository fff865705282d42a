// Owns changing a customer's status and money from its page, as a person does it. Does not own what a status does.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../src/api/types';
import { violations } from './axe';
import { customersFromServer, launch, open, whenListed } from './browser';
import { act, customerFromServer, makeCustomer, openCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function openOwn(prepare?: (page: Page, customer: Customer) => Promise<void>): Promise<{ page: Page; customer: Customer }> {
  const page = await open(browser, '/');
  const customer = await makeCustomer(page);
  await prepare?.(page, customer);
  await openCustomer(page, customer);
  return { page, customer };
}

const restricts = (page: Page) => page.getByRole('group', { name: 'What restricts this customer' });
const menuButton = (page: Page) => page.getByRole('button', { name: 'Change status' });

async function choose(page: Page, item: string): Promise<ReturnType<Page['getByRole']>> {
  await menuButton(page).click();
  await page.getByRole('menuitem', { name: item }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
}

async function menuItems(page: Page): Promise<string[]> {
  await menuButton(page).click();
  await page.getByRole('menu').waitFor();
  const items = await page.getByRole('menuitem').allTextContents();
  await page.keyboard.press('Escape');
  return items;
}

it('blocks and unblocks, says what will happen, and offers what is possible then', async () => {
  const { page, customer } = await openOwn();
  expect(await menuItems(page)).toEqual(['Block…', 'Terminate provisionally…', 'Terminate permanently…']);
  const dialog = await choose(page, 'Block…');
  await dialog.getByText(/^Subscription and number fees go on/).waitFor();
  await dialog.getByLabel('Comment').fill('SIM reported stolen');
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('Done. The status is now: Blocked.').waitFor();
  await restricts(page).getByText(/SIM reported stolen/).waitFor();
  expect((await customerFromServer(page, customer.id)).status.code).toBe('blocked');
  await expect.poll(() => menuButton(page).evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await menuItems(page)).toEqual(['Unblock…', 'Terminate provisionally…', 'Terminate permanently…']);

  const unblock = await choose(page, 'Unblock…');
  await unblock.getByRole('button', { name: 'Unblock', exact: true }).click();
  await restricts(page).waitFor({ state: 'detached' });
  expect((await customerFromServer(page, customer.id)).status.code).toBe('active');
  await page.context().close();
});

it('terminates provisionally, brings the closing forward, restores, and closes for good', async () => {
  const { page, customer } = await openOwn();
  let dialog = await choose(page, 'Terminate provisionally…');
  await dialog.getByRole('button', { name: 'Terminate provisionally' }).click();
  await restricts(page).getByText('Provisionally terminated', { exact: true }).waitFor();
  const next = (await customerFromServer(page, customer.id)).status.next;
  await restricts(page).getByText(next?.sentence ?? 'no sentence').waitFor();

  dialog = await choose(page, 'Bring the closing forward…');
  await dialog.getByLabel('Closes on').fill('2999-01-01');
  await dialog.getByRole('button', { name: 'Bring forward' }).click();
  await dialog.getByText('The closing date can be brought forward, not put back.').waitFor();
  const sooner = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Closes on').fill(sooner);
  await dialog.getByRole('button', { name: 'Bring forward' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await customerFromServer(page, customer.id)).status.next?.at).toBe(`${sooner}T00:00:00Z`);

  dialog = await choose(page, 'Restore…');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await restricts(page).waitFor({ state: 'detached' });

  dialog = await choose(page, 'Terminate permanently…');
  await dialog.getByText('This cannot be undone.').waitFor();
  await dialog.getByRole('button', { name: 'Terminate permanently' }).click();
  await restricts(page).getByText('Closed', { exact: true }).waitFor();
  expect(await menuButton(page).count()).toBe(0);
  await page.context().close();
});

it('lifts a suspension until a day, and says which days there are', async () => {
  const page = await open(browser, '/');
  const [row] = (await customersFromServer(page, '?limit=1&status=suspended&balance_control=postpaid&sort=-name')).items;
  if (!row) throw new Error('The demo has no suspended customer.');
  const customer = await customerFromServer(page, row.id);
  await openCustomer(page, customer, '?do=lift');
  const dialog = page.getByRole('dialog');
  const day = dialog.getByLabel('Last day of full service');
  await day.fill('2999-01-01');
  await dialog.getByRole('button', { name: 'Lift' }).click();
  await dialog.getByText('The suspension can be lifted from today up to 90 days ahead.').waitFor();
  await day.fill(new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByRole('button', { name: 'Lift' }).click();
  await restricts(page).getByText('Suspension lifted', { exact: true }).waitFor();
  expect((await customerFromServer(page, customer.id)).status.code).toBe('suspension_delayed');
  await page.context().close();
});

it('records a payment that lifts a suspension, and a charge, each once', async () => {
  const page = await open(browser, '/');
  const [row] = (await customersFromServer(page, '?limit=1&status=suspended&balance_control=postpaid')).items;
  if (!row) throw new Error('The demo has no suspended customer.');
  const customer = await customerFromServer(page, row.id);
  const owed = customer.open_invoices.map(({ outstanding }) => Number(outstanding)).reduce((sum, one) => sum + one, 0);
  await openCustomer(page, customer, '?do=record_payment');
  const dialog = page.getByRole('dialog', { name: 'Record a payment, charge or credit' });
  await dialog.getByLabel(/^Amount in/).fill('0');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await dialog.getByText('The amount must be above zero.').waitFor();
  await dialog.getByLabel(/^Amount in/).fill(String(owed));
  await dialog.getByRole('button', { name: 'Record' }).dblclick();
  await page.getByRole('status').getByText(/is paid\.|are paid\./).waitFor();
  await page.getByRole('table', { name: 'Open invoices' }).waitFor({ state: 'detached' });
  const paid = await customerFromServer(page, customer.id);
  expect(paid.open_invoices).toEqual([]);
  expect(paid.status.code).not.toBe('suspended');
  expect(Number(paid.balance)).toBeCloseTo(Number(customer.balance) - owed, 5);

  await page.getByRole('button', { name: 'Record payment' }).click();
  await dialog.getByLabel('What').selectOption('Charge');
  await dialog.getByLabel(/^Amount in/).fill('1.25');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(Number((await customerFromServer(page, customer.id)).balance)).toBeCloseTo(Number(paid.balance) + 1.25, 5);
  await page.context().close();
});

it('deletes a customer that has nothing, and says why it cannot be where it has', async () => {
  const { page } = await openOwn();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete this customer' }).click();
  await page.getByRole('status').getByText(/has been deleted/).waitFor();
  await whenListed(page);

  const { page: other } = await openOwn(async (opened, { id }) => {
    await act(opened, id, 'transactions', { action: 'manual_charge', amount: '1' });
  });
  await other.getByRole('button', { name: 'Delete', exact: true }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Delete this customer' }).click();
  await other.getByRole('alert').getByText(/cannot be deleted: it has .*a balance of 1\.00 EUR/).waitFor();
  await other.context().close();
  await page.context().close();
});

it('offers a role what it includes, and no more', async () => {
  const { page, customer } = await openOwn();
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as { permissions: string[] };
    await route.fulfill({ response, json: { ...session, permissions: ['customer.read', 'customer.block', 'account.read'] } });
  });
  await openCustomer(page, customer);
  expect(await menuItems(page)).toEqual(['Block…']);
  expect(await page.getByRole('main').getByRole('button').allTextContents()).toEqual(['Change status']);
  await openCustomer(page, customer, '?do=close');
  await page.getByRole('status').getByText(/^This cannot be done to the customer/).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.context().close();
});

it('needs no mouse', async () => {
  const { page, customer } = await openOwn();
  await menuButton(page).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Block…');
  await page.keyboard.press('Enter');
  const comment = page.getByRole('dialog').getByLabel('Comment');
  await expect.poll(() => comment.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => menuButton(page).evaluate((button) => button === document.activeElement)).toBe(true);
  expect((await customerFromServer(page, customer.id)).status.code).toBe('active');
  await page.context().close();
});

describe.each(['light', 'dark'] as const)('axe, %s', (theme) => {
  it.each(['record_payment', 'block', 'terminate', 'close', 'delete'])('%s', async (doing) => {
    const page = await open(browser, '/', { preferences: { theme }, context: { reducedMotion: 'reduce' } });
    const customer = await makeCustomer(page);
    await openCustomer(page, customer, `?do=${doing}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor();
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });

  it('menu open', async () => {
    const page = await open(browser, '/', { preferences: { theme }, context: { reducedMotion: 'reduce' } });
    await openCustomer(page, await makeCustomer(page));
    await menuButton(page).click();
    await page.getByRole('menu').waitFor();
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });
});
