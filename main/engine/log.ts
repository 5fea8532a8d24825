/** The engine's log: JSON lines in the data folder, bounded in size, never on stdout. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** One file grows to this, then becomes `.1` in the place of the former one: at most twice this much stays. */
const LIMIT_BYTES = 2 * 1024 * 1024;

/** Appends lines to a file and turns it over when full. A log that can't be written must not stop the work: it is dropped. */
class BoundedFile {
  readonly #path: string;
  readonly #limit: number;
  #bytes: number;

  constructor(path: string, limit: number) {
    this.#path = path;
    this.#limit = limit;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(line: string): void {
    try {
      if (this.#bytes > this.#limit) {
        renameSync(this.#path, `${this.#path}.1`);
        this.#bytes = 0;
      }
      appendFileSync(this.#path, line);
      this.#bytes += Buffer.byteLength(line);
    } catch {
      this.#bytes = 0;
    }
  }
}

/** A log in `folder`/logs/`name`.log; silent when the folder can't be made. */
export function openLog(folder: string, name: string, limit: number = LIMIT_BYTES): Logger {
  const logs = join(folder, 'logs');
  try {
    mkdirSync(logs, { recursive: true });
  } catch {
    return silentLog();
  }
  return pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, new BoundedFile(join(logs, `${name}.log`), limit));
}

export function silentLog(): Logger {
  return pino({ enabled: false });
}
