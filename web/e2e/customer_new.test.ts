// Owns making a customer as a person does it. Does not own what its page then shows (customer_page.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from './axe';
import { baseUrl, launch, open } from './browser';
import { customerFromServer, makeCustomer, newName } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const newPage = { context: { timezoneId: 'Asia/Tokyo' } };

it('is made with sensible defaults, without a mouse, and its page opens', async () => {
  const page = await open(browser, '/customers', newPage);
  await page.getByRole('link', { name: 'Add customer' }).press('Enter');
  const form = page.getByRole('form', { name: 'New customer' });
  const field = form.getByLabel('Name', { exact: false }).first();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  const name = newName();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  expect(await customerFromServer(page, id)).toMatchObject({
    name,
    type: 'retail',
    balance_control: 'postpaid',
    time_zone: 'Asia/Tokyo',
    billing_period: 'monthly',
    credit_limit: null,
  });
  await page.context().close();
});

it('takes everything that is asked for, and the currency that its class is tied to', async () => {
  const page = await open(browser, '/customers/new');
  const form = page.getByRole('form', { name: 'New customer' });
  const name = newName();
  await form.getByLabel('Name', { exact: false }).first().fill(name);
  await form.getByLabel('Type').selectOption('Reseller');
  await form.getByLabel('Balance control').selectOption('Prepaid');
  await form.getByLabel('Currency').selectOption({ value: 'JPY' });
  await form.getByLabel('Opening balance').fill('-500');
  await form.getByLabel('Billing period').selectOption('Every 30 days');
  await form.getByLabel('Billing time zone').fill('Asia/Tokyo');
  await form.getByLabel('When funds do not cover fees').selectOption('Suspended');
  await form.getByLabel('Reference').fill('C-1');
  await form.getByLabel('Company').fill('Öhler Bau');
  await form.getByLabel('Country').fill('JP');
  await form.getByLabel('Notes').fill('One\nTwo');
  await form.getByRole('button', { name: 'Create customer' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  expect(await customerFromServer(page, id)).toMatchObject({
    type: 'reseller',
    balance_control: 'prepaid',
    currency: 'JPY',
    available_funds: '500',
    billing_period: 'thirty_days',
    time_zone: 'Asia/Tokyo',
    suspend_on_insufficient_funds: true,
    reference: 'C-1',
    address: { company_name: 'Öhler Bau', country: 'JP', notes: 'One\nTwo' },
  });
  await page.context().close();
});

it.each(['light', 'dark'] as const)('tells what is wrong where it is wrong, %s', async (theme) => {
  const page = await open(browser, '/customers/new', { preferences: { theme } });
  const form = page.getByRole('form', { name: 'New customer' });
  const save = form.getByRole('button', { name: 'Create customer' });
  const name = form.getByLabel('Name', { exact: false }).first();
  await save.click();
  await form.getByText('Fill this in.').waitFor();
  await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
  const taken = ((await (await page.request.get(`${baseUrl}/api/v1/customers?limit=1`)).json()) as { items: { name: string }[] })
    .items[0]?.name;
  await name.fill(taken ?? '');
  await save.click();
  await form.getByText('Another customer has this name.').waitFor();
  await name.fill(newName());
  await form.getByLabel('Country').fill('ZZ');
  await form.getByLabel('Opening balance').fill('1.123456');
  await save.click();
  await expect.poll(() => form.getByLabel('Country').getAttribute('aria-invalid')).toBe('true');
  expect(await form.getByLabel('Opening balance').getAttribute('aria-invalid')).toBe('true');
  expect(await violations(page, theme)).toEqual([]);
  await page.context().close();
});

it('goes on to the next one where that is wished', async () => {
  const page = await open(browser, '/customers/new');
  const form = page.getByRole('form', { name: 'New customer' });
  const first = newName();
  await form.getByLabel('Name', { exact: false }).first().fill(first);
  await form.getByLabel('Then add another one').check();
  await form.getByRole('button', { name: 'Create customer' }).click();
  await page.getByRole('status').getByText(first).waitFor();
  await expect.poll(() => form.getByLabel('Name', { exact: false }).first().inputValue()).toBe('');
  expect(await form.getByLabel('Then add another one').isChecked()).toBe(true);
  await page.context().close();
});

it.each(['ltr', 'rtl'])('has nothing over the edge of a narrow screen, %s', async (direction) => {
  const page = await open(browser, '/customers/new', { context: { viewport: { width: 390, height: 844 } } });
  await page.getByRole('form', { name: 'New customer' }).waitFor();
  await page.evaluate((dir) => {
    document.documentElement.dir = dir;
  }, direction);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});

it('belongs to a reseller that is looked up by its name', async () => {
  const page = await open(browser, '/customers/new');
  // One in euros and without a reseller of its own.
  const reseller = await makeCustomer(page, { type: 'reseller' });
  const form = page.getByRole('form', { name: 'New customer' });
  const name = newName();
  await form.getByLabel('Name', { exact: false }).first().fill(name);
  await form.getByLabel('Currency').selectOption({ value: 'EUR' });
  const field = form.getByRole('combobox', { name: 'Reseller' });
  await field.fill(reseller.name.slice(5));
  await form.getByRole('option', { name: reseller.name }).click();
  expect(await field.inputValue()).toBe(reseller.name);
  await form.getByRole('button', { name: 'Create customer' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  expect((await customerFromServer(page, id)).reseller).toMatchObject({ id: reseller.id, name: reseller.name });
  await page.context().close();
});
