// Owns importing and exporting the rates of a tariff as a person does it. Does not own what a file may hold (the server's tests).
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from './axe';
import { launch, open } from './browser';
import { makeCatalogue } from './catalogue';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const header = 'tariff,destination,effective_from,interval_1,interval_n,price_1,price_n';

async function openTariff() {
  const page = await open(browser, '/customers');
  const { tariff, name } = await makeCatalogue(page);
  await page.goto(`${new URL(page.url()).origin}/tariffs/${tariff.id}`);
  const row = (prefix: string, price: string) => `${name} tariff,${prefix},2031-01-01,60,60,${price},${price}`;
  return { page, row };
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Import rates' });
const cells = (page: Page, table: string) =>
  dialog(page).getByRole('table', { name: table }).locator('tbody tr').evaluateAll((rows) => rows.map((row) => Array.from(row.querySelectorAll('td'), (cell) => cell.textContent)));

async function choose(page: Page, rows: string[]) {
  await page.getByRole('button', { name: 'Import…' }).click();
  const buffer = Buffer.from(`${[header, ...rows].join('\n')}\n`);
  await dialog(page).getByLabel('CSV file').setInputFiles({ name: 'rates.csv', mimeType: 'text/csv', buffer });
}

it('shows what a file changes before it is loaded, and loads it', async () => {
  const { page, row } = await openTariff();
  await choose(page, [row('4420', '0.50'), row('33', '0.20')]);
  await expect.poll(async () => (await cells(page, 'What changes')).map((told) => [told[0], told[2], told[4]])).toEqual([
    ['2', '4420', 'Dearer'],
    ['3', '33', 'New'],
  ]);
  expect(await violations(page)).toEqual([]);
  expect(await page.getByRole('table', { name: 'Rates', exact: true }).getByText('33', { exact: true }).count()).toBe(0);
  await dialog(page).getByRole('button', { name: 'Import rates' }).click();
  await page.getByText('Rates imported: 2.').waitFor();
  await page.getByRole('table', { name: 'Rates', exact: true }).getByText('33', { exact: true }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Import…');
  await page.context().close();
});

it('tells bad rows, and leaves them out where one asks for it', async () => {
  const { page, row } = await openTariff();
  await choose(page, [row('33', '0.20'), row('34', '0.20').replace(/0\.20$/, 'dear')]);
  await expect.poll(async () => (await cells(page, 'What is wrong')).map(([line, column]) => [line, column])).toEqual([['3', 'price_n']]);
  const button = dialog(page).getByRole('button', { name: 'Import rates' });
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await dialog(page).getByLabel('Import the good rows').check();
  await button.click();
  await page.getByText('Rates imported: 1.').waitFor();
  await page.context().close();
});

it('says what is wrong with a file that is none of rates', async () => {
  const { page } = await openTariff();
  await page.getByRole('button', { name: 'Import…' }).click();
  await dialog(page).getByLabel('CSV file').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('colour\nred\n') });
  await dialog(page).getByRole('alert').getByText('The file or its header is not understood.').waitFor();
  await expect.poll(async () => (await cells(page, 'What is wrong')).length).toBeGreaterThan(0);
  await page.context().close();
});

it('exports rates in the columns of an import', async () => {
  const { page } = await openTariff();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines[0]).toContain('tariff,');
  expect(lines).toHaveLength(4);
  await page.context().close();
});
