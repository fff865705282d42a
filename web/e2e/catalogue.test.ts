// Owns products, tariffs with their rates, NASes, active sessions and the page of an account, as a person uses them. Does not own what is
// charged (the server's tests).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe';
import { baseUrl, launch, open, whenQuiet } from './browser';
import { authorize, makeBundled, makeCaller, makeCatalogue, makeNas, stop } from './catalogue';
import { cellsOf, namesOf, sortBy } from './lists';

let browser: Browser;
let made: Awaited<ReturnType<typeof makeCatalogue>>;
beforeAll(async () => {
  browser = await launch();
  const page = await open(browser, '/customers');
  made = await makeCatalogue(page);
  await page.context().close();
});
afterAll(() => browser.close());

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the list', () => {
  it('of products is found by name, sorted, and leads to a product with its tariffs, by keyboard alone', async () => {
    const page = await open(browser, '/customers');
    await page.getByRole('table').getByRole('link').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await heading(page, 'Products');
    await page.keyboard.press('/');
    await page.keyboard.type(made.name);
    await expect.poll(() => namesOf(page, 'Products').allTextContents()).toEqual([`${made.name} product`]);
    await page.keyboard.press('Escape');
    await sortBy(page, 'Products', 'Currency');
    await namesOf(page, 'Products').first().focus();
    await page.keyboard.press('Enter');
    await heading(page, `${made.name} product`);
    await section(page, 'Tariffs by service').getByRole('row', { name: `Calls Outgoing ${made.name} tariff` }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: `${made.name} tariff` }).click();
    await heading(page, `${made.name} tariff`);
    await page.context().close();
  });

  it('of tariffs says so where nothing is found', async () => {
    const page = await open(browser, '/tariffs?search=nobody-has-this');
    await page.getByText('No tariffs found').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('of NASes leads to a NAS, and never to its secret', async () => {
    const page = await open(browser, '/customers');
    const nas = await makeNas(page);
    await page.goto(`${baseUrl}/nas?search=${encodeURIComponent(nas.name)}`);
    await namesOf(page, 'NASes').getByText(nas.name).click();
    await heading(page, nas.name);
    await section(page, 'NAS').getByText('300 seconds').waitFor();
    expect(await page.content()).not.toContain('b2f0c1a97d5e4c3f');
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('of DID numbers finds those of a state, and a number leads to whoever has it', async () => {
    const page = await open(browser, '/dids?state=on_account');
    await expect.poll(async () => new Set(await cellsOf(page, 'DID numbers', 'State'))).toEqual(new Set(['On an account']));
    expect((await cellsOf(page, 'DID numbers', 'Number'))[0]).toBe('12025550100');
    await page.getByRole('searchbox').fill('1312');
    await expect.poll(async () => (await cellsOf(page, 'DID numbers', 'Number'))[0]).toBe('13125550100');
    expect(await violations(page)).toEqual([]);
    const [customer = ''] = await cellsOf(page, 'DID numbers', 'Customer');
    await namesOf(page, 'DID numbers').getByText('13125550100').click();
    await heading(page, '13125550100');
    await section(page, 'Fees').getByText('1.50', { exact: true }).waitFor();
    expect(await violations(page, 'dark')).toEqual([]);
    await section(page, 'DID number').getByRole('link', { name: customer }).click();
    await heading(page, customer);
    await page.context().close();
  });

  it('that the person may not see is not among the pages', async () => {
    const page = await open(browser, '/customers', {
      before: (opened) =>
        opened.route('**/api/v1/session', async (route) => {
          const response = await route.fetch();
          const session = (await response.json()) as { permissions: string[] };
          await route.fulfill({ response, json: { ...session, permissions: session.permissions.filter((one) => one !== 'nas.read') } });
        }),
    });
    await page.getByRole('link', { name: 'Tariffs' }).waitFor();
    expect(await page.getByRole('link', { name: 'NASes' }).count()).toBe(0);
    await page.context().close();
  });
});

describe('a tariff', () => {
  const openTariff = async () => {
    const page = await open(browser, `/tariffs/${made.tariff.id}`);
    await heading(page, `${made.name} tariff`);
    return page;
  };
  const prefixes = (page: Page) => page.getByRole('table', { name: 'Rates' }).locator('tbody tr td:first-child').allTextContents();

  it('shows its rates, and those that begin as one types', async () => {
    const page = await openTariff();
    await expect.poll(() => prefixes(page)).toEqual(['44', '4420', '49']);
    await page.getByLabel('Rates whose prefix begins with').fill('442');
    await expect.poll(() => prefixes(page)).toEqual(['4420']);
    await page.getByLabel('Rates whose prefix begins with').fill('7');
    await page.getByText('No rate begins so.').waitFor();
    await page.context().close();
  });

  it('explains what a number costs, step by step', async () => {
    const page = await openTariff();
    const ask = section(page, 'What does it cost?');
    await ask.getByLabel('Number').fill('+44 20 7123 4567');
    await ask.getByLabel('Seconds').fill('90');
    await page.keyboard.press('Enter');
    const steps = page.getByRole('region', { name: 'Step by step' });
    // Two whole minutes at 0.30, and the connect fee.
    await steps.getByText('Price 0.65 EUR').waitFor();
    await steps.getByText('4420', { exact: true }).waitFor();
    expect(await steps.getByRole('listitem').count()).toBeGreaterThan(1);
    expect(await violations(page)).toEqual([]);
    expect(await violations(page, 'dark')).toEqual([]);

    await ask.getByLabel('Number').fill('4930123456');
    await page.keyboard.press('Enter');
    await steps.getByText('Calls there are forbidden.').waitFor();
    await page.context().close();
  });

  it('says what is wrong with a sample, and takes the answer before away', async () => {
    const page = await openTariff();
    const ask = section(page, 'What does it cost?');
    await ask.getByLabel('Number').fill('4420');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Step by step' }).waitFor();
    await ask.getByLabel('Seconds').fill('a minute');
    await page.keyboard.press('Enter');
    await ask.getByRole('alert').getByText(/./).first().waitFor();
    await page.getByRole('region', { name: 'Step by step' }).waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('an account', () => {
  it('shows its money, its products, what it uses now and what it was charged', async () => {
    const page = await open(browser, '/customers');
    const { customer, account, identity } = await makeCaller(page, made.product.id);
    await page.goto(`${baseUrl}/accounts/${account.id}`);
    await heading(page, identity);
    await section(page, 'Account').getByText('10.00').waitFor();
    await section(page, 'Products').getByRole('link', { name: `${made.name} product` }).waitFor();
    await section(page, 'Active sessions').getByText('Nothing is in use at the moment.').waitFor();

    await authorize(page, identity, identity);
    await section(page, 'Active sessions').getByText('442071234567').waitFor();
    await page.goto(`${baseUrl}/sessions?customer_id=${customer.id}`);
    await expect.poll(() => namesOf(page, 'Active sessions').allTextContents()).toEqual(['442071234567']);
    expect(await violations(page)).toEqual([]);

    // The list follows by itself when the call ends.
    await stop(page, identity, 90);
    await page.getByText('No active sessions found').waitFor();
    await page.goto(`${baseUrl}/accounts/${account.id}`);
    await section(page, 'Last xDRs').getByText('0.65').waitFor();
    await section(page, 'Account').getByText('9.35').waitFor();
    expect(await violations(page)).toEqual([]);

    // What was charged explains itself.
    await section(page, 'Last xDRs').getByRole('link').first().click();
    await heading(page, '442071234567');
    const steps = section(page, 'How the charge came about').getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(4);
    expect(await steps.allTextContents()).toEqual([
      expect.stringContaining('connect fee of 0.05 EUR'),
      // The first interval and the next one have prices of their own.
      expect.stringContaining('1 interval of 60 seconds at 0.3 EUR a minute'),
      expect.stringContaining('1 interval of 60 seconds at 0.3 EUR a minute'),
      expect.stringContaining('0.65 EUR, rounded once to'),
    ]);
    await section(page, 'Usage').getByText('120').waitFor();
    await section(page, 'Usage').getByRole('link', { name: `${made.name} tariff` }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await violations(page, 'dark')).toEqual([]);
    await page.context().close();
  });
});

describe('what is included', () => {
  it('stands on the page of the product, and what is left of it on that of the account', async () => {
    const page = await open(browser, '/customers');
    const { name, product } = await makeBundled(page, made.tariff.id);
    const { account, identity } = await makeCaller(page, product.id);
    const rows = () => section(page, 'Included usage').getByRole('row').allInnerTexts();
    const cells = async () => (await rows()).slice(1).map((row) => row.split(/[\t\n]+/).map((cell) => cell.trim()).filter(Boolean));
    await page.goto(`${baseUrl}/products/${product.id}`);
    await section(page, 'Included usage').getByText(`${name} bundle`).waitFor();
    await expect.poll(cells).toEqual([
      ['Calls · Outgoing', 'To 4420', '2:00 min', 'Each day · kept for 1 period more', 'Charged by the tariff'],
      ['Messages · Outgoing', '5.00\u00a0EUR', 'On the first of the month', 'Refused'],
    ]);
    expect(await violations(page)).toEqual([]);

    await page.goto(`${baseUrl}/accounts/${account.id}`);
    await heading(page, identity);
    const taken = async () => (await cells()).map((row) => row.find((cell) => / of /.test(cell)));
    await expect.poll(taken).toEqual(['0:00 min of 2:00 min', '0.00\u00a0EUR of 5.00\u00a0EUR']);
    // A call of two and a half minutes: two are included with the connect fee, and one is charged.
    await authorize(page, identity, identity);
    await stop(page, identity, 150);
    await page.reload();
    await expect.poll(taken).toEqual(['2:00 min of 2:00 min', '0.00\u00a0EUR of 5.00\u00a0EUR']);
    await section(page, 'Account').getByText('9.70').waitFor();
    // The covered part costs nothing, and says why.
    await section(page, 'Last xDRs').getByRole('row').filter({ hasText: '0.00' }).getByRole('link').click();
    await section(page, 'What was charged').getByText('Included in a bundle').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await violations(page, 'dark')).toEqual([]);
    await page.context().close();
  });
});

describe.each(['ltr', 'rtl'] as const)('a narrow screen, %s', (direction) => {
  it.each([['/products'], ['/tariffs'], ['/dids'], ['/nas'], ['/sessions'], ['tariff'], ['product']])('has nothing over its edge: %s', async (path) => {
    const address = { tariff: `/tariffs/${made.tariff.id}`, product: `/products/${made.product.id}` }[path] ?? path;
    const page = await open(browser, address, {
      preferences: { language: direction === 'rtl' ? 'ar' : 'en' },
      context: { viewport: { width: 390, height: 844 } },
    });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await whenQuiet(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.context().close();
  });
});
