// Owns what changes with the language: the words, the plural forms, how numbers are written, which way the page runs. Does
// not own whether each word is there (src/language/dictionaries.test.ts) nor axe in each state (accessibility.test.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRow, Status } from '../src/api/types';
import { baseUrl, customersFromServer, launch, open, preferencesFromServer, whenQuiet } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const title = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text, exact: true });
const directionOf = (page: Page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

async function openIn(language: string, path = '/customers', opening: Parameters<typeof open>[2] = {}): Promise<Page> {
  const page = await open(browser, path, { ...opening, preferences: { language, ...opening.preferences } });
  await page.getByRole('table').getByRole('link').first().waitFor();
  return page;
}

/** A customer's status for each that is not active; other tests leave more customers of some than a page holds. */
async function oneOfEach(page: Page): Promise<Status[]> {
  const { items } = (await (await page.request.get(`${baseUrl}/api/v1/statuses`)).json()) as { items: { code: string }[] };
  const codes = items.map(({ code }) => code).filter((code) => code !== 'active');
  const pages = await Promise.all(codes.map((code) => customersFromServer(page, `?limit=1&status=${code}`)));
  return pages.flatMap((found) => found.items.map(({ status }) => status));
}

describe('the language', () => {
  it('is chosen in the menu, at once, and kept for the person', async () => {
    const page = await openIn('en');
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('radio', { name: 'Deutsch' }).click();
    await title(page, 'Kunden').waitFor();
    expect(await directionOf(page)).toEqual(['de', 'ltr']);
    // The menu is still open, and in German.
    await page.getByRole('radio', { name: 'العربية' }).click();
    await title(page, 'العملاء').waitFor();
    expect(await directionOf(page)).toEqual(['ar', 'rtl']);
    await expect.poll(async () => (await preferencesFromServer(page)).language).toBe('ar');
    await page.reload();
    await title(page, 'العملاء').waitFor();
    await page.context().close();
  });

  it('is the browser’s where the person has chosen none', async () => {
    const page = await open(browser, '/customers', {
      context: { locale: 'de-AT' },
      before: (opened) => opened.request.patch(`${baseUrl}/api/v1/preferences`, { data: { language: null } }),
    });
    await title(page, 'Kunden').waitFor();
    await page.context().close();
    const other = await open(browser, '/customers', {
      context: { locale: 'fr-FR' },
      before: (opened) => opened.request.patch(`${baseUrl}/api/v1/preferences`, { data: { language: null } }),
    });
    await title(other, 'Customers').waitFor();
    await other.context().close();
  });

  it('loads no other words than those it speaks', async () => {
    const scripts: string[] = [];
    const page = await openIn('en', '/customers', {
      before: (opened) => opened.on('request', (request) => scripts.push(request.url())),
    });
    await whenQuiet(page);
    expect(scripts.filter((url) => /german|arabic/.test(url))).toEqual([]);
    await page.context().close();
  });

  it('stays as it was where its words cannot be loaded, and says so', async () => {
    const page = await openIn('en', '/customers', { before: (opened) => opened.route(/german/, (route) => route.abort()) });
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('radio', { name: 'Deutsch' }).click();
    await page.getByText('The words of this language could not be loaded. Try again later.').waitFor();
    await title(page, 'Customers').waitFor();
    await page.context().close();
  });
});

describe('numbers and counted words', () => {
  it.each([
    ['en', 'en-GB', ['1 selected', '2 selected', '3 selected', '11 selected']],
    ['de', 'de-DE', ['1 ausgewählt', '2 ausgewählt', '3 ausgewählt', '11 ausgewählt']],
    ['ar', 'ar-EG', ['محدَّد واحد', 'محدَّدان اثنان', '3 محدَّدة', '11 محدَّدًا']],
  ])('have the forms of %s', async (language, locale, [one = '', two = '', few = '', many = '']) => {
    const page = await openIn(language, '/customers', { context: { locale } });
    const boxes = page.getByRole('row').getByRole('checkbox');
    const tick = async (from: number, to: number) => {
      for (let place = from; place <= to; place += 1) await boxes.nth(place).check();
    };
    await tick(1, 1);
    await page.getByText(one).waitFor();
    await tick(2, 2);
    await page.getByText(two).waitFor();
    await tick(3, 3);
    await page.getByText(few).waitFor();
    await tick(4, 11);
    await page.getByText(many).waitFor();
    await page.context().close();
  });

  it.each([
    ['en', 'en-GB', '.'],
    ['de', 'de-DE', ','],
    // Latin digits, deliberately: figures are compared and typed all day.
    ['ar', 'ar-EG', '.'],
  ])('are written as %s writes them', async (language, locale, point) => {
    const page = await openIn(language, '/customers?balance_control=postpaid&currency=EUR&sort=-balance', { context: { locale } });
    const first = (await customersFromServer(page, '?limit=1&balance_control=postpaid&currency=EUR&sort=-balance')).items[0] as CustomerRow;
    const [whole = '', fraction = ''] = (first.balance ?? '').split('.');
    const grouped = new Intl.NumberFormat(language === 'ar' ? 'ar-EG-u-nu-latn' : locale).format(BigInt(whole));
    const expected = `${grouped}${point}${fraction.padEnd(2, '0').slice(0, 2)}`;
    await page.getByRole('row').nth(1).getByText(expected, { exact: true }).waitFor();
    await page.context().close();
  });
});

/** The text without the marks that keep a value’s direction from the sentence around it. */
function withoutIsolates(text: string): string {
  return text.replace(/[\u2066-\u2069]/g, '');
}

describe.each([
  ['de', /Grund zeigen/, 'Seit'],
  ['ar', /إظهار السبب/, 'منذ'],
])('what the server says, in %s', (language, showWhy, since) => {
  it('is worded by code: label, reason and what comes next of every status', async () => {
    const page = await openIn(language, '/customers?sort=status', { preferences: { rows_per_page: 250 } });
    const statuses = await oneOfEach(page);
    expect(statuses.length).toBeGreaterThan(14);
    const card = page.getByRole('dialog');
    for (const status of statuses) {
      await page.goto(`${baseUrl}/customers?status=${status.code}`);
      await page.getByRole('table').getByRole('button', { name: showWhy }).first().click();
      const text = withoutIsolates(await card.innerText());
      expect(text, status.code).not.toContain('{{');
      expect(text, status.code).not.toContain(status.label);
      expect(text.split('\n').length, status.code).toBeGreaterThan(1);
      for (const english of [' since ', ' on ', ' unless ', 'invoice ', ' staff', ' reached ']) expect(text, status.code).not.toContain(english);
    }
    await page.goto(`${baseUrl}/customers?status=suspended`);
    await page.getByRole('table').getByRole('button', { name: showWhy }).first().click();
    await card.getByText(since, { exact: true }).waitFor();
    await page.context().close();
  });
});

it('words a refusal in the person’s language', async () => {
  const page = await openIn('de', '/customers?match=contains');
  await page.getByRole('searchbox').fill('zq');
  await page.getByText('Geben Sie mindestens 3 Zeichen ein.').waitFor();
  await page.context().close();
});

describe('what is done to many customers', () => {
  /** Opens what the toolbar offers for the first row of a list, in German. */
  async function openDialog(path: string, ...names: string[]): Promise<Page> {
    const page = await openIn('de', path);
    await page.getByRole('table').getByRole('row').nth(1).getByRole('checkbox').check();
    const [button = '', item] = names;
    await page.getByRole('toolbar').getByRole('button', { name: button, exact: true }).click();
    if (item !== undefined) await page.getByRole('menuitem', { name: item, exact: true }).click();
    return page;
  }

  it.each([
    ['refused', '/customers?status=closed', ['Für mehrere', 'Sperren'], 'Abgelehnt', 'Der Kunde ist geschlossen; es ist nichts mehr möglich.'],
    ['unchanged', '/customers?status=active', ['Für mehrere', 'Entsperren'], 'Unverändert', 'Der Kunde hat den Status „Gesperrt“ nicht, der damit enden würde.'],
    [
      'not deleted',
      '/customers?sort=-balance',
      ['Löschen'],
      'Abgelehnt',
      'Der Kunde kann nicht gelöscht werden. Was noch dagegen steht: eigene Kunden, Rechnungen, xDRs und ein Saldo von 1.081.600\u00a0JPY.',
    ],
  ])('says in German why one is %s', async (_, path, names, outcome, why) => {
    const page = await openDialog(path, ...names);
    const row = page.getByRole('dialog').getByRole('row').first();
    await row.waitFor();
    const lines = withoutIsolates(await row.getByRole('cell').innerText()).split('\n');
    expect(lines.map((line) => line.trim())).toEqual([outcome, why]);
    await page.context().close();
  });
});

describe('from right to left', () => {
  it('mirrors the page, and nothing hangs over its edge', async () => {
    const page = await openIn('ar');
    const left = async (name: 'navigation' | 'main') => (await page.getByRole(name).first().boundingBox())?.x ?? 0;
    expect(await left('navigation')).toBeGreaterThan(await left('main'));
    const cells = page.getByRole('row').nth(1).getByRole('cell');
    const x = async (place: number) => (await cells.nth(place).boundingBox())?.x ?? 0;
    expect(await x(0)).toBeGreaterThan(await x(1));
    expect(await x(1)).toBeGreaterThan(await x(2));
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  });

  it('turns the arrows of the pager, and Next is on', async () => {
    const page = await openIn('ar');
    const next = page.getByRole('button', { name: 'التالية' });
    const previous = page.getByRole('button', { name: 'السابقة' });
    expect((await next.boundingBox())?.x ?? 0).toBeLessThan((await previous.boundingBox())?.x ?? 0);
    expect(await next.locator('svg').evaluate((icon) => getComputedStyle(icon).transform)).toBe('matrix(-1, 0, 0, 1, 0, 0)');
    await next.click();
    await page.getByText(/26/).first().waitFor();
    await page.context().close();
  });

  it('keeps an amount from left to right, its minus sign before it', async () => {
    const page = await openIn('ar', '/customers?sort=balance&balance_control=postpaid');
    const { items } = await customersFromServer(page, '?limit=25&sort=balance&balance_control=postpaid');
    const place = items.findIndex(({ balance }) => (balance ?? '').startsWith('-'));
    expect(place).toBeGreaterThanOrEqual(0);
    const amount = page.getByRole('row').nth(place + 1).getByText(/^\u2212/).first();
    expect(await amount.evaluate((node) => getComputedStyle(node).direction)).toBe('ltr');
    await page.context().close();
  });

  it('opens the card and the menu inside the window', async () => {
    const page = await openIn('ar', '/customers?status=blocked');
    await page.getByRole('table').getByRole('button', { name: /إظهار السبب/ }).first().click();
    const inside = async () => {
      const box = await page.getByRole('dialog').boundingBox();
      return box !== null && box.x >= 0 && box.x + box.width <= 1366;
    };
    expect(await inside()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /مسجّل الدخول/ }).click();
    await page.getByText('مثل النظام').waitFor();
    expect(await inside()).toBe(true);
    await page.context().close();
  });
});
