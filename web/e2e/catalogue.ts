// Owns a small catalogue of a test's own: a tariff with rates, a product that charges by it, a NAS, and an account that uses them.
// Does not own what is tested of it.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { baseUrl } from './browser';
import { makeCustomer, newName } from './customers';

const headers = { 'Sec-Fetch-Site': 'same-origin' };

async function send<Answer>(page: Page, path: string, data: object): Promise<Answer> {
  const response = await page.request.post(`${baseUrl}/api/v1${path}`, { data, headers });
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

interface Made {
  id: number;
}

export async function makeCatalogue(page: Page) {
  const name = newName();
  const tariff = await send<Made>(page, '/tariffs', { name: `${name} tariff`, service: 'voice', currency: 'EUR', connect_fee: '0.05' });
  const pricing = { interval_first: 60, interval_next: 60, price_first: '0.12', price_next: '0.12' };
  await send(page, `/tariffs/${tariff.id}/rates`, { prefix: '44', effective_from: '2020-01-01T00:00:00Z', pricing });
  await send(page, `/tariffs/${tariff.id}/rates`, { prefix: '4420', effective_from: '2020-01-01T00:00:00Z', pricing: { ...pricing, price_first: '0.3', price_next: '0.3' } });
  await send(page, `/tariffs/${tariff.id}/rates`, { prefix: '49', effective_from: '2020-01-01T00:00:00Z', status: 'forbidden', pricing });
  const tariffs = [{ service: 'voice', direction: 'outgoing', tariff_id: tariff.id }];
  const product = await send<Made>(page, '/products', { name: `${name} product`, kind: 'main', currency: 'EUR', calls_max: 2, tariffs });
  return { name, tariff, product };
}

/** A product with two minutes a day to 4420, and money for messages in each month; what is left of the minutes is kept for another day. */
export async function makeBundled(page: Page, tariffId: number) {
  const name = newName();
  const minutes = { service: 'voice', prefixes: ['4420'], volume_units: 120, rollover_periods: 1, renewal: 'daily' };
  const money = { service: 'message', measure: 'money', volume_amount: '5', used_up: 'block' };
  const bundle = await send<Made>(page, '/bundles', { name: `${name} bundle`, items: [minutes, money] });
  const tariffs = [{ service: 'voice', direction: 'outgoing', tariff_id: tariffId }];
  const product = await send<Made>(page, '/products', { name: `${name} product`, kind: 'main', currency: 'EUR', tariffs, bundle_id: bundle.id });
  return { name, product };
}

export async function makeNas(page: Page) {
  const name = newName();
  // Addresses are unique: one of the network for documentation, drawn by the clock.
  const network = `2001:db8::${(Date.now() % 0xffff_ffff).toString(16).replace(/(....)$/, ':$1')}`;
  const nas = await send<Made>(page, '/nas', { name, network, secret: 'b2f0c1a97d5e4c3f', interim_interval_seconds: 300 });
  return { ...nas, name, network };
}

/** With money, the product, and a call that has been authorized. */
export async function makeCaller(page: Page, productId: number) {
  const customer = await makeCustomer(page, { name: newName(), balance_control: 'postpaid', currency: 'EUR' });
  const identity = `49${Date.now()}`;
  const account = await send<Made>(page, '/accounts', { customer_id: customer.id, identity, model: 'debit', opening_balance: '10' });
  await send(page, `/accounts/${account.id}/products`, { product_id: productId });
  return { customer, account, identity };
}

export function authorize(page: Page, identity: string, session: string) {
  return send(page, '/usage/authorize', { session, reauthorizes: true, usage: { identity, cld: '442071234567' } });
}

export function stop(page: Page, session: string, usedUnits: number) {
  return send(page, '/usage/stop', { session, used_units: usedUnits });
}
