// Owns customers made for one test: what a test changes, no other test has seen. Does not own what is tested.
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Customer, CustomerClass, Page as ListPage } from '../src/api/types';
import { baseUrl } from './browser';

export function newName(): string {
  return `Test ${randomBytes(6).toString('hex')}`;
}

async function answerOf<Answer>(response: Awaited<ReturnType<Page['request']['get']>>, status: number): Promise<Answer> {
  expect(response.status(), await response.text()).toBe(status);
  return (await response.json()) as Answer;
}

export async function classIdFor(page: Page, currency: string): Promise<number> {
  const { items } = await answerOf<ListPage<CustomerClass>>(await page.request.get(`${baseUrl}/api/v1/customer-classes?limit=250`), 200);
  const fit = items.find((one) => one.currency === null || one.currency === currency);
  if (!fit) throw new Error(`The demo has no class for ${currency}.`);
  return fit.id;
}

export async function customerFromServer(page: Page, id: number): Promise<Customer> {
  return answerOf(await page.request.get(`${baseUrl}/api/v1/customers/${id}`), 200);
}

export async function makeCustomer(page: Page, given: Record<string, unknown> = {}): Promise<Customer> {
  const data = { name: newName(), class_id: await classIdFor(page, 'EUR'), currency: 'EUR', credit_limit: '100', ...given };
  return answerOf(await page.request.post(`${baseUrl}/api/v1/customers`, { data }), 201);
}

/** As another member of staff does it, past the page. */
export async function change(page: Page, id: number, data: Record<string, unknown>): Promise<void> {
  await answerOf(await page.request.patch(`${baseUrl}/api/v1/customers/${id}`, { data }), 200);
}

export async function act(page: Page, id: number, action: string, data: Record<string, unknown> = {}): Promise<void> {
  const response = await page.request.post(`${baseUrl}/api/v1/customers/${id}/${action}`, { data });
  expect(response.ok(), await response.text()).toBe(true);
}

export async function openCustomer(page: Page, { id, name }: Customer, search = ''): Promise<void> {
  await page.goto(`${baseUrl}/customers/${id}${search}`);
  await page.getByRole('heading', { level: 1, name }).waitFor();
}
