/** Where a benchmark runs: the project's folder, a display, packages that only developers have. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json above this file, built or not. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('not inside the project');
    folder = parent;
  }
  return folder;
}

function isRoot(folder: string): boolean {
  const path = join(folder, 'package.json');
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'rushes';
}

/** Address of a development package, found when it is needed: the bundle of the benchmarks does not take it in. */
export function installed(name: string): string {
  return import.meta.resolve(name);
}

export interface Display {
  /** True for a virtual one, where everything is drawn in software: the worst case. */
  virtual: boolean;
  close(): void;
}

/** The person's display, or a virtual one where there is none. Sets DISPLAY for what is started from here. */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return { virtual: false, close: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = await new Promise<string>((resolve, reject) => {
    server.once('error', () => reject(new Error('There is no display and Xvfb is missing: install it (Debian: xvfb), or run this with a display.')));
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  process.env.DISPLAY = `:${display}`;
  return { virtual: true, close: () => void server.kill() };
}
