// Owns that no page complains on its console in any test: no fault, no warning, nothing against the server's content policy.
// Does not own hearing them (browser.ts).
import { afterEach, expect } from 'vitest';
import { complaints } from './browser';

afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});
