/**
 * Waveform peaks, streamed. Memory: one chunk while reading; the result of level 0 is 100 buckets a second of three
 * floats, 4.3 MB for an hour of audio, and all coarser levels together a third of that.
 */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { fileUrl, inputOptions, startTool } from './process.ts';

export const BUCKETS_PER_SECOND = 100;
/** A coarser level has a fourth of the buckets. */
export const LEVEL_FACTOR = 4;
export const LEVELS = 7;
/** min, max, rms. */
export const VALUES = 3;
/** Ten seconds a chunk. */
const CHUNK_BUCKETS = 1000;
/** Large frames and 16 bits a sample: on an hour of AAC, small writes of floats took longer than decoding it. */
const SAMPLES_A_WRITE = 65_536;
const BYTES_A_SAMPLE = 2;
const FULL_SCALE = 32_768;

export interface WaveformChunk {
  /** Number of its first bucket. Bucket i begins i / 100 s after the media's start time. */
  first: number;
  /** Interleaved min, max, rms of each bucket, -1 to 1. */
  samples: Float32Array<ArrayBuffer>;
}

/**
 * Level-0 peaks of the media's audio, mixed to one channel that can't exceed full scale (the mean of a stereo pair), a chunk at
 * a time; reading waits while the consumer works. Gaps in the audio, and what the video has before it, are silence, so that buckets keep to the clock.
 * Throws ExpectedError no_such_stream (no audio) and by `classifyFailure`; CancelledError.
 */
export async function* readWaveform(media: Media, options: { signal?: AbortSignal } = {}): AsyncGenerator<WaveformChunk> {
  const { audio } = media;
  if (!audio) throw new ExpectedError('no_such_stream', { name: media.name });
  const rate = samplingRate(audio.sampleRate);
  const args = [
    '-max_error_rate', '1', ...inputOptions(), '-i', fileUrl(media.path), '-map', `0:${audio.index}`,
    '-af', `aresample=async=1:min_hard_comp=0.1:first_pts=0,aformat=channel_layouts=mono:sample_rates=${rate},asetnsamples=n=${SAMPLES_A_WRITE}:p=0`,
    '-flush_packets', '0', '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1',
  ];
  const run = await startTool('ffmpeg', args, { pipes: 1, signal: options.signal, name: media.name });
  const peaks = new PeakReader(rate / BUCKETS_PER_SECOND);
  try {
    for await (const chunk of run.pipes[0] ?? []) yield* peaks.push(chunk as Buffer);
    await run.done;
  } catch (error) {
    await run.done;
    throw error;
  } finally {
    run.stop();
  }
  yield* peaks.finish();
}

/** The audio's own rate where a bucket is a whole number of samples, so that peaks are true; else 48 kHz. */
function samplingRate(rate: number): number {
  return rate % BUCKETS_PER_SECOND === 0 && rate >= 8000 && rate <= 48_000 ? rate : 48_000;
}

/** Peaks of a stream of little-endian 16-bit samples, `bucketSamples` to a bucket. */
export class PeakReader {
  private readonly bucketSamples: number;
  private readonly values = new Float32Array(CHUNK_BUCKETS * VALUES);
  private filled = 0;
  private first = 0;
  private rest: Buffer = Buffer.alloc(0);
  private min = Infinity;
  private max = -Infinity;
  private squares = 0;
  private count = 0;

  constructor(bucketSamples: number) {
    this.bucketSamples = bucketSamples;
  }

  *push(chunk: Buffer): Generator<WaveformChunk> {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const samples = samplesOf(data);
    for (let from = 0; from < samples.length; ) {
      const to = Math.min(samples.length, from + this.bucketSamples - this.count);
      this.measure(samples, from, to);
      from = to;
      if (this.count < this.bucketSamples) break;
      this.closeBucket();
      if (this.filled === CHUNK_BUCKETS) yield this.closeChunk();
    }
    this.rest = Buffer.from(data.subarray(samples.length * BYTES_A_SAMPLE));
  }

  *finish(): Generator<WaveformChunk> {
    if (this.count > 0) this.closeBucket();
    if (this.filled > 0) yield this.closeChunk();
  }

  /** In local variables: this loop runs for every sample there is. */
  private measure(samples: Int16Array, from: number, to: number): void {
    let { min, max, squares } = this;
    for (let i = from; i < to; i += 1) {
      const value = samples[i] ?? 0;
      if (value < min) min = value;
      if (value > max) max = value;
      squares += value * value;
    }
    Object.assign(this, { min, max, squares });
    this.count += to - from;
  }

  private closeBucket(): void {
    const rms = Math.sqrt(this.squares / this.count);
    this.values.set([this.min / FULL_SCALE, this.max / FULL_SCALE, rms / FULL_SCALE], this.filled * VALUES);
    this.filled += 1;
    [this.min, this.max, this.squares, this.count] = [Infinity, -Infinity, 0, 0];
  }

  private closeChunk(): WaveformChunk {
    const chunk = { first: this.first, samples: this.values.slice(0, this.filled * VALUES) };
    this.first += this.filled;
    this.filled = 0;
    return chunk;
  }
}

/** The whole samples of some bytes. Typed arrays are little-endian on all machines that Rushes runs on. */
function samplesOf(data: Buffer): Int16Array {
  const aligned = data.byteOffset % BYTES_A_SAMPLE === 0 ? data : Buffer.from(Uint8Array.from(data).buffer);
  return new Int16Array(aligned.buffer, aligned.byteOffset, Math.floor(data.length / BYTES_A_SAMPLE));
}

/** The next coarser level: of every four buckets the least min, the greatest max, and the rms of all. The last may hold fewer. */
export function coarserLevel(samples: Float32Array): Float32Array<ArrayBuffer> {
  const buckets = Math.floor(samples.length / VALUES);
  const result = new Float32Array(Math.ceil(buckets / LEVEL_FACTOR) * VALUES);
  for (let target = 0; target * LEVEL_FACTOR < buckets; target += 1) {
    const begin = target * LEVEL_FACTOR;
    const end = Math.min(buckets, begin + LEVEL_FACTOR);
    let [min, max, squares] = [Infinity, -Infinity, 0];
    for (let bucket = begin; bucket < end; bucket += 1) {
      min = Math.min(min, samples[bucket * VALUES] ?? 0);
      max = Math.max(max, samples[bucket * VALUES + 1] ?? 0);
      squares += (samples[bucket * VALUES + 2] ?? 0) ** 2;
    }
    result.set([min, max, Math.sqrt(squares / (end - begin))], target * VALUES);
  }
  return result;
}

/** Level 0 and its coarser levels, `count` in all. */
export function waveformLevels(level0: Float32Array, count: number = LEVELS): Float32Array[] {
  const levels = [level0];
  while (levels.length < count) levels.push(coarserLevel(levels.at(-1) ?? level0));
  return levels;
}
