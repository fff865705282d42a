// Owns the page of one customer as a person uses it: reading, changing, the way there and back. Does not own changing the
// status (customer_status.test.ts) nor making a customer (customer_new.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer, CustomerRow } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, customersFromServer, expectNames, launch, open, rowLinks, whenListed } from './browser';
import { act, change, customerFromServer, makeCustomer, openCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function firstOf(page: Page, query: string): Promise<CustomerRow> {
  const [first] = (await customersFromServer(page, `?limit=1&${query}`)).items;
  if (!first) throw new Error(`The demo has no customer with ${query}.`);
  return first;
}

async function openPage(query: string, opening?: Parameters<typeof open>[2]): Promise<{ page: Page; customer: Customer }> {
  const page = await open(browser, '/', opening);
  const customer = await customerFromServer(page, (await firstOf(page, query)).id);
  await openCustomer(page, customer);
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

async function openOwn(given: Record<string, unknown> = {}): Promise<{ page: Page; customer: Customer }> {
  const page = await open(browser, '/');
  const customer = await makeCustomer(page, given);
  await openCustomer(page, customer);
  return { page, customer };
}

const isFocused = (locator: ReturnType<Page['getByRole']>) => locator.evaluate((element) => element === document.activeElement);

describe('changing', () => {
  it('saves what was typed, and gives the focus back', async () => {
    const { page, customer } = await openOwn({ address: { email: 'old@customer.example', fax: '123' } });
    await page.getByRole('button', { name: 'Edit address and contacts' }).click();
    const form = page.getByRole('form', { name: 'Address and contacts' });
    const name = form.getByLabel('Name', { exact: false }).first();
    await expect.poll(() => isFocused(name)).toBe(true);
    await form.getByLabel('E-mail').fill('new@customer.example');
    await form.getByLabel('Fax').fill('');
    await page.keyboard.press('Enter');
    await section(page, 'Address and contacts').getByText('new@customer.example').waitFor();
    await expect.poll(() => isFocused(page.getByRole('button', { name: 'Edit address and contacts' }))).toBe(true);
    const { address, version } = await customerFromServer(page, customer.id);
    expect(address).toMatchObject({ email: 'new@customer.example', fax: null });
    expect(version).toBe(customer.version + 1);
    await page.context().close();
  });

  it('changes class, limit, period, zone and a temporary limit', async () => {
    const { page, customer } = await openOwn();
    await page.getByRole('button', { name: 'Edit billing' }).click();
    const form = page.getByRole('form', { name: 'Billing' });
    await form.getByLabel('Billing period').selectOption('Every week');
    await form.getByLabel('Billing time zone').fill('Asia/Tokyo');
    await form.getByLabel('Credit limit').fill('1,250.5');
    await form.getByLabel('Temporary limit', { exact: true }).fill('2000');
    await form.getByLabel('Temporary limit until').fill('2099-03-01T12:00');
    await form.getByRole('button', { name: 'Save' }).click();
    await section(page, 'Billing').getByText('Asia/Tokyo', { exact: true }).waitFor();
    expect(await customerFromServer(page, customer.id)).toMatchObject({
      billing_period: 'weekly',
      time_zone: 'Asia/Tokyo',
      permanent_credit_limit: '1250.5',
      temporary_credit_limit: { amount: '2000', until: new Date('2099-03-01T12:00').toISOString().replace('.000', '') },
    });
    await page.getByRole('button', { name: 'Edit billing' }).click();
    await form.getByLabel('Temporary limit', { exact: true }).fill('');
    await form.getByLabel('Temporary limit until').fill('');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    expect((await customerFromServer(page, customer.id)).temporary_credit_limit).toBeNull();
    await page.context().close();
  });

  it('tells at each field what is wrong there, and keeps what was typed', async () => {
    const { page } = await openOwn();
    await page.getByRole('button', { name: 'Edit billing' }).click();
    const form = page.getByRole('form', { name: 'Billing' });
    const zone = form.getByLabel('Billing time zone');
    const limit = form.getByLabel('Credit limit');
    const temporary = form.getByLabel('Temporary limit', { exact: true });
    await limit.fill('ten');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Write an amount, with the decimal separator of your language.').waitFor();
    await expect.poll(() => isFocused(limit)).toBe(true);
    await limit.fill('-5');
    await zone.fill('Mars/Olympus');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => zone.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => limit.getAttribute('aria-invalid')).toBe('true');
    expect(await zone.inputValue()).toBe('Mars/Olympus');
    expect(await violations(page)).toEqual([]);
    await zone.fill('UTC');
    await limit.fill('100');
    await temporary.fill('50');
    await form.getByLabel('Temporary limit until').fill('2099-03-01T12:00');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => temporary.getAttribute('aria-invalid')).toBe('true');
    await page.context().close();
  });

  it('tells that somebody else was faster, and loses nothing', async () => {
    const { page, customer } = await openOwn({ address: { city: 'Oldtown', email: 'old@customer.example' } });
    await page.getByRole('button', { name: 'Edit address and contacts' }).click();
    const form = page.getByRole('form', { name: 'Address and contacts' });
    await form.getByLabel('City').fill('Mine');
    await form.getByLabel('Phone', { exact: true }).fill('+49 30 1');
    await change(page, customer.id, { address: { city: 'Theirs', email: 'new@customer.example' } });
    await form.getByRole('button', { name: 'Save' }).click();
    const notice = form.getByRole('alert').filter({ hasText: 'Somebody else has changed this meanwhile.' });
    await notice.getByText(/^City is now: .Theirs.\. You have typed something else\.$/).waitFor();
    await notice.getByText(/^E-mail is now: .new@customer\.example.\.$/).waitFor();
    expect(await form.getByLabel('City').inputValue()).toBe('Mine');
    expect(await form.getByLabel('E-mail').inputValue()).toBe('new@customer.example');
    expect(await violations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    expect((await customerFromServer(page, customer.id)).address).toMatchObject({
      city: 'Mine',
      phone_1: '+49 30 1',
      email: 'new@customer.example',
    });
    await page.context().close();
  });

  it('asks before what was typed is thrown away', async () => {
    const { page } = await openOwn();
    await page.getByRole('button', { name: 'Edit notes' }).click();
    const notes = page.getByRole('form', { name: 'Notes' }).getByLabel('Notes');
    await notes.fill('Calls back on Monday.');
    await page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.waitFor();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Keep on editing' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await notes.inputValue()).toBe('Calls back on Monday.');
    await page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await whenListed(page);
    await page.context().close();
  });

  it('does a save once, although its answer was lost and it was pressed again', async () => {
    const { page, customer } = await openOwn();
    const keys: (string | undefined)[] = [];
    await page.route(`**/api/v1/customers/${customer.id}`, async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Edit notes' }).click();
    const form = page.getByRole('form', { name: 'Notes' });
    await form.getByLabel('Notes').fill('Once.');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await section(page, 'Notes').getByText('Once.').waitFor();
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect((await customerFromServer(page, customer.id)).version).toBe(customer.version + 1);
    await page.context().close();
  });

  it('offers nothing for a closed customer, and says since when it is closed', async () => {
    const { page, customer } = await openOwn();
    await act(page, customer.id, 'terminate', { kind: 'permanent' });
    await openCustomer(page, customer);
    await page.getByRole('group', { name: 'What restricts this customer' }).getByText(/^Since/).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    await page.context().close();
  });
});

it('gives a customer an account, and says at its field what is wrong', async () => {
  const { page, customer } = await openOwn();
  const identity = `test${customer.id}`;
  const add = page.getByRole('button', { name: 'Add account' });
  await add.click();
  const dialog = page.getByRole('dialog', { name: 'New account' });
  const save = dialog.getByRole('button', { name: 'Add account' });
  await save.click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('ID').fill(identity);
  await dialog.getByLabel('Type').selectOption({ value: 'debit' });
  await dialog.getByLabel('Opening balance in EUR').fill('1.123456');
  await save.click();
  await expect.poll(() => dialog.getByLabel('Opening balance in EUR').getAttribute('aria-invalid')).toBe('true');
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Opening balance in EUR').fill('10');
  await save.click();
  const row = page.getByRole('table', { name: 'Accounts' }).getByRole('row').filter({ hasText: identity });
  await row.getByRole('cell', { name: '10.00' }).waitFor();
  await row.getByRole('cell', { name: 'Debit' }).waitFor();
  await expect.poll(() => isFocused(add)).toBe(true);
  await add.click();
  await dialog.getByLabel('ID').fill(identity);
  await save.click();
  await expect.poll(() => dialog.getByLabel('ID').getAttribute('aria-invalid')).toBe('true');
  await page.context().close();
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
