/** Speech to words, as the pipeline sees it. The work is done in the speech worker (worker.ts). */
import { CancelledError } from '../../../shared/errors.ts';
import type { Provider } from '../../../shared/settings.ts';
import type { Inference, Program } from '../../inference/types.ts';
import { WHISPER, type RecognisedChunk, type Recogniser, type SpeechChunk } from './types.ts';

/** Rows of one decoder run: four take little longer than two, eight twice as long as four. */
const BATCH = 4;

export interface RecogniserOptions {
  /** Threads for the CPU; default: all cores. */
  threads?: number;
  signal?: AbortSignal;
  /** Called once when a provider failed and the CPU took over. */
  onFallback?: (from: Provider, reason: string) => void;
}

type SpeechProgram = Program<readonly SpeechChunk[], RecognisedChunk[] | null>;

/** Loads Whisper. Errors as `Inference.open`. */
export async function openRecogniser(inference: Inference, options: RecogniserOptions = {}): Promise<Recogniser> {
  const hashes = [await inference.hash(WHISPER.encoder), await inference.hash(WHISPER.decoder)];
  const program: SpeechProgram = await inference.openProgram({ program: 'speech-worker', models: [WHISPER.encoder, WHISPER.decoder], ...options });
  return {
    get provider() {
      return program.provider;
    },
    modelHash: hashes.join('+'),
    batch: BATCH,
    recognise: (chunks, signal) => recognise(program, chunks, signal),
    close: () => program.close(),
  };
}

/** Chunks of like length go together: all rows of a batch are as long as its longest. */
async function recognise(program: SpeechProgram, chunks: readonly SpeechChunk[], signal?: AbortSignal): Promise<RecognisedChunk[]> {
  const order = chunks.map((_, index) => index).sort((a, b) => (chunks[a]?.pcm.length ?? 0) - (chunks[b]?.pcm.length ?? 0));
  const answers = new Array<RecognisedChunk>(chunks.length);
  for (let at = 0; at < order.length; at += BATCH) {
    const picked = order.slice(at, at + BATCH);
    const batch = picked.flatMap((index) => chunks[index] ?? []).map((chunk) => ({ ...chunk, pcm: whole(chunk.pcm) }));
    const transfer = batch.map(({ pcm }) => pcm.buffer);
    const found = await program.ask(batch, { transfer, ...(signal ? { signal } : {}) });
    if (!found) throw new CancelledError();
    for (const [i, index] of picked.entries()) answers[index] = found[i] as RecognisedChunk;
  }
  return answers;
}

/** With a buffer of its own, which can be handed over. */
const whole = (pcm: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => (pcm.byteLength === pcm.buffer.byteLength ? pcm : pcm.slice());
