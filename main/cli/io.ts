/** What the command line touches of its process, so that tests and the packaged app can hand in their own. */
import type { Writable } from 'node:stream';

export interface CliIo {
  stdout: Writable;
  stderr: Writable;
  /** Progress is drawn only for a person: when stderr is a terminal. */
  showsProgress: boolean;
  columns: () => number;
  environment: Record<string, string | undefined>;
  /** Calls back on SIGINT and SIGTERM; the answer stops listening. */
  onStop: (listener: () => void) => () => void;
}

export function processIo(): CliIo {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    showsProgress: process.stderr.isTTY,
    columns: () => process.stderr.columns || 80,
    environment: process.env,
    onStop: listenForSignals,
  };
}

function listenForSignals(listener: () => void): () => void {
  let asked = false;
  const stop = (): void => {
    // Asked twice: the person doesn't want to wait. Children are ended by the exit itself.
    if (asked) process.exit(130);
    asked = true;
    listener();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}

/** Lines out, with backpressure. A reader that went away (`| head`) ends the work quietly instead of failing it. */
export class Output {
  readonly #io: CliIo;
  readonly #onClosed: () => void;
  readonly #fail = (error: NodeJS.ErrnoException): void => this.#failed(error);
  #closed = false;
  #progressWidth = 0;

  constructor(io: CliIo, onClosed: () => void) {
    this.#io = io;
    this.#onClosed = onClosed;
    io.stdout.on('error', this.#fail);
    io.stderr.on('error', this.#ignore);
  }

  readonly #ignore = (): void => undefined;

  /** True when the reader of stdout went away. */
  get closed(): boolean {
    return this.#closed;
  }

  /** One line on stdout. */
  async line(text: string): Promise<void> {
    this.clearProgress();
    if (this.#closed) return;
    if (this.#io.stdout.write(`${text}\n`)) return;
    await new Promise<void>((resolve) => {
      this.#io.stdout.once('drain', resolve);
      this.#io.stdout.once('error', () => resolve());
    });
  }

  /** One line for the person, on stderr. */
  note(text: string): void {
    this.clearProgress();
    this.#io.stderr.write(`${text}\n`);
  }

  /** Replaces the progress line. Nothing when stderr is no terminal. */
  progress(text: string): void {
    if (!this.#io.showsProgress) return;
    const short = text.slice(0, Math.max(10, this.#io.columns() - 1));
    this.#io.stderr.write(`\r${short.padEnd(this.#progressWidth)}`);
    this.#progressWidth = short.length;
  }

  clearProgress(): void {
    if (this.#progressWidth === 0) return;
    this.#io.stderr.write(`\r${' '.repeat(this.#progressWidth)}\r`);
    this.#progressWidth = 0;
  }

  /** Waits until everything is written, then stops listening. */
  async end(): Promise<void> {
    this.clearProgress();
    if (!this.#closed) await new Promise<void>((resolve) => this.#io.stdout.write('', () => resolve()));
    // A late error of a closed pipe must not become an uncaught one: the listeners of the process's own streams stay.
    if (this.#io.stdout === process.stdout) return;
    this.#io.stdout.off('error', this.#fail);
    this.#io.stderr.off('error', this.#ignore);
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    this.#closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.note(error.message);
    this.#onClosed();
  }
}
