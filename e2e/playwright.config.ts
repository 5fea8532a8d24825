/** End-to-end tests: `app` drives the built app of this checkout, `package` the installed one (see package.spec.ts), `screens` takes pictures of it. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/e2e',
  // Most of a test is waiting for the window; two at a time fill two cores. Each has an app, a home and a library of its own.
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? '../test-results/playwright.json' }]],
  projects: [
    { name: 'app', testIgnore: ['package.spec.ts', 'screens.spec.ts'] },
    { name: 'package', testMatch: 'package.spec.ts' },
    { name: 'screens', testMatch: 'screens.spec.ts' },
  ],
});
