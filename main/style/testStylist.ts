/** For tests: the stylist with its real models, and pictures made here or read from the test media. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createInference } from '../inference/index.ts';
import { buildWorker, CLIPS, memoryFacts, MODELS } from '../inference/testRuntime.ts';
import type { Inference } from '../inference/types.ts';
import { flicks } from '../../shared/time.ts';
import { painting } from '../../shared/style/effect.ts';
import type { Style } from '../../shared/style/types.ts';
import { openStylist } from './stylist.ts';
import type { Look, RgbFrame, StyledFrame, Stylist, StylistOptions, TimedFrame } from './types.ts';

export interface TestStylist {
  inference: Inference;
  stylist: Stylist;
  close(): Promise<void>;
}

/** `runtime`: a module in place of onnxruntime-node. */
export async function startStylist(runtime?: string): Promise<TestStylist> {
  const worker = await buildWorker({ 'style-worker': 'main/style/worker.ts' });
  const inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS, ...(runtime ? { runtime } : {}) });
  const stylist = await openStylist(inference);
  return {
    inference,
    stylist,
    close: async () => {
      await stylist.close();
      await inference.close();
      worker.remove();
    },
  };
}

export const WITHOUT_END: StylistOptions = { signal: new AbortController().signal };

export function lookOf(style: Style, more: Partial<Look> = {}): Look {
  return { style, vector: null, strength: () => 1, keepColours: false, area: 'everything', background: null, quality: 'best', int8: false, ...more };
}
export const VINTAGE = lookOf({ id: 'vintage' });
export const PAINTING = lookOf(painting(5));

export type Colour = readonly [red: number, green: number, blue: number];

/** Every pixel as `colour` says. */
export function drawn(width: number, height: number, colour: (x: number, y: number) => Colour): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 3) data.set(colour(x, y), at);
  return { width, height, data };
}

/** A picture or a moment of a clip of the test media. */
export function pictured(file: string, width: number, height: number, seconds = 0): RgbFrame {
  const seek = seconds > 0 ? ['-ss', String(seconds)] : [];
  const data = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...seek, '-i', join(CLIPS, file), '-frames:v', '1', '-vf', `scale=${width}:${height}`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1e8 });
  return { width, height, data: new Uint8Array(data) };
}

/** Frames at 25 a second; `cuts`: indices of those that begin a shot. */
export async function* timed(pictures: readonly RgbFrame[], cuts: readonly number[] = [0]): AsyncGenerator<TimedFrame> {
  for (const [index, { width, height, data }] of pictures.entries()) {
    yield await Promise.resolve({ width, height, data: data.slice(), time: flicks(index * 28_224_000), duration: flicks(28_224_000), cut: cuts.includes(index) });
  }
}

export async function all(frames: AsyncIterable<StyledFrame>): Promise<StyledFrame[]> {
  const found: StyledFrame[] = [];
  for await (const frame of frames) found.push(frame);
  return found;
}

/** Mean of a part of the picture, by channel. */
export function meanOf({ width, data }: RgbFrame, left: number, top: number, right: number, bottom: number): Colour {
  const sums = [0, 0, 0];
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) for (let k = 0; k < 3; k++) sums[k] = (sums[k] ?? 0) + (data[(y * width + x) * 3 + k] ?? 0);
  return sums.map((sum) => sum / ((right - left) * (bottom - top))) as unknown as Colour;
}

/** Mean difference of two pictures, levels. */
export function differenceOf(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new Error(`pictures of ${a.length} and ${b.length} bytes`);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

export function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? 0))), 0);
}
