import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';

export default defineConfig({
  plugins: [svelte()],
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real ffmpeg and real models: two cores are busy with two files at a time.
    maxWorkers: 2,
    pool: 'forks',
    // The bundled command line, and the compiled catalogues, two megabytes of plain JavaScript, are run as they are: no file has them rewritten for itself.
    server: { deps: { external: [/\/dist\/test\//, /\/i18n\/generated\//] } },
    // Tells the files of one run from another's: they share what they bundle.
    env: { RUSHES_TEST_RUN: `${process.pid}-${Date.now()}` },
    projects: [
      // Files of these rooms leave nothing behind; sharing modules spares reading them anew for each, which is half of the time.
      { extends: true, test: { name: 'shared', include: ['shared/**/*.test.ts', 'renderer/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'main', include: ['main/**/*.test.ts'] } },
    ],
  },
});
