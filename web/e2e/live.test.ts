// Owns that rows and pages update by themselves, as whoever watches them meets it: in their place, calmly, and honest about a lost
// connection. Does not own how often and how fast (trunkline bench).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from './axe';
import { baseUrl, launch, login, open, password, rowLinks, table, whenListed } from './browser';
import { act, makeCustomer, newName, openCustomer } from './customers';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const LIVE = '**/api/v1/live*';

/** Three customers of this test alone, listed by name. */
async function openThree(view = '') {
  const page = await open(browser, '/customers');
  const prefix = newName();
  const [ada, bob, cleo] = [
    await makeCustomer(page, { name: `${prefix} Ada` }),
    await makeCustomer(page, { name: `${prefix} Bob` }),
    await makeCustomer(page, { name: `${prefix} Cleo` }),
  ];
  await page.goto(`${baseUrl}/customers?search=${encodeURIComponent(prefix)}${view}`);
  // Those who are alike in the order stand by id, from either end.
  const all = [ada.name, bob.name, cleo.name];
  const names = view.includes('sort=-') ? all.reverse() : all;
  await expect.poll(() => rowLinks(page).allTextContents()).toEqual(names);
  return { page, ada, bob, names };
}

const charge = (page: Page, id: number, amount: string) => act(page, id, 'transactions', { action: 'manual_charge', amount });

function rowOf(page: Page, name: string) {
  return table(page).getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

it('shows a balance and a status as they change, each row in its place and the focus where it was', async () => {
  const { page, ada, bob, names } = await openThree('&sort=-balance');
  await page.getByRole('link', { name: bob.name, exact: true }).focus();
  await page.getByRole('checkbox', { name: `Select ${ada.name}` }).check();
  await page.getByRole('link', { name: bob.name, exact: true }).focus();
  const counts = page.getByRole('toolbar', { name: 'Status, with the number of each' });
  await counts.getByRole('button', { name: 'Active 3' }).waitFor();
  const before = await rowOf(page, bob.name).boundingBox();
  await charge(page, bob.id, '12.34');
  await rowOf(page, bob.name).getByText('12.34').waitFor();
  await page.getByRole('region', { name: 'Totals' }).getByText('12.34').waitFor();
  await act(page, ada.id, 'block');
  await counts.getByRole('button', { name: 'Blocked 1' }).waitFor();
  expect(await rowOf(page, bob.name).boundingBox()).toEqual(before);
  await rowOf(page, ada.name).getByRole('button', { name: /^Blocked/ }).waitFor();
  // The biggest balance would stand first now; nobody's row runs away under the hand.
  expect(await rowLinks(page).allTextContents()).toEqual(names);
  await rowOf(page, bob.name).getByText('Changed: the list has it elsewhere now, or no more').waitFor({ state: 'attached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(bob.name);
  expect(await page.getByRole('checkbox', { name: `Select ${ada.name}` }).isChecked()).toBe(true);
  expect(await violations(page)).toEqual([]);

  await page.getByText('1 row has moved or gone').waitFor();
  await page.getByRole('button', { name: 'Show the list as it is now' }).click();
  await expect.poll(async () => (await rowLinks(page).allTextContents())[0]).toBe(bob.name);
  await page.getByText('1 row has moved or gone').waitFor({ state: 'detached' });
  await page.context().close();
});

it('keeps a row that a filter has let go, and greys one that is deleted', async () => {
  const { page, ada, bob, names } = await openThree('&status=active');
  await act(page, ada.id, 'block');
  await rowOf(page, ada.name).getByText('Changed: the list has it elsewhere now, or no more').waitFor({ state: 'attached' });
  expect((await page.request.delete(`${baseUrl}/api/v1/customers/${bob.id}`)).status()).toBe(204);
  await rowOf(page, bob.name).getByText('Deleted', { exact: true }).waitFor({ state: 'attached' });
  await page.getByText('2 rows have moved or gone').waitFor();
  expect(await rowLinks(page).allTextContents()).toEqual(names);
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});

it('a lost connection keeps what is shown and says so; a new one makes good what was missed', async () => {
  const { page, ada, names } = await openThree();
  await page.context().setOffline(true);
  await page.getByText(/^Not up to date since \d\d:\d\d – reconnecting$/).waitFor();
  expect(await rowLinks(page).allTextContents()).toEqual(names);
  await page.context().setOffline(false);
  await page.getByText(/^Not up to date since/).waitFor({ state: 'detached' });

  // A server that cannot be reached, though the network is there.
  await page.route(LIVE, (route) => route.abort());
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText(/^Not up to date since/).waitFor();
  await charge(page, ada.id, '5.5');
  await page.unroute(LIVE);
  await page.getByRole('button', { name: 'Retry' }).click();
  await rowOf(page, ada.name).getByText('5.50').waitFor();
  await page.getByText(/^Not up to date since/).waitFor({ state: 'detached' });
  await page.context().close();
});

it('a session that has ended elsewhere leads to the sign-in page, and from there to the same view with its ticks', async () => {
  const { page, ada, names } = await openThree();
  // A login of its own, not the one that all tests share.
  await page.context().clearCookies();
  const entered = await page.request.post(`${baseUrl}/api/v1/session`, { data: { login, password } });
  expect(entered.status()).toBe(200);
  await page.reload();
  await expect.poll(() => rowLinks(page).allTextContents()).toEqual(names);
  await page.getByRole('checkbox', { name: `Select ${ada.name}` }).check();
  const address = page.url();
  await page.request.delete(`${baseUrl}/api/v1/session`, { headers: { 'Sec-Fetch-Site': 'same-origin' } });
  await page.getByText('Your session has ended. Sign in to return to where you were.').waitFor();
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect.poll(() => rowLinks(page).allTextContents()).toEqual(names);
  expect(page.url()).toBe(address);
  expect(await page.getByRole('checkbox', { name: `Select ${ada.name}` }).isChecked()).toBe(true);
  await page.context().close();
});

it('the page of a customer follows the customer', async () => {
  const page = await open(browser, '/customers');
  const customer = await makeCustomer(page);
  await openCustomer(page, customer);
  await charge(page, customer.id, '33.21');
  await page.getByText('33.21').first().waitFor();
  await act(page, customer.id, 'block', { comment: 'Asked for it' });
  await page.getByText('Blocked').first().waitFor();
  const other = await makeCustomer(page);
  await openCustomer(page, other);
  expect((await page.request.delete(`${baseUrl}/api/v1/customers/${other.id}`)).status()).toBe(204);
  await page.getByText('This customer has been deleted.').waitFor();
  await page.context().close();
});

it('whoever has a saved view open is told that a colleague has changed it', async () => {
  const page = await open(browser, '/customers');
  await whenListed(page);
  const name = newName();
  const made = await page.request.post(`${baseUrl}/api/v1/saved-views`, {
    data: { list: 'customers', name, query: 'status=closed', shared: true },
  });
  const { id } = (await made.json()) as { id: number };
  const colleague = { login: name.replace(' ', '.').toLowerCase(), name: 'Bo', role: 'support', password: 'correct horse battery' };
  expect((await page.request.post(`${baseUrl}/api/v1/staff`, { data: colleague })).status()).toBe(201);
  const isHeard = page.waitForResponse((response) => response.url().includes('/api/v1/live'));
  await page.goto(`${baseUrl}/customers?status=closed&view=${id}`);
  await page.getByRole('button', { name }).waitFor();
  await whenListed(page);
  await isHeard;

  const theirs = await browser.newContext();
  const { login: bo, password: secret } = colleague;
  expect((await theirs.request.post(`${baseUrl}/api/v1/session`, { data: { login: bo, password: secret } })).status()).toBe(200);
  const headers = { 'Sec-Fetch-Site': 'same-origin' };
  const changed = await theirs.request.patch(`${baseUrl}/api/v1/saved-views/${id}`, { data: { query: 'status=exported' }, headers });
  expect(changed.status(), await changed.text()).toBe(200);
  await page.getByText(`Bo has changed the view “\u2068${name}\u2069”. You still see it as it was.`).waitFor();
  await theirs.close();
  await page.request.delete(`${baseUrl}/api/v1/saved-views/${id}`);
  await page.getByText(`The view “\u2068${name}\u2069” has been deleted. What it shows stays open.`).waitFor();
  await page.context().close();
});
