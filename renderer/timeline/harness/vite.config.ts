/**
 * Builds the timeline alone with made-up data, for the benchmark and the timeline's tests. No part of the app's
 * build: nothing of this folder is shipped.
 */
import { fileURLToPath } from 'node:url';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess(), compilerOptions: { runes: true } })],
  build: { outDir: fileURLToPath(new URL('../../../dist/timeline-harness', import.meta.url)), emptyOutDir: true },
});
