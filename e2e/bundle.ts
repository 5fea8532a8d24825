/** Bundles TypeScript entries for tests that need a real child process of plain Node. */
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * Writes `<name>.js` for each entry (name -> path from the root) into `folder`, as the app's build does: everything inside but what
 * carries native code. `folder` must be inside the project, for the packages outside the bundle to be found.
 */
export async function bundle(entries: Record<string, string>, folder: string): Promise<void> {
  const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['onnxruntime-node', '@photostructure/sqlite', 'sqlite-vec', 'ffmpeg-static'] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { input, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
    },
  });
}

/** A folder for one test file's bundle, ignored by git. */
export function bundleFolder(name: string): string {
  return join(root, 'dist', 'test', name);
}
