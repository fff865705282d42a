// Owns how the browser tests run: one file after the other, against the server that TRUNKLINE_URL names. Does not own
// the unit tests (vite.config.ts) nor starting the server.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: 'e2e/sign_in_once.ts',
    setupFiles: 'e2e/no_complaint.ts',
    environment: 'node',
    // All tests are one person with one set of preferences.
    fileParallelism: false,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
