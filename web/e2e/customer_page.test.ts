// Owns the page of one customer as a person uses it: reading, the way there and back. Does not own changing the
// status (customer_status.test.ts) nor making a customer (customer_new.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer, CustomerRow } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, customersFromServer, expectNames, launch, open, rowLinks, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function customerFromServer(page: Page, id: number): Promise<Customer> {
  return (await (await page.request.get(`${baseUrl}/api/v1/customers/${id}`)).json()) as Customer;
}

async function firstOf(page: Page, query: string): Promise<CustomerRow> {
  const [first] = (await customersFromServer(page, `?limit=1&${query}`)).items;
  if (!first) throw new Error(`The demo has no customer with ${query}.`);
  return first;
}

async function openPage(query: string, opening?: Parameters<typeof open>[2]): Promise<{ page: Page; customer: Customer }> {
  const page = await open(browser, '/', opening);
  const customer = await customerFromServer(page, (await firstOf(page, query)).id);
  await page.goto(`${baseUrl}/customers/${customer.id}`);
  await page.getByRole('heading', { level: 1, name: customer.name }).waitFor();
  return { page, customer };
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the page', () => {
  it('opens from the name in the list and leads back to the list as it stood', async () => {
    const page = await open(browser, '/customers?status=suspended&sort=-name');
    await whenListed(page);
    const names = await rowLinks(page).allTextContents();
    const left = page.url();
    await rowLinks(page).nth(2).click();
    await page.getByRole('heading', { level: 1, name: names[2] }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/customers\/\d+$/);
    await page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
    await expectNames(page, names);
    expect(page.url()).toBe(left);
    await page.context().close();
  });

  it('tells status with reason, since and next, money, class, contacts, invoices and accounts', async () => {
    const { page, customer } = await openPage('status=suspended&balance_control=postpaid');
    const restricts = page.getByRole('group', { name: 'What restricts this customer' });
    for (const { label, reason } of customer.conditions) {
      await restricts.getByText(label, { exact: true }).waitFor();
      await restricts.getByText(reason, { exact: true }).waitFor();
    }
    await restricts.getByText(customer.status.next?.sentence ?? 'no next', { exact: true }).waitFor();
    await restricts.getByText(/^Since/).first().waitFor();
    await page.getByText(customer.class.name, { exact: true }).first().waitFor();
    await section(page, 'Address and contacts').getByText(customer.address.email ?? 'no e-mail').waitFor();
    await section(page, 'Billing').getByText(customer.time_zone, { exact: true }).waitFor();
    const invoices = page.getByRole('table', { name: 'Open invoices' }).getByRole('row');
    expect(await invoices.count()).toBe(customer.open_invoices.length + 1);
    await invoices.nth(1).getByRole('cell', { name: String(customer.open_invoices[0]?.number) }).waitFor();
    const response = await page.request.get(`${baseUrl}/api/v1/accounts?customer_id=${customer.id}&state=any&limit=10`);
    const { items } = (await response.json()) as { items: { identity: string }[] };
    const accounts = page.getByRole('table', { name: 'Accounts' });
    for (const { identity } of items) await accounts.getByRole('cell', { name: identity, exact: true }).waitFor();
    await page.context().close();
  });

  it("tells a moment on the reader's clock, and on the customer's where it differs", async () => {
    const { page, customer } = await openPage('status=suspended', { context: { timezoneId: 'Pacific/Kiritimati' } });
    const since = new Date(customer.status.since ?? '').toLocaleString('en-GB', {
      timeZone: 'Pacific/Kiritimati',
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    await page.getByText(since).first().waitFor();
    await page.getByText(/^\d+ \w+ \d{4}, \d\d:\d\d in \w+(\/\w+)*$/).first().waitFor();
    await page.context().close();
  });

  it('says that there is no such customer, and leads on', async () => {
    const page = await open(browser, '/customers/1');
    await page.getByRole('alert').getByText('This does not exist any more').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
    await whenListed(page);
    await page.context().close();
  });
});

describe.each(['light', 'dark'] as const)('axe, %s', (theme) => {
  it.each(['status=suspended', 'status=closed', 'status=active&balance_control=prepaid'])('%s', async (query) => {
    const { page } = await openPage(query, { preferences: { theme }, context: { reducedMotion: 'reduce' } });
    await page.getByRole('table', { name: 'Accounts' }).or(page.getByText('No accounts yet.')).waitFor();
    expect(await violations(page, theme)).toEqual([]);
    await page.context().close();
  });
});

it.each(['ltr', 'rtl'])('has nothing over the edge of a narrow screen, %s', async (direction) => {
  const { page } = await openPage('status=suspended', { context: { viewport: { width: 390, height: 844 } } });
  await page.evaluate((dir) => {
    document.documentElement.dir = dir;
  }, direction);
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overhang).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});
