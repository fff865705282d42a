// Owns asking axe about a page as it stands. Does not own the states it is asked in.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Theme } from '../src/api/types';

/** In words that tell what is wrong where, instead of a page of JSON. */
export async function violations(page: Page, theme: Theme = 'light'): Promise<string[]> {
  // Half-faded text has half its contrast: look when everything has come to rest.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))));
  // Without frames there is nothing to gather from other pages.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // The other theme is the same page in other colours.
  if (theme === 'dark') axe.withRules(['color-contrast']);
  const { violations: found } = await axe.analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary}`));
}
