// Owns that everything a list shows can be filtered and searched by: the panel of all filters with its faults, looking a reseller
// up, fields of the search, orders without a header. Does not own the quick filters (customer_list.test.ts) nor saved views.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseUrl, customersFromServer, customersRequest, expectNames, launch, open, preferencesFromServer, rowLinks, table, whenListed } from './browser';
import { makeCustomer, newName } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const namesFor = async (page: Page, query: string) => (await customersFromServer(page, `?limit=25&${query}`)).items.map((row) => row.name);

const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

async function openPanel(page: Page) {
  await page.getByRole('search').getByRole('button', { name: 'Filters', exact: true }).click();
  return page.getByRole('dialog', { name: 'Filters' });
}

async function openList(path = '/customers'): Promise<Page> {
  const page = await open(browser, path);
  await whenListed(page);
  return page;
}

describe('the panel of all filters', () => {
  it.each([
    ['Type', 'Reseller', 'type=reseller', 'Type: \u2068Reseller\u2069'],
    ['Billing period', 'Every week', 'billing_period=weekly', 'Billing period: \u2068Every week\u2069'],
    ['Has overdue invoices', 'Yes', 'overdue=true', 'Has overdue invoices: \u2068Yes\u2069'],
  ])('%s takes a value, which is a chip and stands in the address', async (label, value, query, chip) => {
    const page = await openList();
    const panel = await openPanel(page);
    await panel.getByLabel(label).selectOption(value);
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.waitFor({ state: 'detached' });
    await expectNames(page, await namesFor(page, query));
    expect(new URL(page.url()).search).toBe(`?${query}`);
    await page.getByText(chip).waitFor();
    await page.getByRole('button', { name: `Remove the filter ${label}` }).click();
    await expectNames(page, await namesFor(page, ''));
    await page.context().close();
  });

  it.each([
    ['Balance', 'balance'],
    ['Credit limit', 'credit_limit'],
    ['Available funds', 'available_funds'],
  ])('%s takes a range in the figures of the language', async (label, name) => {
    const page = await openList();
    const panel = await openPanel(page);
    await panel.getByLabel(`${label}, from`).fill('1,000');
    await panel.getByLabel(`${label}, to`).fill('2,500.50');
    await panel.getByLabel(`${label}, to`).press('Enter');
    await panel.waitFor({ state: 'detached' });
    expect(queryOf(page)).toEqual({ [`${name}_min`]: '1000', [`${name}_max`]: '2500.50' });
    await expectNames(page, await namesFor(page, `${name}_min=1000&${name}_max=2500.50`));
    await page.getByText(`${label}: \u20681,000 to 2,500.50\u2069`).waitFor();
    await page.context().close();
  });

  it('takes days of the person, and amounts as a German writes them', async () => {
    const page = await open(browser, '/customers', { preferences: { language: 'de' } });
    await page.getByRole('search').getByRole('button', { name: 'Filter', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Filter' });
    await panel.getByLabel('Angelegt, von').fill('2023-01-01');
    await panel.getByLabel('Angelegt, bis').fill('2025-12-31');
    await panel.getByLabel('Saldo, von').fill('12,5');
    await panel.getByRole('button', { name: 'Anwenden' }).click();
    await panel.waitFor({ state: 'detached' });
    const query = queryOf(page);
    expect(query.balance_min).toBe('12.5');
    const { items } = await customersFromServer(page, `?${new URLSearchParams({ ...query, limit: '25' })}`);
    await expect.poll(() => page.getByRole('table', { name: 'Kunden' }).getByRole('link').allTextContents()).toEqual(items.map((row) => row.name));
    expect(items.every((row) => row.created_at >= '2023' && row.created_at < '2026-01-02')).toBe(true);
    await page.context().close();
  });

  it('says at the field what makes no sense, before it asks the server', async () => {
    const page = await openList();
    const rows = await rowLinks(page).allTextContents();
    const panel = await openPanel(page);
    await panel.getByLabel('Balance, from').fill('10');
    await panel.getByLabel('Balance, to').fill('9.99');
    await panel.getByLabel('Credit limit, from').fill('much');
    await panel.getByLabel('Created, from').fill('2025-06-02');
    await panel.getByLabel('Created, to').fill('2025-06-01');
    await panel.getByRole('button', { name: 'Apply' }).click();
    const saying = (label: string) => panel.getByLabel(label).evaluate((field) => {
      const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
      return ids.map((id) => document.getElementById(id)?.textContent).join('');
    });
    await expect.poll(() => saying('Balance, to')).toBe('The end lies before the start.');
    expect(await saying('Created, to')).toBe('The end lies before the start.');
    expect(await saying('Credit limit, from')).toBe('Write an amount, with the decimal separator of your language.');
    // The first that has to be mended, in the order of the panel.
    await expect.poll(() => panel.getByLabel('Created, to').evaluate((field) => field === document.activeElement)).toBe(true);
    expect(new URL(page.url()).search).toBe('');
    expect(await rowLinks(page).allTextContents()).toEqual(rows);

    await panel.getByLabel('Created, to').fill('2025-06-02');
    await panel.getByLabel('Balance, to').fill('10');
    await panel.getByLabel('Credit limit, from').fill('');
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.waitFor({ state: 'detached' });
    await page.getByText('Balance: \u206810\u2069').waitFor();
    await page.context().close();
  });

  it('says at the field what the server cannot make sense of, also of a link', async () => {
    const page = await openList();
    const panel = await openPanel(page);
    await panel.getByLabel('Balance control').selectOption('Prepaid');
    await panel.getByLabel('Balance, from').fill('5');
    await panel.getByRole('button', { name: 'Apply' }).click();
    const fault = panel.getByText('Prepaid customers do not have this amount.');
    await fault.waitFor();
    expect(await panel.getByLabel('Balance, from').getAttribute('aria-invalid')).toBe('true');
    await page.reload();
    await page.getByRole('alert').getByRole('button', { name: 'Open the filters' }).click();
    await fault.waitFor();
    await panel.getByRole('button', { name: 'Default filters' }).click();
    await whenListed(page);
    expect(new URL(page.url()).search).toBe('');
    await page.context().close();
  });
});

describe('a reseller', () => {
  it('is looked up by a part of the name, with keys alone, and its name stands on the chip of a link', async () => {
    const page = await openList();
    const [reseller] = (await customersFromServer(page, '?limit=1&type=reseller&sort=-name')).items;
    if (!reseller) throw new Error('The demo has no reseller.');
    const panel = await openPanel(page);
    const field = panel.getByRole('combobox', { name: 'Reseller' });
    await field.focus();
    await page.keyboard.type(reseller.name.slice(1, 9));
    await panel.getByRole('option', { name: reseller.name, exact: true }).first().waitFor();
    const at = (await panel.getByRole('option').allTextContents()).indexOf(reseller.name);
    for (let step = 0; step < at; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe(reseller.name);
    await page.keyboard.press('Enter');
    await panel.waitFor({ state: 'detached' });
    await expectNames(page, await namesFor(page, `reseller_id=${reseller.id}`));
    await page.reload();
    await page.getByText(`Reseller: \u2068${reseller.name}\u2069`).waitFor();
    await page.context().close();
  });

  it('can be none', async () => {
    const page = await openList();
    const panel = await openPanel(page);
    await panel.getByRole('combobox', { name: 'Reseller' }).click();
    await panel.getByRole('option', { name: 'None: customers of our own' }).click();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(queryOf(page)).toEqual({ reseller_id: 'none' });
    await expectNames(page, await namesFor(page, 'reseller_id=none'));
    await page.context().close();
  });
});

describe('search', () => {
  it('looks into the fields that are chosen, and they and the matching are remembered for the person', async () => {
    const page = await openList();
    const email = `${newName().replaceAll(' ', '').toLowerCase()}@example.test`;
    const customer = await makeCustomer(page, { address: { email } });
    await page.getByRole('button', { name: 'Search in: Name' }).click();
    await page.getByRole('checkbox', { name: 'E-mail' }).check();
    await page.keyboard.press('Escape');
    await page.getByLabel('Matching').selectOption('Contains');
    const field = page.getByRole('searchbox', { name: 'Search by Name, E-mail' });
    await field.fill(email.slice(4, 16));
    await expectNames(page, [customer.name]);
    expect(queryOf(page)).toEqual({ search: email.slice(4, 16), match: 'contains', in: 'name,email' });
    await expect.poll(async () => (await preferencesFromServer(page)).lists?.customers).toMatchObject({ match: 'contains', search_in: ['name', 'email'] });
    // Anew, without what the address says.
    await page.goto(`${baseUrl}/customers`);
    await whenListed(page);
    expect(await page.getByLabel('Matching').inputValue()).toBe('contains');
    await page.getByRole('searchbox', { name: 'Search by Name, E-mail' }).fill('no such thing');
    await page.getByText('None of the searched fields contains').waitFor();
    await page.context().close();
  });

  it('that finds one opens it at once, where that is wanted', async () => {
    const page = await openList();
    const customer = await makeCustomer(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Open a single result at once' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill(customer.name);
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('heading', { level: 1, name: customer.name }).waitFor();
    await page.context().close();
  });
});

describe('columns that wait in the settings', () => {
  const hidden = {
    Company: 'company',
    'E-mail': 'email',
    Phone: 'phone',
    Class: 'class',
    Reseller: 'reseller',
    'Billing period': 'billing_period',
    Created: 'created',
    Accounts: 'accounts',
    'Last payment': 'last_payment',
    Overdue: 'overdue',
  };

  it('are shown when chosen, and the server sorts by each', async () => {
    const shown = Object.fromEntries(Object.values(hidden).map((id) => [id, true]));
    const page = await open(browser, '/customers', { preferences: { lists: { customers: { shown } } }, context: { viewport: { width: 2560, height: 800 } } });
    await whenListed(page);
    for (const [label, id] of Object.entries(hidden)) {
      const header = table(page).getByRole('columnheader', { name: label, exact: true });
      await header.getByRole('button').click();
      await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
      await expectNames(page, await namesFor(page, `sort=${id}`));
    }
    await page.context().close();
  });

  it('are named above the rows while they sort them unseen', async () => {
    const page = await openList('/customers?sort=-overdue,name');
    await page.getByText('Sorted by \u2068Overdue, descending\u2069').waitFor();
    await page.getByRole('button', { name: 'Do not sort by Overdue' }).click();
    await expectNames(page, await namesFor(page, 'sort=name'));
    await page.context().close();
  });

  it('that cannot sort so many say what helps', async () => {
    const page = await openList();
    // A million customers are not at hand here; the answer is the server's word for word.
    await page.route(customersRequest, (route) =>
      route.request().url().includes('sort=email')
        ? route.fulfill({
            status: 422,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              type: '/api/problems/invalid_fields',
              title: 'Unprocessable Entity',
              status: 422,
              code: 'invalid_fields',
              detail: 'Fields are wrong.',
              errors: [{ field: 'sort', code: 'sort_needs_filter', message: 'more than 10,000 match' }],
              request_id: 'test',
            }),
          })
        : route.continue(),
    );
    const rows = await rowLinks(page).allTextContents();
    await page.evaluate(() => history.pushState(null, '', '/customers?sort=email'));
    await page.reload();
    const alert = page.getByRole('alert');
    await alert.getByText('So many rows cannot be put in this order.').waitFor();
    await alert.getByRole('button', { name: 'Open the filters' }).click();
    await page.getByRole('dialog', { name: 'Filters' }).waitFor();
    await page.keyboard.press('Escape');
    await alert.getByRole('button', { name: 'Sort by Name instead' }).click();
    await expectNames(page, rows);
    await page.context().close();
  });
});
