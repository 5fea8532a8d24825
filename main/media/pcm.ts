/** The sound as models of speech take it: 16 kHz, one channel, floats, on the media's own clock. Memory: one block. */
import { ExpectedError } from '../../shared/errors.ts';
import type { AudioStream, Media } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, toSeconds, type Flicks } from '../../shared/time.ts';
import { isComplaint } from './damage.ts';
import { fileUrl, inputOptions, startTool } from './process.ts';

/** Samples a second. */
export const PCM_RATE = 16_000;
/** A whole number: every sample has an exact time. */
export const FLICKS_PER_SAMPLE = FLICKS_PER_SECOND / PCM_RATE;
/** 4.096 s. */
const BLOCK_SAMPLES = 65_536;
/** Formats without times of their own: ffmpeg guesses where it lands in them, so they are read from their beginning. */
const UNTIMED = new Set(['mp3', 'aac', 'ac3', 'eac3', 'dts', 'amr', 'mp2', 'loas', 'truehd']);

export interface PcmBlock {
  /** Time of its first sample. */
  start: Flicks;
  /** -1 to 1; alone in its buffer. */
  pcm: Float32Array<ArrayBuffer>;
}

export interface DecodePcmOptions {
  /** Begin at the sample that holds this time; default: the media's start. */
  from?: Flicks;
  signal?: AbortSignal;
  /** Called once when packets were spoilt; what they held is silence. */
  onDamage?: () => void;
}

/**
 * The media's audio in blocks of 4.1 s, in order, without a gap: a late start and missing packets are silence, so that sample n is at
 * `media.startTime` + n / 16 000 s whatever the file does. ffmpeg waits while the consumer works; leaving the loop stops it.
 * Throws ExpectedError no_such_stream (no audio) and by `classifyFailure`; CancelledError.
 */
export async function* decodePcm(media: Media, options: DecodePcmOptions = {}): AsyncGenerator<PcmBlock> {
  const { audio } = media;
  if (!audio) throw new ExpectedError('no_such_stream', { name: media.name });
  const first = options.from === undefined ? 0 : Math.max(0, Math.floor((options.from - media.startTime) / FLICKS_PER_SAMPLE));
  const seek = UNTIMED.has(media.format) ? 0 : first;
  let damaged = false;
  const run = await startTool('ffmpeg', pcmArguments(media, audio, seek), {
    pipes: 1,
    signal: options.signal,
    name: media.name,
    logLevel: 'level+error',
    onLogLine: (line) => {
      if (!damaged && isComplaint(line)) {
        damaged = true;
        options.onDamage?.();
      }
      return false;
    },
  });
  const blocks = new BlockReader(first - seek);
  let next = first;
  const timed = (pcm: Float32Array<ArrayBuffer>): PcmBlock => {
    const start = add(media.startTime, flicks(next * FLICKS_PER_SAMPLE));
    next += pcm.length;
    return { start, pcm };
  };
  try {
    for await (const chunk of run.pipes[0] ?? []) for (const pcm of blocks.push(chunk as Buffer)) yield timed(pcm);
    await run.done;
  } catch (error) {
    await run.done;
    throw error;
  } finally {
    run.stop();
  }
  for (const pcm of blocks.finish()) yield timed(pcm);
}

/**
 * `async=1` with `first_pts=0` writes silence where times leap or begin late; a leap below 0.1 s is left (min_hard_comp), so that a file's
 * rounded packet times don't tear its sound. Damaged packets never fail the run.
 */
function pcmArguments(media: Media, audio: AudioStream, seek: number): string[] {
  const from = seek === 0 ? [] : ['-ss', toSeconds(flicks(seek * FLICKS_PER_SAMPLE)).toFixed(7)];
  return [
    '-max_error_rate', '1', ...from, ...inputOptions(), '-i', fileUrl(media.path), '-map', `0:${audio.index}`,
    '-af', `aresample=${PCM_RATE}:async=1:min_hard_comp=0.1:first_pts=0`, '-ac', '1', '-ar', String(PCM_RATE), '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1',
  ];
}

/** Little-endian floats as blocks; samples before `skip` are left out, and what is no number is silence. */
class BlockReader {
  #skip: number;
  #block = new Uint8Array(BLOCK_SAMPLES * 4);
  #filled = 0;

  constructor(skip: number) {
    this.#skip = skip * 4;
  }

  *push(chunk: Buffer): Generator<Float32Array<ArrayBuffer>> {
    let position = Math.min(this.#skip, chunk.length);
    this.#skip -= position;
    while (position < chunk.length) {
      const count = Math.min(this.#block.length - this.#filled, chunk.length - position);
      this.#block.set(chunk.subarray(position, position + count), this.#filled);
      this.#filled += count;
      position += count;
      if (this.#filled < this.#block.length) continue;
      yield floats(this.#block);
      this.#block = new Uint8Array(BLOCK_SAMPLES * 4);
      this.#filled = 0;
    }
  }

  /** The last, shorter block. */
  *finish(): Generator<Float32Array<ArrayBuffer>> {
    const whole = this.#filled - (this.#filled % 4);
    if (whole > 0) yield floats(this.#block.slice(0, whole));
  }
}

function floats(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const pcm = new Float32Array(bytes.buffer);
  for (let index = 0; index < pcm.length; index += 1) if (!Number.isFinite(pcm[index])) pcm[index] = 0;
  return pcm;
}
