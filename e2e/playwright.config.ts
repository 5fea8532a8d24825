/** End-to-end tests: `app` drives the built app of this checkout, `package` the installed one (see package.spec.ts), `screens` takes pictures of it. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/e2e',
  // The app itself uses every core; two at a time would only slow each other down.
  workers: 1,
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
