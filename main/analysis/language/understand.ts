/** Chapters, summary and index of a transcript, as a stream: what is ready first comes first. */
import { createHash } from 'node:crypto';
import { throwIfCancelled } from '../../../shared/errors.ts';
import type { ProgressEvent } from '../../../shared/events.ts';
import { findChapters } from '../../../shared/understanding/chapters/index.ts';
import { summarise } from '../../../shared/understanding/summary/index.ts';
import { understandRequestSchema, type Chapter, type Sentence, type UnderstandEvent, type UnderstandRequest } from '../../../shared/understanding/types.ts';
import type { Library } from '../../library/types.ts';
import { streamOf, type EventQueue } from '../eventQueue.ts';
import type { EncoderLanguage, LanguageEncoder } from './encoder.ts';
import { languageOf } from './language.ts';

export interface UnderstandWith {
  encoder: LanguageEncoder;
  library: Pick<Library, 'isIndexed' | 'indexSentences'>;
  signal?: AbortSignal;
}

/**
 * Streams what was asked for. A text without sentences warns and is done; a language that no encoder knows warns, and words alone count. Throws what the encoder
 * and the library throw; CancelledError within a second of `signal`.
 */
export async function* understand(request: UnderstandRequest, tools: UnderstandWith): AsyncGenerator<UnderstandEvent> {
  throwIfCancelled(tools.signal);
  yield* streamOf<UnderstandEvent>(tools.signal, (queue, signal) => new Understanding(request, tools, queue, signal).run());
}

class Understanding {
  readonly #request: ReturnType<typeof understandRequestSchema.parse>;
  readonly #tools: UnderstandWith;
  readonly #queue: EventQueue<UnderstandEvent>;
  readonly #signal: AbortSignal;
  readonly #texts: string[];
  readonly #started = performance.now();
  #embedded = 0;

  constructor(request: UnderstandRequest, tools: UnderstandWith, queue: EventQueue<UnderstandEvent>, signal: AbortSignal) {
    this.#request = understandRequestSchema.parse(request);
    this.#tools = tools;
    this.#queue = queue;
    this.#signal = signal;
    this.#texts = this.#request.sentences.map(({ text }) => text);
  }

  async run(): Promise<void> {
    const { encoder, language } = languageOf(this.#request.language, this.#texts);
    if (!/[\p{L}\p{N}]/u.test(this.#texts.join(''))) this.#queue.push({ type: 'warning', code: 'no_sentences', params: {} });
    else if (encoder === null) this.#queue.push({ type: 'warning', code: 'language_unknown', params: { language } });
    const vectors = encoder === null || this.#texts.length === 0 ? null : await this.#embed(encoder);
    const chapters = this.#chapters(language, vectors);
    await this.#turn();
    this.#summary(language, vectors, chapters);
    await this.#turn();
    await this.#index(encoder, vectors);
    this.#queue.push({ type: 'done', language, sentences: this.#texts.length, seconds: (performance.now() - this.#started) / 1000, embedded: this.#embedded });
  }

  async #embed(encoder: EncoderLanguage): Promise<Float32Array[]> {
    const started = performance.now();
    const total = this.#texts.length;
    let known: number | null = null;
    const vectors = await this.#tools.encoder.embed(this.#texts, {
      language: encoder,
      kind: 'passage',
      signal: this.#signal,
      onProgress: (done) => {
        known ??= done;
        this.#queue.push(progress('embed', done, total, done - known, started));
      },
    });
    this.#embedded = total - (known ?? total);
    return vectors;
  }

  /** The index is another's too (search, answers): it is written even when neither summary nor chapters are wanted. */
  async #index(encoder: EncoderLanguage | null, vectors: readonly Float32Array[] | null): Promise<void> {
    const { media, index, sentences } = this.#request;
    if (!index || media === null) return;
    const model = encoder === null ? '' : await this.#tools.encoder.hash(encoder);
    const key = indexKey(sentences, model);
    throwIfCancelled(this.#signal);
    if (!this.#tools.library.isIndexed(media, key)) this.#tools.library.indexSentences(media, key, sentences, vectors, encoder);
    this.#queue.push({ type: 'indexed', sentences: sentences.length });
  }

  #chapters(language: string, vectors: readonly Float32Array[] | null): Chapter[] | null {
    const { chapters: options, sentences } = this.#request;
    if (!options) return null;
    const chapters = findChapters({ sentences, vectors, language, options });
    this.#queue.push({ type: 'chapters', chapters });
    return chapters;
  }

  #summary(language: string, vectors: readonly Float32Array[] | null, chapters: readonly Chapter[] | null): void {
    const { summary: length, sentences } = this.#request;
    if (!length) return;
    this.#queue.push({ type: 'summary', summary: summarise({ sentences, vectors, language, length, chapters }) });
  }

  /** Lets what was found go out, and a cancel come in, between two pieces of computing. */
  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(this.#signal);
  }
}

/** Two talks of one key are the same to the search: texts, times, who speaks, and the encoder. */
function indexKey(sentences: readonly Sentence[], modelHash: string): string {
  const digest = createHash('sha256').update(modelHash);
  for (const { text, start, end, speaker } of sentences) digest.update(`\n${String(start)} ${String(end)} ${speaker ?? ''}\t${text}`);
  return digest.digest('hex');
}

function progress(stage: string, done: number, total: number, worked: number, started: number): ProgressEvent {
  const seconds = (performance.now() - started) / 1000;
  const rate = seconds > 0 ? worked / seconds : 0;
  return { type: 'progress', stage, done, total, unit: 'items', rate, eta: rate > 0 ? (total - done) / rate : null };
}
