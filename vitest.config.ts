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
    projects: [
      // Files of these rooms leave nothing behind; sharing modules spares reading them anew for each, which is half of the time.
      { extends: true, test: { name: 'shared', include: ['shared/**/*.test.ts', 'renderer/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'main', include: ['main/**/*.test.ts'] } },
    ],
  },
});
