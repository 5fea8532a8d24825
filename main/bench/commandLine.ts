/** The command line as a benchmark runs it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ENGINE_ENVIRONMENT } from '../engine/environment.ts';
import { projectRoot } from './place.ts';
import { watchMemory, type MemoryPeaks } from './processes.ts';

/** Runs the built command line with a library of its own and hands over its JSON lines. */
export async function commandLine(list: readonly string[], onEvent: (event: { type: string }, stop: () => void) => void): Promise<MemoryPeaks> {
  const data = mkdtempSync(join(tmpdir(), 'rushes-bench-data-'));
  const cli = join(projectRoot(), 'dist', 'main', 'cli.js');
  const child = spawn(process.execPath, [cli, ...list], { env: { ...ENGINE_ENVIRONMENT, ...process.env, RUSHES_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] });
  let stopped = false;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    if (child.pid === undefined) throw new Error(`${cli} did not start`);
    const watch = watchMemory(child.pid);
    for await (const line of createInterface({ input: child.stdout })) {
      onEvent(JSON.parse(line) as { type: string }, () => {
        // A second interrupt would end the command at once, in the middle of what it does.
        if (!stopped) child.kill('SIGINT');
        stopped = true;
      });
    }
    const code = await ended;
    const peaks = await watch.stop();
    if (code !== 0 && !stopped) throw new Error(`${list.join(' ')} ended with ${code}`);
    return peaks;
  } finally {
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}
