/** Paints a clip in one quality and keeps the frames for the comparison. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Media } from '../../../shared/media.ts';
import type { Style, StyleQuality } from '../../../shared/style/types.ts';
import { flicks } from '../../../shared/time.ts';
import type { Inference, Tensor } from '../../inference/types.ts';
import { rgbFrames } from '../../media/rgbFrames.ts';
import { ahead } from '../../style/queue.ts';
import type { Look, Stylist, TimedFrame } from '../../style/types.ts';

export interface Painted {
  /** Raw rgb24 frames, one after another. */
  path: string;
  frames: number;
  /** Wall time of painting, decoding and writing included: they overlap with it in the app, too. */
  seconds: number;
}

/** Frames that are decoded while others are styled, as in a render. */
const DECODED_AHEAD = 3;

/** How one painting is asked for. */
export interface Way {
  style: Style;
  vector: Float32Array | null;
  quality: StyleQuality;
  int8: boolean;
}

const lookOf = ({ style, vector, quality, int8 }: Way): Look => ({ style, vector, quality, int8, strength: () => 1, keepColours: false, area: 'everything', background: null });

/** All frames of a media that is one shot. */
async function* shot(media: Media, signal: AbortSignal): AsyncGenerator<TimedFrame> {
  let cut = true;
  const end = flicks(media.startTime + (media.duration ?? 0));
  for await (const frame of rgbFrames(media, { from: media.startTime, to: end, size: null, signal })) {
    yield { ...frame, cut };
    cut = false;
  }
}

/** The clip as it is, as raw frames. */
export async function keepSource(media: Media, folder: string): Promise<Painted> {
  return keep(shot(media, new AbortController().signal), join(folder, 'source.rgb'));
}

export async function paintClip(stylist: Stylist, media: Media, way: Way, target: string): Promise<Painted> {
  const { signal } = new AbortController();
  return keep(stylist.paint(ahead(shot(media, signal), DECODED_AHEAD), lookOf(way), { signal }), target);
}

async function keep(frames: AsyncIterable<{ data: Uint8Array }>, path: string): Promise<Painted> {
  const file = createWriteStream(path);
  const started = performance.now();
  let count = 0;
  for await (const { data } of frames) {
    count += 1;
    if (!file.write(data)) await once(file, 'drain');
  }
  const seconds = (performance.now() - started) / 1000;
  file.end();
  await once(file, 'finish');
  return { path, frames: count, seconds };
}

/** The generator as it was published, direct convolutions, on every frame: `file` is a graph of models/tools/cyclegan.py. On the CPU, whatever the machine has. */
export async function paintPublished(inference: Inference, file: string, media: Media, target: string): Promise<Painted> {
  const { session } = await inference.openFile(file);
  try {
    const frames = ahead(shot(media, new AbortController().signal), DECODED_AHEAD);
    return await keep(pictures(frames, (frame) => session.run(inputs(frame, null))), target);
  } finally {
    await session.close();
  }
}

/** Frozen-statistics output on every frame: what a shot with violent motion is compared with. The statistics are its middle frame's. */
export async function paintFrozen(inference: Inference, media: Media, target: string): Promise<Painted> {
  const session = await inference.open('cyclegan-vintage');
  try {
    const all: TimedFrame[] = [];
    for await (const frame of shot(media, new AbortController().signal)) all.push(frame);
    const middle = all[Math.floor(all.length / 2)];
    if (!middle) throw new Error('a clip without frames');
    const plain = await session.run(inputs(middle, null));
    const statistics = plain['statistics_out'];
    if (!statistics) throw new Error('the graph gave no statistics');
    return await keep(pictures(all, (frame) => session.run(inputs(frame, statistics))), target);
  } finally {
    await session.close();
  }
}

async function* pictures(frames: Iterable<TimedFrame> | AsyncIterable<TimedFrame>, run: (frame: TimedFrame) => Promise<Record<string, Tensor>>): AsyncGenerator<{ data: Uint8Array }> {
  for await (const frame of frames) {
    const { styled } = await run(frame);
    if (!(styled?.data instanceof Uint8Array)) throw new Error('the graph gave no picture');
    yield { data: styled.data };
  }
}

/** Numbers that the graph's normalisations amount to: scales and offsets of all their channels. */
const STATISTICS = 10_496;

function inputs({ width, height, data }: TimedFrame, statistics: Tensor | null): Record<string, Tensor> {
  return {
    frames: { type: 'uint8', dims: [1, height, width, 3], data: data.slice() },
    statistics: statistics ? { ...statistics, data: (statistics.data as Float32Array).slice() } : { type: 'float32', dims: [1, STATISTICS], data: new Float32Array(STATISTICS) },
    frozen: { type: 'float32', dims: [], data: Float32Array.of(statistics ? 1 : 0) },
  };
}
