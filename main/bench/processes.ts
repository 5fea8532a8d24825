/** Memory of a process and of all that it started, from /proc. */
import { readdir, readFile } from 'node:fs/promises';

export interface MemoryPeaks {
  /** Highest resident size of the process itself, bytes; the kernel's own mark, so no peak between samples is lost. */
  process: number;
  /** Highest sum over the process and its descendants, bytes, as sampled. Pages that they share count for each. */
  tree: number;
  samples: number;
}

interface Status {
  parent: number;
  /** Bytes now, and the highest so far. */
  resident: number;
  highest: number;
}

async function statusOf(pid: number): Promise<Status | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  if (text === null) return null;
  const number = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { parent: number('PPid'), resident: number('VmRSS') * 1024, highest: number('VmHWM') * 1024 };
}

/** Resident bytes of `root` and its descendants now; null when `root` is gone. */
export async function measureTree(root: number): Promise<{ process: number; tree: number } | null> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => [pid, await statusOf(pid)] as const));
  const all = new Map(found.filter((entry): entry is readonly [number, Status] => entry[1] !== null));
  const top = all.get(root);
  if (!top) return null;
  const belongs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = all.get(at)?.parent) if (at === root) return true;
    return false;
  };
  const tree = [...all].reduce((sum, [pid, status]) => sum + (belongs(pid) ? status.resident : 0), 0);
  return { process: top.highest, tree };
}

/** Watches until `stop` is called. Linux only: elsewhere nothing is sampled. */
export function watchMemory(pid: number, everyMs = 250): { stop(): Promise<MemoryPeaks> } {
  const peaks: MemoryPeaks = { process: 0, tree: 0, samples: 0 };
  let wake: () => void = () => undefined;
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const now = await measureTree(pid).catch(() => null);
      if (now) {
        peaks.process = Math.max(peaks.process, now.process);
        peaks.tree = Math.max(peaks.tree, now.tree);
        peaks.samples++;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
      return peaks;
    },
  };
}
