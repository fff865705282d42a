// Owns ticking rows and doing something to them, exporting a list, and the way back to it as it was left. Does not own what is
// permitted to whom (the server's tests).
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseUrl, customersFromServer, expectNames, launch, open, rowLinks, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function openList(path = '/customers'): Promise<Page> {
  const page = await open(browser, path);
  await whenListed(page);
  return page;
}

const tick = (page: Page, row: number) => table(page).getByRole('row').nth(row + 1).getByRole('checkbox').check();
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Actions' });

/** Without accounts or anything else, so that it can be deleted. */
async function createCustomer(page: Page, name: string): Promise<number> {
  const classes = (await (await page.request.get(`${baseUrl}/api/v1/customer-classes`)).json()) as { items: { id: number }[] };
  const response = await page.request.post(`${baseUrl}/api/v1/customers`, {
    data: { name, class_id: classes.items[0]?.id, currency: 'EUR', balance_control: 'prepaid' },
  });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { id: number }).id;
}

describe('ticks', () => {
  it('hold over pages, and can be all that match until the filter changes', async () => {
    const page = await openList();
    await tick(page, 2);
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('navigation', { name: 'Pages' }).getByText(/^26–50 of /).waitFor();
    await table(page).getByRole('checkbox', { name: 'Select all rows on this page' }).check();
    await toolbar(page).getByText('26 selected').waitFor();
    const { total } = await customersFromServer(page, '?limit=1&total=bounded');
    const all = new Intl.NumberFormat('en-GB').format(total?.count ?? 0);
    await page.getByRole('button', { name: `Select all ${all} that match` }).click();
    await toolbar(page).getByText(`All ${all} selected`).waitFor();
    await page.getByLabel('Matching').selectOption('Contains');
    await toolbar(page).getByText(`All ${all} selected`).waitFor();
    await page.getByRole('searchbox').fill('amber');
    await toolbar(page).getByText(/selected/).waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('delete', () => {
  it('asks for ticks first', async () => {
    const page = await openList();
    await toolbar(page).getByRole('button', { name: 'Delete' }).press('Enter');
    await page.getByText('Select the rows first.').waitFor();
    await page.context().close();
  });

  it('names the customers, and says of each whether it was deleted or why not', async () => {
    const page = await open(browser, '/customers');
    const name = `Deletable ${Date.now()}`;
    const id = await createCustomer(page, name);
    const { items } = await customersFromServer(page, '?limit=1&sort=-balance');
    const kept = items[0]?.name ?? '';
    await page.goto(`${baseUrl}/customers?search=${encodeURIComponent(name)}`);
    await expectNames(page, [name]);
    await tick(page, 0);
    await page.getByRole('searchbox').fill(kept);
    await expectNames(page, [kept]);
    await tick(page, 0);
    await toolbar(page).getByRole('button', { name: 'Delete' }).click();

    const dialog = page.getByRole('dialog', { name: 'Delete' });
    const row = (of: string) => dialog.getByRole('row').filter({ has: page.getByRole('rowheader', { name: of }) });
    await row(name).getByText('Will be done').waitFor();
    await row(kept).getByText('The customer cannot be deleted').waitFor();
    expect((await page.request.get(`${baseUrl}/api/v1/customers/${id}`)).status()).toBe(200);
    await dialog.getByRole('button', { name: 'Delete 1 customer' }).click();
    await dialog.getByText('1 done · 1 refused').waitFor();
    await row(name).getByText('Done').waitFor();
    expect((await page.request.get(`${baseUrl}/api/v1/customers/${id}`)).status()).toBe(404);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await toolbar(page).getByText(/selected/).waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('bulk', () => {
  it('blocks with a comment and unblocks again, by keyboard, after a preview', async () => {
    const page = await openList('/customers?status=active');
    const name = (await rowLinks(page).first().textContent()) ?? '';
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    const bulk = toolbar(page).getByRole('button', { name: 'Bulk' });
    await bulk.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Block');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Block' });
    await dialog.getByText('1 would be changed').waitFor();
    await dialog.getByLabel('Why they are blocked').fill('Asked for by phone');
    await dialog.getByRole('button', { name: 'Block 1 customer' }).click();
    await dialog.getByText('1 done').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => rowLinks(page).allTextContents()).not.toContain(name);

    await page.goto(`${baseUrl}/customers?status=blocked&match=exactly&search=${encodeURIComponent(name)}`);
    await expectNames(page, [name]);
    await tick(page, 0);
    await bulk.click();
    await page.getByRole('menuitem', { name: 'Unblock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock 1 customer' }).click();
    await page.getByRole('dialog').getByText('1 done').waitFor();
    await page.context().close();
  });

  it('asks what it has to know before it says what it would do', async () => {
    const page = await openList('/customers?status=suspended');
    await tick(page, 0);
    await toolbar(page).getByRole('button', { name: 'Bulk' }).click();
    await page.getByRole('menuitem', { name: 'Lift the suspension' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Fill in the fields to see what this would do.').waitFor();
    await dialog.getByLabel('Last day of full service').fill('2020-01-01');
    await dialog.getByRole('alert').or(dialog.getByText(/refused/)).first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('export', () => {
  const choose = async (page: Page, format: string) => {
    await toolbar(page).getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: format }).click();
  };

  it('saves the rows of the filter, in its order, with the columns shown', async () => {
    const page = await openList('/customers?status=blocked&sort=-name');
    await page.getByRole('button', { name: 'Settings' }).click();
    for (const hidden of ['Status', 'Balance control', 'Balance', 'Credit limit', 'Available funds']) {
      const box = page.getByRole('checkbox', { name: hidden, exact: true });
      await box.click();
      await expect.poll(() => box.isChecked()).toBe(false);
    }
    await page.getByRole('checkbox', { name: 'E-mail' }).click();
    await table(page).getByRole('columnheader', { name: 'E-mail' }).waitFor();
    await page.keyboard.press('Escape');
    const saved = page.waitForEvent('download');
    await choose(page, 'CSV');
    const download = await saved;
    expect(download.suggestedFilename()).toBe('customers.csv');
    const lines = readFileSync(await download.path(), 'utf8').replace('\ufeff', '').trim().split(/\r?\n/);
    expect(lines[0]).toBe('name,iso_4217,email');
    const { items } = await customersFromServer(page, '?limit=250&status=blocked&sort=-name');
    expect(lines.slice(1).map((line) => line.split(',').at(-2))).toEqual(items.map((row) => row.currency));
    await page.context().close();
  });

  it('can be stopped, and then saves nothing', async () => {
    const page = await openList();
    await page.route('**/api/v1/customers/export*', () => undefined);
    await choose(page, 'Excel (XLSX)');
    await toolbar(page).getByRole('progressbar', { name: 'Export' }).waitFor();
    await toolbar(page).getByRole('button', { name: 'Stop' }).click();
    await page.getByText('The export was stopped. No file was saved.').waitFor();
    await toolbar(page).getByRole('button', { name: 'Export' }).waitFor();
    await page.context().close();
  });
});

it('the way back leads to the same page, scroll and ticks', async () => {
  const page = await openList();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^26–50 of /).waitFor();
  await tick(page, 20);
  const last = rowLinks(page).nth(24);
  const name = await last.textContent();
  const before = await last.evaluate((link) => {
    link.scrollIntoView();
    return link.getBoundingClientRect().top;
  });
  await last.click();
  await page.waitForURL(/\/customers\/\d+$/);
  await page.goBack();
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^26–50 of /).waitFor();
  await toolbar(page).getByText('1 selected').waitFor();
  expect(await rowLinks(page).nth(24).textContent()).toBe(name);
  expect(await rowLinks(page).nth(24).evaluate((link) => link.getBoundingClientRect().top)).toBeCloseTo(before, 0);
  await page.context().close();
});
