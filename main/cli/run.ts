/** Runs one command: language, signals, errors as exit codes. */
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { ExpectedError, isCancelled, toWireError } from '../../shared/errors.ts';
import { m, pickLocale, sentenceFor, useLocale } from '../../shared/i18n/index.ts';
import { Engine } from '../engine/engine.ts';
import { openLog, type Logger } from '../engine/log.ts';
import { dataFolder } from '../library/folders.ts';
import { analyze } from './analyze.ts';
import { ask } from './ask.ts';
import { captionsCheck, captionsConvert } from './captions.ts';
import { chapters } from './chapters.ts';
import { cut } from './cut.ts';
import { doctor } from './doctor.ts';
import { headless } from './headless.ts';
import { highlights } from './highlights.ts';
import { Output, processIo, type CliIo } from './io.ts';
import { buildProgram, usageSentence } from './program.ts';
import { search } from './search.ts';
import { background, enhance, style, styles } from './style.ts';
import { summarize } from './summarize.ts';
import { tighten } from './tighten.ts';
import { transcribe } from './transcribe.ts';
import { UsageError } from './usage.ts';

export const EXIT = { ok: 0, bug: 1, usage: 2, expected: 3, broken: 4, cancelled: 130 } as const;

/** What every command gets. */
export interface CommandContext {
  output: Output;
  signal: AbortSignal;
  /** The engine, opened at the first call: help and wrong usage need none. */
  engine: () => Promise<Engine>;
  /** Says an expected failure and goes on; the command then exits with 3. */
  failed: (error: ExpectedError) => void;
  /** Captions break their rules: the command then exits with 4. */
  broken: () => void;
}

/**
 * @param argv what follows the program's name
 * @returns exit code: 0 done, 2 wrong usage, 3 expected failure, 4 captions that break the rules, 130 cancelled, 1 a bug. Never rejects.
 */
export async function runCli(argv: readonly string[], io: CliIo = processIo()): Promise<number> {
  const { environment } = io;
  useLocale(pickLocale(environment.LC_ALL || environment.LC_MESSAGES || environment.LANG));
  const stop = new AbortController();
  const output = new Output(io, () => stop.abort());
  const release = io.onStop(() => stop.abort());
  const session = new Session(io, output, stop.signal);
  try {
    await session.run(argv);
    return output.closed ? EXIT.ok : session.code;
  } catch (error) {
    return session.exitCodeOf(error);
  } finally {
    await session.close();
    release();
    await output.end();
  }
}

class Session {
  readonly #io: CliIo;
  readonly #output: Output;
  readonly #signal: AbortSignal;
  readonly #folder: string;
  #engine: Promise<Engine> | null = null;
  #log: Logger | null = null;
  code: number = EXIT.ok;

  constructor(io: CliIo, output: Output, signal: AbortSignal) {
    this.#io = io;
    this.#output = output;
    this.#signal = signal;
    this.#folder = dataFolder(io.environment);
  }

  async run(argv: readonly string[]): Promise<void> {
    const context: CommandContext = {
      output: this.#output,
      signal: this.#signal,
      engine: () => this.#open(),
      failed: (error) => {
        this.#output.note(sentenceFor(toWireError(error)));
        this.code = EXIT.expected;
      },
      broken: () => {
        this.code = EXIT.broken;
      },
    };
    const lines: Promise<void>[] = [];
    const program = buildProgram(
      {
        analyze: (options) => analyze(options, context),
        cut: (options) => cut(options, context),
        transcribe: (options) => transcribe(options, context),
        tighten: (options) => tighten(options, context),
        summarize: (options) => summarize(options, context),
        chapters: (options) => chapters(options, context),
        highlights: (options) => highlights(options, context),
        search: (options) => search(options, context),
        ask: (options) => ask(options, context),
        styles: (options) => styles(options, context),
        style: (options) => style(options, context),
        enhance: (options) => enhance(options, context),
        background: (options) => background(options, context),
        captionsCheck: (options) => captionsCheck(options, context),
        captionsConvert: (options) => captionsConvert(options, context),
        doctor: (options) => doctor(options, context),
        headless: (options) => headless(options, context),
      },
      { out: (text) => void lines.push(this.#output.line(text.replace(/\n$/, ''))) },
    );
    try {
      if (argv.length === 0) program.help();
      await program.parseAsync([...argv], { from: 'user' });
    } finally {
      await Promise.all(lines);
    }
  }

  exitCodeOf(error: unknown): number {
    if (this.#output.closed) return EXIT.ok;
    if (error instanceof CommanderError) {
      const sentence = usageSentence(error);
      if (sentence === null) return EXIT.ok;
      this.#output.note(sentence);
      return EXIT.usage;
    }
    if (error instanceof UsageError) {
      this.#output.note(error.message);
      return EXIT.usage;
    }
    if (isCancelled(error) || this.#signal.aborted) return EXIT.cancelled;
    this.#output.note(sentenceFor(toWireError(error)));
    if (error instanceof ExpectedError) {
      this.#logger().info({ err: error }, 'expected failure');
      return EXIT.expected;
    }
    this.#logger().error({ err: error }, 'bug');
    this.#output.note(m.cli_log({ path: join(this.#folder, 'logs', 'cli.log') }));
    return EXIT.bug;
  }

  async close(): Promise<void> {
    const engine = await this.#engine?.catch(() => null);
    await engine?.close();
  }

  #open(): Promise<Engine> {
    const { environment } = this.#io;
    this.#engine ??= Engine.open({
      dataDir: this.#folder,
      modelsDir: environment.RUSHES_MODELS,
      binDir: environment.RUSHES_BIN_DIR,
      provider: 'auto',
      logger: this.#logger(),
      onLibraryDamaged: (kept) => this.#output.note(m.cli_warning({ sentence: m.cli_warning_library_damaged({ path: kept }) })),
      onNotSaved: (reason) => {
        if (reason instanceof ExpectedError) this.#output.note(sentenceFor(toWireError(reason)));
        this.#output.note(m.cli_warning({ sentence: m.cli_warning_not_saved({ path: this.#folder }) }));
      },
    });
    return this.#engine;
  }

  #logger(): Logger {
    this.#log ??= openLog(this.#folder, 'cli');
    return this.#log;
  }
}
