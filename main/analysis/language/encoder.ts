/** Texts to embeddings, as the rest of the engine sees it. The work is done in language workers (worker.ts); what was embedded once is kept. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { CancelledError, untilCancelled } from '../../../shared/errors.ts';
import type { Provider } from '../../../shared/settings.ts';
import type { Inference, Program } from '../../inference/types.ts';
import { fromFloat16, toFloat16 } from '../../library/float16.ts';
import type { EmbeddingCache } from '../../library/types.ts';
import { EMBEDDING_SIZE, ENCODERS, type EmbedQuestion, type EncoderLanguage, type TextKind } from './models.ts';

export type { EncoderLanguage, TextKind } from './models.ts';

/** Texts of one question: some 50 ms of work, so that cancelling is quick and progress is seen. */
const BATCH = 32;
/** A worker that nobody asks for this long gives its memory back. Milliseconds. */
const IDLE_MS = 60_000;

export interface EncoderOptions {
  /** Called when a provider failed and the CPU took over. */
  onFallback?: (from: Provider, reason: string) => void;
}

export interface EmbedOptions {
  language: EncoderLanguage;
  kind: TextKind;
  signal?: AbortSignal;
  /** Texts done so far, those known already among them. */
  onProgress?: (done: number) => void;
}

export interface LanguageEncoder {
  /**
   * Unit vectors of 384, in the texts' order. A text longer than the encoder's window is embedded in pieces and averaged by their tokens.
   * Rejects with ExpectedError 'model_missing' | 'model_short' | 'model_altered' | 'model_failed', CancelledError within a second.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>;
  /** How many of these texts are not kept yet. */
  countNew(texts: readonly string[], options: Pick<EmbedOptions, 'language' | 'kind'>): Promise<number>;
  /** Hash of the encoder's model: part of the keys of what is made with it. */
  hash(language: EncoderLanguage): Promise<string>;
  close(): Promise<void>;
}

type LanguageProgram = Program<EmbedQuestion, Float32Array | null>;

/** Opens nothing yet: the first text does. `cache`: null keeps nothing. */
export function openEncoder(inference: Inference, cache: EmbeddingCache | null, options: EncoderOptions = {}): LanguageEncoder {
  return new Encoder(inference, cache, options);
}

class Encoder implements LanguageEncoder {
  readonly #inference: Inference;
  readonly #cache: EmbeddingCache | null;
  readonly #pools: Readonly<Record<EncoderLanguage, WorkerPool>>;
  #closed = false;

  constructor(inference: Inference, cache: EmbeddingCache | null, options: EncoderOptions) {
    this.#inference = inference;
    this.#cache = cache;
    this.#pools = { minilm: new WorkerPool(inference, 'minilm', options), e5: new WorkerPool(inference, 'e5', options) };
  }

  hash(language: EncoderLanguage): Promise<string> {
    return this.#inference.hash(ENCODERS[language].model);
  }

  async countNew(texts: readonly string[], { language, kind }: Pick<EmbedOptions, 'language' | 'kind'>): Promise<number> {
    const hashes = await this.#hashes(texts, language, kind);
    return new Set(hashes.filter((hash) => !this.#cache?.getEmbedding(hash))).size;
  }

  async embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> {
    if (this.#closed) throw new CancelledError();
    const { language, kind, signal, onProgress } = options;
    const hashes = await this.#hashes(texts, language, kind);
    const known = new Map<string, Float32Array>();
    /** One of each text that isn't known. */
    const missing = new Map<string, string>();
    for (const [i, hash] of hashes.entries()) {
      if (known.has(hash) || missing.has(hash)) continue;
      const vector = this.#cache?.getEmbedding(hash);
      if (vector) known.set(hash, vector);
      else missing.set(hash, texts[i] ?? '');
    }
    const before = texts.length - missing.size;
    onProgress?.(before);
    await this.#embedMissing([...missing], known, { language, kind, signal, onProgress: (done) => onProgress?.(before + done) });
    return hashes.map((hash) => known.get(hash) ?? new Float32Array(EMBEDDING_SIZE));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }

  async #hashes(texts: readonly string[], language: EncoderLanguage, kind: TextKind): Promise<string[]> {
    const model = await this.hash(language);
    return texts.map((text) => createHash('sha256').update(`${model}\n${kind}\n${text}`).digest('hex'));
  }

  async #embedMissing(missing: readonly (readonly [string, string])[], known: Map<string, Float32Array>, options: EmbedOptions & { signal: AbortSignal | undefined }): Promise<void> {
    if (missing.length === 0) return;
    const { language, kind, signal, onProgress } = options;
    const prefix = ENCODERS[language].prefix[kind];
    let done = 0;
    await this.#pools[language].each(missing, BATCH, signal, async (program, batch) => {
      const vectors = await program.ask({ texts: batch.map(([, text]) => text), prefix }, signal ? { signal } : {});
      if (!vectors) throw new CancelledError();
      // As the library keeps them, so that the first run sees the same numbers as all others.
      const entries = batch.map(([hash], i) => [hash, fromFloat16(toFloat16(vectors.slice(i * EMBEDDING_SIZE, (i + 1) * EMBEDDING_SIZE)))] as const);
      for (const [hash, vector] of entries) known.set(hash, vector);
      // Queries are typed letter by letter and asked once.
      if (kind === 'passage') this.#cache?.putEmbeddings(entries);
      onProgress?.((done += batch.length));
    });
  }
}

/** The workers of one encoder: opened when they are needed, closed when they idle. */
class WorkerPool {
  readonly #inference: Inference;
  readonly #language: EncoderLanguage;
  readonly #options: EncoderOptions;
  readonly #programs = new Map<number, Promise<LanguageProgram>>();
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(inference: Inference, language: EncoderLanguage, options: EncoderOptions) {
    this.#inference = inference;
    this.#language = language;
    this.#options = options;
  }

  /** Hands out `items` in batches to as many workers as are worth opening. Rejects with the first failure. */
  async each<T>(items: readonly T[], size: number, signal: AbortSignal | undefined, work: (program: LanguageProgram, batch: readonly T[]) => Promise<void>): Promise<void> {
    const most = Math.min(ENCODERS[this.#language].workers, availableParallelism());
    const count = Math.max(1, Math.min(most, Math.ceil(items.length / size)));
    clearTimeout(this.#idle);
    this.#users += 1;
    let next = 0;
    const serve = async (index: number): Promise<void> => {
      try {
        const program = await untilCancelled(this.#program(index), signal);
        while (next < items.length) {
          if (signal?.aborted) throw new CancelledError();
          const batch = items.slice(next, (next += size));
          await work(program, batch);
        }
      } catch (error) {
        // The other worker need not go through the rest.
        next = items.length;
        throw error;
      }
    };
    try {
      const served = await Promise.allSettled(Array.from({ length: count }, (_, index) => serve(index)));
      const failed = served.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const opened of await Promise.allSettled(programs)) if (opened.status === 'fulfilled') await opened.value.close();
  }

  #program(index: number): Promise<LanguageProgram> {
    const known = this.#programs.get(index);
    if (known) return known;
    const { onFallback } = this.#options;
    const opening = this.#inference.openProgram<EmbedQuestion, Float32Array | null>({
      program: 'language-worker',
      models: [ENCODERS[this.#language].model],
      threads: Math.min(ENCODERS[this.#language].threads, availableParallelism()),
      ...(onFallback ? { onFallback } : {}),
    });
    this.#programs.set(index, opening);
    // What could not be opened is tried again the next time.
    opening.catch(() => this.#programs.delete(index));
    return opening;
  }
}
