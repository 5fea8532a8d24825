/**
 * The one way to run ffmpeg or ffprobe: any number of output pipes, cancel by AbortSignal, a bounded log, an exit
 * that is classified. No child outlives this process: on exit they are killed, and if this process itself is
 * killed their pipes break, which ends every run that writes to one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CancelledError, ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { classifyFailure, type FailureContext } from './classify.ts';
import { findTools, type ToolName } from './ffmpeg.ts';

/** Between asking a child to end and ending it. */
const GRACE_MS = 400;
/** Kept of a child's log: the end, where the reason is. */
const LOG_CHARACTERS = 64 * 1024;

export interface RunOptions extends FailureContext {
  /** Pipes the child writes to beside its log: named `pipe:1`, `pipe:3`, `pipe:4`… in its arguments, in this order. */
  pipes: number;
  /** The child reads `pipe:0` from us: `input` of the run. */
  input?: boolean;
  signal?: AbortSignal;
  /** ffmpeg's own; default `error`. */
  logLevel?: string;
  /** Called for every whole line of the log, in order. Says true for a line it has used up, which is then not kept. */
  onLogLine?: (line: string) => boolean;
}

export interface ToolRun {
  /** The pipes asked for. Each must be read to its end or destroyed, or the run can't end. */
  readonly pipes: readonly Readable[];
  /** What the child reads, when asked for; must be ended, or the run can't end. A broken one says why through `done` alone. */
  readonly input: Writable | null;
  /** Settles when the child has ended and its pipes are read: CancelledError, or ExpectedError by `classifyFailure`. */
  readonly done: Promise<void>;
  /** End of the log so far. */
  log(): string;
  /** Ends the child; `done` then resolves, for the caller wanted it. Idempotent. */
  stop(): void;
}

/** Put before every `-i`: local files and pipes only, whatever a playlist or reference inside the file says. */
export function inputOptions(): string[] {
  return ['-protocol_whitelist', 'file,pipe'];
}

/** A path as ffmpeg must be given it, so that no file name is taken for another protocol or an option. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/** Name of the n-th pipe asked for, as used in arguments. */
export function pipeName(index: number): string {
  return `pipe:${index === 0 ? 1 : index + 2}`;
}

const running = new Set<ChildProcess>();
let exitHooked = false;
function track(child: ChildProcess): void {
  running.add(child);
  if (exitHooked) return;
  exitHooked = true;
  process.on('exit', () => {
    for (const each of running) each.kill('SIGKILL');
  });
}

/** Process ids of the children that run now. */
export function runningChildren(): number[] {
  return [...running].flatMap((child) => (child.pid === undefined ? [] : [child.pid]));
}

/** Starts a tool. Throws what `findTools` throws, and CancelledError when the signal has already fired. */
export async function startTool(tool: ToolName, args: readonly string[], options: RunOptions): Promise<ToolRun> {
  throwIfCancelled(options.signal);
  const { path } = (await findTools())[tool];
  throwIfCancelled(options.signal);
  const common = ['-hide_banner', '-loglevel', options.logLevel ?? 'error', ...(tool === 'ffmpeg' ? ['-nostdin'] : [])];
  const extra = Array.from({ length: Math.max(0, options.pipes - 1) }, () => 'pipe' as const);
  const child = spawn(path, [...common, ...args], {
    stdio: [options.input ? 'pipe' : 'ignore', options.pipes > 0 ? 'pipe' : 'ignore', 'pipe', ...extra],
    windowsHide: true,
    // No colours in the log, whatever the terminal.
    env: { ...process.env, AV_LOG_FORCE_NOCOLOR: '1', FFREPORT: undefined },
  });
  track(child);
  return supervise(child, options);
}

function supervise(child: ChildProcess, options: RunOptions): ToolRun {
  const pipes = child.stdio.filter((_, index) => index === 1 || index > 2).filter((pipe): pipe is Readable => pipe !== null);
  const log = readLog(child.stderr, options.onLogLine);
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('exit', () => clearTimeout(timer));
    // A child blocked on a full pipe can't act on the request: breaking the pipes frees it.
    for (const pipe of pipes) pipe.destroy();
    child.stdin?.destroy();
  };
  for (const pipe of pipes) pipe.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  const done = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      running.delete(child);
      reject(error.code === 'ENOENT' ? new ExpectedError('ffmpeg_missing', { tool: child.spawnfile }) : error);
    });
    child.once('exit', () => running.delete(child));
    child.once('close', (code, exitSignal) => {
      options.signal?.removeEventListener('abort', stop);
      if (options.signal?.aborted && stopped) reject(new CancelledError());
      else if (stopped || (code === 0 && !lostOutput(log(), options))) resolve();
      else reject(classifyFailure(log(), code ?? exitSignal ?? 'unknown', options));
    });
  });
  // A caller that failed for its own reason may never look at `done`.
  done.catch(() => undefined);
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted) stop();
  return { pipes, input: child.stdin, done, log, stop };
}

/** ffmpeg 5 ends with 0 when the last bytes of a file, or its index, could not be written. */
function lostOutput(log: string, options: RunOptions): boolean {
  return options.target !== undefined && /Error (writing trailer|closing file)|No space left on device/.test(log);
}

function readLog(stderr: Readable | null, onLine?: (line: string) => boolean): () => string {
  let kept = '';
  let rest = '';
  stderr?.setEncoding('utf8');
  stderr?.on('error', () => undefined);
  stderr?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-LOG_CHARACTERS);
    for (const line of lines) {
      if (!onLine?.(line)) kept += `${line}\n`;
    }
    if (kept.length > 2 * LOG_CHARACTERS) kept = kept.slice(-LOG_CHARACTERS);
  });
  stderr?.on('end', () => {
    if (rest) onLine?.(rest);
  });
  return () => (kept + rest).slice(-LOG_CHARACTERS);
}

/** Runs a tool to its end and gives everything it wrote to `pipe:1`, up to `limit` bytes (RangeError above). */
export async function collect(tool: ToolName, args: readonly string[], options: Omit<RunOptions, 'pipes'>, limit = 64 << 20): Promise<Buffer> {
  const run = await startTool(tool, args, { ...options, pipes: 1 });
  const chunks: Buffer[] = [];
  let bytes = 0;
  run.pipes[0]?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) run.stop();
    else chunks.push(chunk);
  });
  await run.done;
  if (bytes > limit) throw new RangeError(`more than ${limit} bytes of output`);
  return Buffer.concat(chunks);
}
