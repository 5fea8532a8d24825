/** Where somebody speaks: Silero VAD's probability for each 32 ms. */
import type { Inference, ModelSession, OpenModelOptions } from '../../inference/types.ts';

export const VAD_MODEL = 'silero-vad';
/** Samples a frame (32 ms at 16 kHz), and of the frame before it that stand in front of them (the model's own form). */
export const VAD_FRAME = 512;
const CONTEXT = 64;
const ROW = CONTEXT + VAD_FRAME;
const STATE = 128;

/** Frames must come in order: the model's state and the last samples are carried from block to block. */
export class VoiceDetector {
  readonly #session: ModelSession;
  readonly #context = new Float32Array(CONTEXT);
  #h = new Float32Array(STATE);
  #c = new Float32Array(STATE);

  private constructor(session: ModelSession) {
    this.#session = session;
  }

  static async open(inference: Inference, options: OpenModelOptions): Promise<VoiceDetector> {
    return new VoiceDetector(await inference.open(VAD_MODEL, { threads: 1, ...options }));
  }

  /**
   * Probability of speech, 0 to 1, for each frame of the next block. A block that is no whole number of frames is the last one: it is
   * filled up with silence. Throws as `ModelSession.run`.
   */
  async detect(pcm: Float32Array): Promise<Float32Array> {
    const frames = Math.ceil(pcm.length / VAD_FRAME);
    if (frames === 0) return new Float32Array(0);
    const { speech_probs, hn, cn } = await this.#session.run({
      input: { type: 'float32', dims: [frames, ROW], data: this.#rows(pcm, frames) },
      h: { type: 'float32', dims: [1, 1, STATE], data: this.#h },
      c: { type: 'float32', dims: [1, 1, STATE], data: this.#c },
    });
    this.#h = floatsOf(hn?.data);
    this.#c = floatsOf(cn?.data);
    return floatsOf(speech_probs?.data);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #rows(pcm: Float32Array, frames: number): Float32Array {
    const rows = new Float32Array(frames * ROW);
    for (let frame = 0; frame < frames; frame += 1) {
      const from = frame * VAD_FRAME;
      if (frame === 0) rows.set(this.#context, 0);
      else rows.set(pcm.subarray(from - CONTEXT, from), frame * ROW);
      rows.set(pcm.subarray(from, from + VAD_FRAME), frame * ROW + CONTEXT);
    }
    this.#context.set(rows.subarray(rows.length - CONTEXT));
    return rows;
  }
}

function floatsOf(data: unknown): Float32Array<ArrayBuffer> {
  if (!(data instanceof Float32Array)) throw new TypeError('the speech detector gave no floats');
  return Float32Array.from(data);
}
