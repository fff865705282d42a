// Owns the door, as a person meets it: signing in, being refused, a session that ends, signing out.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../src/api/types';
import { violations } from './axe';
import { baseUrl, launch, login, open, openSignedOut, password, whenListed, whenQuiet } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('signing in', () => {
  it('asks at the first field, names what is missing and what is wrong, then opens what was asked for', async () => {
    const page = await openSignedOut(browser);
    await page.goto(`${baseUrl}/customers?sort=-name`);
    const loginField = page.getByLabel('Login');
    await loginField.waitFor();
    await expect.poll(() => loginField.evaluate((field) => field === document.activeElement)).toBe(true);

    await page.keyboard.press('Enter');
    await page.getByText('Enter your login.').waitFor();
    await page.keyboard.type(login);
    await page.keyboard.press('Enter');
    await page.getByText('Enter your password.').waitFor();

    const passwordField = page.getByLabel('Password', { exact: true });
    await passwordField.fill('certainly-not-this');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The login or the password is wrong.').waitFor();

    await passwordField.fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Customers' }).waitFor();
    expect(new URL(page.url()).search).toBe('?sort=-name');
    await page.context().close();
  });

  it('says how long to wait after too many attempts', async () => {
    const page = await openSignedOut(browser);
    // Not provoked for real: it would lock the other tests out.
    await page.route('**/api/v1/session', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 429,
            contentType: 'application/problem+json',
            headers: { 'Retry-After': '30' },
            body: JSON.stringify({
              type: '/api/problems/too_many_attempts',
              title: 'Too many attempts',
              status: 429,
              code: 'too_many_attempts',
              detail: 'Wait.',
              request_id: 'test',
            }),
          })
        : route.continue(),
    );
    await page.goto(baseUrl);
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill('x');
    await page.keyboard.press('Enter');
    await page.getByText('Too many failed attempts. Try again in 30 seconds.').waitFor();
    await page.context().close();
  });
});

describe('a session', () => {
  it('that has ended asks again and returns to the same view', async () => {
    const page = await open(browser, '/customers?sort=-name&match=contains');
    await whenListed(page);
    // No request of the first page may be under way, or it would be the one that finds the session ended.
    await whenQuiet(page);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Your session has ended. Sign in to return to where you were.').waitFor();
    const left = page.url();
    expect(left).toContain('after=');

    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await whenListed(page);
    expect(page.url()).toBe(left);
    await page.getByText(/^26–50 of /).first().waitFor();

    expect(await page.title()).toBe('Customers · Trunkline');

    // Signing out here ends the session of this test only, not the one all tests share.
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const session = await page.request.get(`${baseUrl}/api/v1/session`);
    expect(session.status()).toBe(401);
    await page.context().close();
  });

  it('that ends under a form leaves what was typed, behind a dialog that says so', async () => {
    const page = await open(browser, '/customers/new');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Typed before the end');
    await whenQuiet(page);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create customer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText('Your session has ended.').waitFor();
    expect(await violations(page)).toEqual([]);
    // Nothing behind it can be reached, nor can it be dismissed.
    await page.keyboard.press('Escape');
    await dialog.getByLabel('Login').fill(login);
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await name.inputValue()).toBe('Typed before the end');
    expect(new URL(page.url()).pathname).toBe('/customers/new');
    await page.context().close();
  });

  it('that somebody else enters after it has ended starts anew, without the page of the one before', async () => {
    const page = await open(browser, '/customers/new');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Typed by another');
    await whenQuiet(page);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create customer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    // Another person's answer, without making one.
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch();
      const session = (await response.json()) as Session;
      const staff = { ...session.staff, login: 'somebody-else' };
      await route.fulfill({ response, json: route.request().method() === 'POST' ? { ...session, staff } : session });
    });
    await dialog.getByLabel('Login').fill(login);
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await whenListed(page);
    expect(new URL(page.url()).pathname).toBe('/customers');
    await page.goto(`${baseUrl}/customers/new`);
    await name.waitFor();
    expect(await name.inputValue()).toBe('');
    await page.context().close();
  });
});
