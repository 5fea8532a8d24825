import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// Only what carries native code or must find its own files on disk stays outside the bundle; everything
// else is bundled, so that the installed app reads few files at start-up.
const external = ['electron', 'onnxruntime-node', '@photostructure/sqlite', 'sqlite-vec', 'ffmpeg-static'];

/** Modules of ours that import each other end the build; packages may do as they like. Found here, where all modules are read anyway, and not by the linter, which would read them again. */
function refuseCycles(_level: string, log: { code?: string; ids?: string[]; message: string }): void {
  if (log.code === 'CIRCULAR_DEPENDENCY' && log.ids?.some((id) => !id.includes('node_modules'))) throw new Error(log.message);
}
const cycles = { checks: { circularDependency: true }, onLog: refuseCycles };

export default defineConfig({
  main: {
    build: {
      outDir: 'dist/main',
      externalizeDeps: false,
      rollupOptions: {
        ...cycles,
        external,
        input: {
          app: 'main/app/index.ts',
          engine: 'main/engine/host.ts',
          cli: 'main/cli/index.ts',
          'inference-worker': 'main/inference/worker.ts',
          'speech-worker': 'main/analysis/speech/worker.ts',
          'language-worker': 'main/analysis/language/worker.ts',
          'picture-worker': 'main/analysis/pictures/worker.ts',
          'style-worker': 'main/style/worker.ts',
          bench: 'main/bench/index.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      externalizeDeps: false,
      rollupOptions: {
        ...cycles,
        external: ['electron'],
        input: { preload: 'main/app/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [svelte({ configFile: '../svelte.config.js' })],
    // Less to read and compile before the window shows.
    build: { outDir: 'dist/renderer', minify: true, rollupOptions: { ...cycles, input: 'renderer/index.html' } },
  },
});
