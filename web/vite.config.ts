// Owns how the UI is built and served while developing. Does not own how the server embeds the result.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const serverAddress = process.env.TRUNKLINE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': serverAddress } },
  build: {
    outDir: 'dist',
    // A report of compressed sizes is what the budget of the list page is checked against.
    reportCompressedSize: true,
    assetsInlineLimit: 0,
    // The true limit is one of the whole page, compressed: e2e/weight.test.ts.
    chunkSizeWarningLimit: 1000,
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
