// Owns the budget of the list page: what a browser must load before rows are there. Does not own speed.
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, open, whenListed, whenQuiet } from './browser';

const SCRIPT_BYTES_MAX = 250_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it('loads at most 250 kB of compressed script', async () => {
  const scripts: Promise<number>[] = [];
  const page = await open(browser, '/customers', {
    before: (opened) => {
      opened.on('response', (response) => {
        if (response.request().resourceType() !== 'script') return;
        // Weighed here, whether or not the server compresses.
        scripts.push(response.body().then((body) => gzipSync(body).length));
      });
    },
  });
  await whenListed(page);
  await whenQuiet(page);
  const bytes = (await Promise.all(scripts)).reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
  await page.context().close();
});
