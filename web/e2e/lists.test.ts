// Owns the looks and the keys of the lists beside that of customers: axe in every style, nothing over the edge, and no mouse. Does not
// own what they show.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe';
import { baseUrl, launch, open } from './browser';
import { namesOf } from './lists';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const lists = [
  ['/accounts', 'Accounts'],
  ['/xdrs', 'xDRs'],
  ['/resellers', 'Resellers'],
  ['/classes', 'Customer classes'],
] as const;

const turn = (page: Page) =>
  page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
const overhang = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const isInTable = (page: Page) => page.evaluate(() => document.activeElement?.closest('table') !== null);

describe.each(lists)('%s', (path, title) => {
  it('has nothing that axe finds, in both themes, dense, narrow and from right to left', async () => {
    for (const [theme, density, width, isTurned] of [
      ['light', 'compact', 1366, false],
      ['dark', 'dense', 1366, false],
      ['light', 'dense', 1366, true],
      ['light', 'comfortable', 390, false],
    ] as const) {
      const page = await open(browser, path, { preferences: { theme, density }, context: { viewport: { width, height: 800 } } });
      await namesOf(page, title).first().waitFor();
      if (isTurned) await turn(page);
      expect(await violations(page, theme), `${theme} ${density} ${width}`).toEqual([]);
      expect(await overhang(page)).toBe(0);
      await page.context().close();
    }
  });

  it('works without a mouse', async () => {
    const page = await open(browser, path);
    await namesOf(page, title).first().waitFor();
    const names = await namesOf(page, title).allTextContents();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(names[1] ?? names[0]);
    expect(await isInTable(page)).toBe(true);
    await page.keyboard.press('Enter');
    // An xDR opens beside the list.
    await expect.poll(() => page.url().slice(baseUrl.length)).toMatch(/^\/(((customers|accounts|classes)\/)|(xdrs\?open=))\d+$/);
    await page.goBack();
    await namesOf(page, title).first().waitFor();
    expect(await namesOf(page, title).allTextContents()).toEqual(names);
    await page.context().close();
  });

  it('keeps what was on the screen when the server fails, and says so', async () => {
    const page = await open(browser, path);
    await namesOf(page, title).first().waitFor();
    const names = await namesOf(page, title).allTextContents();
    await page.route(/\/api\/v1\/(accounts|xdrs|customers|customer-classes)\?/, (route) => route.abort());
    await page.getByLabel('Number of results').selectOption('50');
    await page.getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
    expect(await namesOf(page, title).allTextContents()).toEqual(names);
    await page.context().close();
  });
});
