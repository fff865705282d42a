// Owns what is told of a status: the card with its reason, what comes next and what ends it, and the legend. Does not own
// the filter by status (customer_list.test.ts) nor other languages (language.test.ts).
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Status, Statuses } from '../src/api/types';
import { baseUrl, customersFromServer, launch, open, rowLinks, table, whenListed } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Case {
  page: Page;
  id: number;
  status: Status;
  badge: Locator;
}

/** The first customer of a status, its badge, and what the server says of it. */
async function firstOf(code: string, opening?: Parameters<typeof open>[2]): Promise<Case> {
  const page = await open(browser, `/customers?status=${code}`, opening);
  await whenListed(page);
  const first = (await customersFromServer(page, `?limit=25&status=${code}`)).items[0];
  if (!first) throw new Error(`The demo has no customer that is ${code}.`);
  const badge = table(page).getByRole('button', { name: `${first.status.label}: show why` }).first();
  return { page, id: first.id, status: first.status, badge };
}

const sentence = (text: string | null | undefined) => text ?? 'nothing was told';

describe('the card', () => {
  it('explains a status on hover, with the words of the server', async () => {
    const { page, status, badge } = await firstOf('suspended');
    const card = page.getByRole('tooltip');
    await badge.hover();
    await card.getByText(sentence(status.reason)).waitFor();
    await card.getByText('Since', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('tells what happens next and when', async () => {
    const { page, status, badge } = await firstOf('provisionally_terminated');
    expect(status.next?.sentence).toMatch(/^closes on .+ unless restored$/);
    await badge.hover();
    const card = page.getByRole('tooltip');
    await card.getByText(sentence(status.next?.sentence)).waitFor();
    expect(await card.getByRole('time').last().getAttribute('datetime')).toBe(status.next?.at);
    await page.context().close();
  });

  it('explains on focus, and goes with it', async () => {
    const { page, badge } = await firstOf('suspended');
    await rowLinks(page).first().focus();
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('tooltip').getByText('Since', { exact: true }).waitFor();
    expect(await badge.getAttribute('aria-describedby')).not.toBeNull();
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('stays when it is opened by key, holds the focus, and gives it back', async () => {
    const { page, badge } = await firstOf('blocked');
    await badge.focus();
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog', { name: 'Blocked' });
    await card.waitFor();
    await expect.poll(() => card.evaluate((node) => node.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await badge.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('stays on a tap', async () => {
    const { page, status, badge } = await firstOf('suspended', {
      context: { viewport: { width: 390, height: 844 }, hasTouch: true },
    });
    await badge.tap();
    await page.getByRole('dialog', { name: 'Suspended' }).getByText(sentence(status.reason)).waitFor();
    await page.context().close();
  });

  it.each([
    ['suspended', ['Record payment', 'Lift until a date']],
    ['limited', ['Record payment', 'Lift until a date']],
    ['suspension_delayed', ['Record payment']],
    ['no_available_funds', ['Record payment']],
    ['blocked', ['Unblock']],
    ['provisionally_terminated', ['Restore']],
    ['closed', []],
    ['reseller_blocked', []],
    ['spending_limit_reached', []],
  ])('offers what ends “%s”', async (code, expected) => {
    const { page, id, badge } = await firstOf(code);
    await badge.click();
    const card = page.getByRole('dialog');
    await card.getByRole('button', { name: 'All statuses explained' }).waitFor();
    const links = card.getByRole('link');
    expect(await links.allTextContents()).toEqual(expected);
    for (const link of await links.all()) {
      expect(await link.getAttribute('href')).toMatch(new RegExp(`^/customers/${id}\\?do=(record_payment|lift|unblock|restore)$`));
    }
    await page.context().close();
  });

  it('offers nothing that the person may not do', async () => {
    const { page, badge } = await firstOf('suspended', {
      before: (opened) =>
        opened.route(/\/api\/v1\/session$/, async (route) => {
          const response = await route.fetch();
          const session = (await response.json()) as { permissions: string[] };
          await route.fulfill({ response, json: { ...session, permissions: ['customer.read', 'customer.lift_suspension'] } });
        }),
    });
    await badge.click();
    await page.getByRole('dialog').getByRole('link', { name: 'Lift until a date' }).waitFor();
    expect(await page.getByRole('dialog').getByRole('link').count()).toBe(1);
    await page.context().close();
  });
});

describe('the legend', () => {
  it('explains each status in two lines, as the server has them', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    const { items } = (await (await page.request.get(`${baseUrl}/api/v1/statuses`)).json()) as Statuses;
    await page.getByRole('button', { name: 'Legend' }).click();
    const legend = page.getByRole('dialog', { name: 'What the statuses mean' });
    const rows = legend.getByRole('list').getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(items.length);
    for (const [index, { label, meaning, ending }] of items.entries()) {
      const row = rows.nth(index);
      expect(await row.getByRole('heading').textContent()).toBe(label);
      expect(await row.getByRole('paragraph').allTextContents()).toEqual([meaning, ending]);
    }
    await page.context().close();
  });

  it('tells what a status permits', async () => {
    const page = await open(browser, '/customers');
    await whenListed(page);
    await page.getByRole('button', { name: 'Legend' }).click();
    const suspended = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Services rest because' });
    await suspended.getByText('What it permits').click();
    const value = (name: string) => suspended.getByText(name, { exact: true }).locator('xpath=following-sibling::dd[1]');
    await value('Outgoing calls').waitFor();
    expect(await value('Outgoing calls').textContent()).toBe('Emergency only');
    expect(await value('Subscription fees').textContent()).toBe('Yes');
    expect(await value('Self-care').textContent()).toBe('Yes');
    await page.context().close();
  });

  it('opens from the card and from the keyboard help, and gives the focus back', async () => {
    const { page, badge } = await firstOf('blocked');
    await badge.click();
    await page.getByRole('button', { name: 'All statuses explained' }).click();
    const legend = page.getByRole('dialog', { name: 'What the statuses mean' });
    await legend.getByRole('heading', { name: 'Blocked', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await legend.waitFor({ state: 'detached' });

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('button', { name: 'All statuses explained' }).click();
    await legend.waitFor();
    await page.keyboard.press('Escape');
    await legend.waitFor({ state: 'detached' });

    const button = page.getByRole('button', { name: 'Legend' });
    await button.focus();
    await page.keyboard.press('Enter');
    await legend.waitFor();
    await page.keyboard.press('Escape');
    await legend.waitFor({ state: 'detached' });
    expect(await button.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.context().close();
  });
});
