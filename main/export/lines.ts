/** The lines of a child's pipe. A pipe broken on purpose (cancel) is an end like any other: the run's own end tells why. */
import type { Readable } from 'node:stream';

export async function* linesOf(pipe: Readable | undefined): AsyncGenerator<string> {
  if (!pipe) return;
  let rest = '';
  pipe.setEncoding('utf8');
  try {
    for await (const text of pipe) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.trimEnd();
    }
  } catch (error) {
    if (!pipe.destroyed) throw error;
  }
  if (rest) yield rest;
}
