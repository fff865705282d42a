// Owns the browser of the tests: finding it, opening pages as the signed-in person, asking the server what is true.
// Does not own what is tested.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page, type Request } from 'playwright-core';
import { expect, inject } from 'vitest';
import type { CustomerRow, Page as ListPage, Preferences } from '../src/api/types';

export const baseUrl = inject('baseUrl');
export const login = inject('login');
export const password = inject('password');

/** Every test starts from these, whatever the one before it has left on the server. */
const preferencesOfTests: Preferences = {
  rows_per_page: 25,
  theme: 'light',
  density: 'compact',
  striped: false,
  language: 'en',
};

/** What pages said on their console: faults, and anything that the policy of the server forbids them. */
export const complaints: string[] = [];

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserOnPath(), args: flags });
}

function browserOnPath(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; the next folder of PATH may have it.
      }
    }
  }
  throw new Error(`No browser on PATH (${names.join(', ')}). On Debian: apt-get install chromium`);
}

interface Opening {
  preferences?: Preferences;
  context?: BrowserContextOptions;
  /** Runs before the page is opened, to stand between it and the server. */
  before?: (page: Page) => unknown;
}

/** A fresh browser profile in which the person is signed in already. */
export async function open(browser: Browser, path: string, opening: Opening = {}): Promise<Page> {
  const page = await openSignedOut(browser, opening.context);
  await page
    .context()
    .addCookies([{ name: 'trunkline_session', value: inject('sessionCookie'), url: baseUrl, sameSite: 'Strict' }]);
  // What is sent is merged with what is there: arranged lists go first.
  for (const data of [{ lists: null }, { ...preferencesOfTests, ...opening.preferences }]) {
    const saved = await page.request.patch(`${baseUrl}/api/v1/preferences`, { data });
    expect(saved.status(), await saved.text()).toBe(200);
  }
  await opening.before?.(page);
  await page.goto(baseUrl + path);
  return page;
}

const underWay = new WeakMap<Page, { requests: Set<Request>; changedAt: number }>();
const QUIET_MILLISECONDS = 500;

/** Waits until nothing is asked of the server any more. The stream of changes never ends, and is not waited for. */
export async function whenQuiet(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  const isQuiet = () => {
    const { requests, changedAt } = underWay.get(page) ?? { requests: new Set(), changedAt: 0 };
    return requests.size === 0 && Date.now() - changedAt >= QUIET_MILLISECONDS;
  };
  await expect.poll(isQuiet, { timeout: 15_000 }).toBe(true);
}

function count(page: Page): void {
  const state = { requests: new Set<Request>(), changedAt: Date.now() };
  underWay.set(page, state);
  const note = (change: (request: Request) => unknown) => (request: Request) => {
    if (request.resourceType() === 'eventsource') return;
    change(request);
    state.changedAt = Date.now();
  };
  page.on('request', note((request) => state.requests.add(request)));
  page.on('requestfinished', note((request) => state.requests.delete(request)));
  page.on('requestfailed', note((request) => state.requests.delete(request)));
}

export async function openSignedOut(browser: Browser, context: BrowserContextOptions = {}): Promise<Page> {
  const opened = await browser.newContext({ viewport: { width: 1366, height: 800 }, locale: 'en-GB', ...context });
  const page = await opened.newPage();
  page.setDefaultTimeout(15_000);
  count(page);
  page.on('console', (message) => {
    // A refused request is noted by the browser itself; tests provoke them, and say what the page makes of them.
    const isOurs = !message.text().startsWith('Failed to load resource');
    if (isOurs && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

/** What the server says; the page has to say the same. */
export async function customersFromServer(page: Page, query = ''): Promise<ListPage<CustomerRow>> {
  const response = await page.request.get(`${baseUrl}/api/v1/customers${query}`);
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as ListPage<CustomerRow>;
}

export async function preferencesFromServer(page: Page): Promise<Preferences> {
  return (await (await page.request.get(`${baseUrl}/api/v1/preferences`)).json()) as Preferences;
}

export function table(page: Page) {
  return page.getByRole('table', { name: 'Customers' });
}

export function rowLinks(page: Page) {
  return table(page).getByRole('link');
}

/** Waits until the rows are these and no others. */
export async function expectNames(page: Page, expected: string[]): Promise<void> {
  await expect.poll(() => rowLinks(page).allTextContents(), { timeout: 15_000 }).toEqual(expected);
}

export async function whenListed(page: Page): Promise<void> {
  await rowLinks(page).first().waitFor();
}

/** A promise and the key to it: holds an answer of the server back for as long as a test wants. */
export function gate(): { opened: Promise<void>; release: () => void } {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, release };
}

export const customersRequest = /\/api\/v1\/customers(\?|$)/;
