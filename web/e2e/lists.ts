// Owns what the tests of the lists beside that of customers share: their rows on the page and on the server. Does not own the tests.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Page as ListPage } from '../src/api/types';
import { baseUrl } from './browser';

export function rowsOf(page: Page, title: string) {
  return page.getByRole('table', { name: title, exact: true }).locator('tbody').getByRole('row');
}

export function namesOf(page: Page, title: string) {
  return page.getByRole('table', { name: title, exact: true }).locator('tbody').getByRole('link');
}

/** The texts of one column, by its header. */
export async function cellsOf(page: Page, title: string, header: string): Promise<string[]> {
  const headers = await page.getByRole('table', { name: title, exact: true }).getByRole('columnheader').allTextContents();
  const place = headers.indexOf(header);
  expect(place, `${header} in ${headers.join(', ')}`).toBeGreaterThanOrEqual(0);
  const rows = await rowsOf(page, title).all();
  return Promise.all(rows.map(async (row) => (await row.getByRole('cell').nth(place).innerText()).trim()));
}

export async function listFromServer<Row>(page: Page, path: string): Promise<ListPage<Row>> {
  const response = await page.request.get(`${baseUrl}/api/v1${path}`);
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as ListPage<Row>;
}

/** Waits until the rows are these and no others. */
export async function expectRows(page: Page, title: string, names: string[]): Promise<void> {
  await expect.poll(() => namesOf(page, title).allTextContents(), { timeout: 15_000 }).toEqual(names);
}

export async function sortBy(page: Page, title: string, header: string): Promise<void> {
  await page.getByRole('table', { name: title, exact: true }).getByRole('columnheader', { name: header, exact: true }).getByRole('button').click();
}
