// Owns the pages of customer classes as a person uses them. Does not own the list of classes.
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerClass } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, launch, open } from './browser';
import { makeCustomer, openCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const newClassName = () => `Class ${randomBytes(6).toString('hex')}`;

async function classFromServer(page: Page): Promise<CustomerClass> {
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return (await (await page.request.get(`${baseUrl}/api/v1/customer-classes/${id}`)).json()) as CustomerClass;
}

async function makeClass(page: Page, given: Record<string, unknown> = {}): Promise<CustomerClass> {
  const data = { name: newClassName(), payment_terms_days: 15, suspend_after_days: 14, ...given };
  const response = await page.request.post(`${baseUrl}/api/v1/customer-classes`, { data });
  expect(response.status(), await response.text()).toBe(201);
  return (await response.json()) as CustomerClass;
}

const days = (page: Page) =>
  page.getByRole('region', { name: 'What happens to an invoice that is not paid' }).getByRole('listitem').allTextContents();

it('is made, with a timeline that follows what is typed, and its page opens', async () => {
  const page = await open(browser, '/classes/new');
  const form = page.getByRole('form', { name: 'New customer class' });
  const name = newClassName();
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Currency').selectOption({ value: 'EUR' });
  await form.getByLabel('Payment terms, in days').fill('15');
  await form.getByLabel('Suspend after days').fill('14');
  await form.getByLabel('Limit service after days').fill('20');
  await form.getByRole('button', { name: 'Create class' }).click();
  await form.getByText(/^Limitation comes before suspension/).waitFor();
  await form.getByLabel('Limit service after days').fill('0');
  await form.getByLabel('Terminate provisionally after days').fill('60');
  expect(await days(page)).toEqual([
    'Day 0The invoice is issued.',
    'Day 15Last day to pay it in time.',
    'Day 16It is overdue.',
    'Day 16Service is limited.',
    'Day 30The customer is suspended.',
    'Day 76The customer is provisionally terminated.',
    'Day 106The customer is closed for good.',
  ]);
  await form.getByRole('button', { name: 'Create class' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  expect(await classFromServer(page)).toMatchObject({
    name,
    currency: 'EUR',
    payment_terms_days: 15,
    limit_after_days: 0,
    suspend_after_days: 14,
    terminate_after_days: 60,
    close_after_days: 30,
    suspend_on_insufficient_funds: false,
  });
  await page.context().close();
});

it('opens from a customer, is changed, and tells that somebody else was faster', async () => {
  const page = await open(browser, '/');
  const one = await makeClass(page);
  await openCustomer(page, await makeCustomer(page, { class_id: one.id }));
  await page.getByRole('link', { name: one.name }).click();
  const form = page.getByRole('form', { name: one.name });
  await form.getByLabel('Close after provisional termination, in days').fill('7');
  await form.getByLabel('Suspend when funds do not cover fees').check();
  await form.getByLabel('Suspend after days').fill('');
  const theirs = await page.request.patch(`${baseUrl}/api/v1/customer-classes/${one.id}`, { data: { payment_terms_days: 30 } });
  expect(theirs.status()).toBe(200);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/^Payment terms, in days is now: .30.\.$/).waitFor();
  expect(await form.getByLabel('Close after provisional termination, in days').inputValue()).toBe('7');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('The class has been saved.').waitFor();
  expect(await classFromServer(page)).toMatchObject({
    payment_terms_days: 30,
    suspend_after_days: null,
    close_after_days: 7,
    suspend_on_insufficient_funds: true,
  });
  await page.context().close();
});

it('can be read by those who may not change it', async () => {
  const page = await open(browser, '/');
  const one = await makeClass(page);
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as { permissions: string[] };
    await route.fulfill({ response, json: { ...session, permissions: ['customer_class.read'] } });
  });
  await page.goto(`${baseUrl}/classes/${one.id}`);
  await page.getByText('Suspend after days').waitFor();
  expect(await days(page)).toContain('Day 30The customer is suspended.');
  expect(await page.getByRole('main').getByRole('textbox').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});

it.each([
  ['light', 1366, 'ltr'],
  ['dark', 1366, 'ltr'],
  ['light', 390, 'rtl'],
] as const)('axe, %s, %i px wide, %s', async (theme, width, direction) => {
  const page = await open(browser, '/', {
    preferences: { theme },
    context: { viewport: { width, height: 844 }, reducedMotion: 'reduce' },
  });
  const one = await makeClass(page);
  await page.goto(`${baseUrl}/classes/${one.id}`);
  await page.getByRole('form', { name: one.name }).waitFor();
  await page.evaluate((dir) => {
    document.documentElement.dir = dir;
  }, direction);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  expect(await violations(page, theme)).toEqual([]);
  await page.context().close();
});
