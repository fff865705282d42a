// Owns that axe finds nothing in what the list opens: panels, menus, dialogs, one after the other on one page, in both themes,
// dense rows and from right to left. Does not own the list itself (accessibility.test.ts).
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { words as arabic } from '../src/language/arabic';
import { first } from '../src/language/english';
import { pages } from '../src/language/english/pages';
import { violations } from './axe';
import { launch, open } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const english = { ...first, ...pages };

it.each([
  ['light', 'compact', 'en', english],
  ['dark', 'dense', 'en', english],
  ['light', 'dense', 'ar', arabic],
  ['dark', 'compact', 'ar', arabic],
] as const)('axe, %s, %s, %s', async (theme, density, language, words) => {
  const page = await open(browser, '/customers', {
    preferences: { theme, density, language },
    context: { reducedMotion: 'reduce' },
  });
  const table = page.getByRole('table').first();
  await table.getByRole('link').first().waitFor();
  const tools = page.getByRole('toolbar', { name: words.grid.actions, exact: true });
  const looks = async (state: string) => expect(await violations(page, theme), state).toEqual([]);
  const menuItem = page.getByRole('menuitem');

  await page.getByRole('button', { name: words.filters.button, exact: true }).click();
  await page.getByRole('dialog', { name: words.filters.button }).waitFor();
  await looks('filter panel');
  await page.keyboard.press('Escape');

  await page.getByRole('region', { name: words.summary.totals }).getByRole('button').click();
  await page.getByRole('table', { name: words.summary.totals }).waitFor();
  await looks('totals');

  await table.getByRole('button', { name: new RegExp(`^${words.grid.more}`) }).first().click();
  await menuItem.first().waitFor();
  await looks('menu of a row');
  await page.keyboard.press('Escape');

  await tools.getByRole('button', { name: words.export.button, exact: true }).click();
  await menuItem.first().waitFor();
  await looks('export');
  await page.keyboard.press('Escape');

  await table.getByRole('checkbox').nth(1).check();
  await tools.getByRole('button', { name: words.grid.bulk, exact: true }).click();
  await menuItem.filter({ hasText: words.customers.bulk.unblock }).click();
  const dialog = page.getByRole('dialog', { name: words.customers.bulk.unblock });
  await dialog.getByRole('row').first().waitFor();
  await looks('bulk dialog');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: words.status.legend.button }).click();
  await page.getByRole('dialog', { name: words.status.legend.title }).getByRole('listitem').first().waitFor();
  await looks('legend');
  await page.context().close();
});
