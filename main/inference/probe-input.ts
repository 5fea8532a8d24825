/**
 * The fixed input on which a provider, or the int8 form of a model, shows that it gives the CPU's answer. Drawn rather
 * than noise, so that every model has something to say about it: a film with a hard cut, a picture with a face, or a hum in syllables.
 */
import type { ManifestEntry } from './manifest.ts';
import type { Tensor } from './types.ts';

type InputSpec = ManifestEntry['inputs'][number];

/** Numbers in [0, 1), the same on every machine (the "mulberry32" generator). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The sizes of an input or output on trial: those the manifest gives, 1 for the batch and what else is named. */
export function trialSizes(entry: ManifestEntry, shape: readonly (number | string)[]): number[] {
  return shape.map((size) => (typeof size === 'number' ? size : (entry.trial[size] ?? 1)));
}

/** One input for each of the model's, of batch 1. The same for the same model, always. */
export function probeInput(entry: ManifestEntry): Record<string, Tensor> {
  return Object.fromEntries(entry.inputs.map((spec, index) => [spec.name, probeTensor(spec, trialSizes(entry, spec.shape), index)]));
}

function probeTensor(spec: InputSpec, dims: number[], seed: number): Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  switch (spec.type) {
    case 'uint8':
      return moved(picture(dims), dims, seed);
    case 'float32':
      if (spec.probe !== undefined) return { type: 'float32', dims, data: new Float32Array(count).fill(spec.probe) };
      return { type: 'float32', dims, data: dims.length === 2 ? hum(count) : noise(count, seed) };
    case 'int64':
      if (spec.probe !== undefined) return { type: 'int64', dims, data: new BigInt64Array(count).fill(BigInt(spec.probe)) };
      // A mask says of each token whether it counts: all of them do. Other whole numbers are tokens.
      return { type: 'int64', dims, data: BigInt64Array.from({ length: count }, (_, i) => (spec.name.endsWith('mask') ? 1n : BigInt(300 + i))) };
  }
}

/** The picture of a model's further input: that of its first, 3 pixels to the right and 2 down for each input before, wrapped around. */
function moved({ type, data }: Tensor, dims: number[], steps: number): Tensor {
  const [height = 1, width = 1] = dims.slice(-3);
  if (steps === 0 || dims.length < 3) return { type, dims, data };
  const target = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const pixel = at / 3;
    const x = (pixel + 3 * steps) % width;
    const row = Math.floor(pixel / width);
    const frame = Math.floor(row / height);
    const y = ((row % height) + 2 * steps) % height;
    for (let channel = 0; channel < 3; channel++) target[((frame * height + y) * width + x) * 3 + channel] = Number(data[at + channel]);
  }
  return { type, dims, data: target };
}

/** What a model keeps between its runs: nothing that means something, but nothing that is zero. */
function noise(count: number, seed: number): Float32Array {
  const random = pseudoRandom(seed);
  return Float32Array.from({ length: count }, () => random() - 0.5);
}

/** Sound of 16 kHz: a voice-like hum of 120 Hz with its overtones, in syllables of a quarter of a second. */
function hum(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const seconds = i / 16_000;
    const loudness = 0.1 * Math.sin(Math.PI * 4 * seconds) ** 2;
    let level = 0;
    for (let overtone = 1; overtone <= 20; overtone++) level += Math.sin(2 * Math.PI * 120 * overtone * seconds) / overtone;
    return loudness * level;
  });
}

function picture(dims: number[]): Tensor {
  const data = new Uint8Array(dims.reduce((product, size) => product * size, 1));
  const [height = 1, width = 1] = dims.slice(-3);
  const frames = data.length / (height * width * 3);
  const scenes = [scene(1), scene(2)];
  for (let frame = 0; frame < frames; frame++) {
    // The hard cut is in the middle; a single picture is of the second scene.
    const draw = scenes[frame < Math.floor(frames / 2) ? 0 : 1];
    const target = data.subarray(frame * height * width * 3, (frame + 1) * height * width * 3);
    draw?.(target, width, height, frame);
  }
  if (frames === 1) drawFace(data, width, height);
  return { type: 'uint8', dims, data };
}

type Draw = (target: Uint8Array, width: number, height: number, frame: number) => void;

/** Slow waves of colour that drift a little with each frame, under the grain of a camera. */
function scene(seed: number): Draw {
  const random = pseudoRandom(seed);
  const waves = Array.from({ length: 12 }, (_, index) => ({
    channel: index % 3,
    across: (random() - 0.5) * 12,
    down: (random() - 0.5) * 12,
    drift: (random() - 0.5) * 0.06,
    phase: random() * 2 * Math.PI,
    height: 10 + random() * 20,
  }));
  const base = [random(), random(), random()].map((level) => 60 + level * 120);
  return (target, width, height, frame) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const grain = (random() - 0.5) * 8;
        const at = (y * width + x) * 3;
        const levels = base.map((level) => level + grain);
        for (const wave of waves) {
          const angle = wave.phase + (wave.across * x) / width + (wave.down * y) / height + wave.drift * frame;
          levels[wave.channel] = (levels[wave.channel] ?? 0) + wave.height * Math.sin(angle);
        }
        levels.forEach((level, channel) => (target[at + channel] = Math.max(0, Math.min(255, Math.round(level)))));
      }
    }
  };
}

/** [centre x, centre y, radius x, radius y, red, green, blue, strength] in parts of the picture, painted in order. */
const FACE: [number, number, number, number, number, number, number, number][] = [
  [0.5, 0.47, 0.24, 0.33, 60, 42, 34, 1],
  [0.5, 0.54, 0.2, 0.27, 224, 178, 150, 1],
  [0.5, 0.86, 0.3, 0.12, 60, 80, 130, 1],
  [0.42, 0.45, 0.055, 0.012, 70, 45, 35, 1],
  [0.58, 0.45, 0.055, 0.012, 70, 45, 35, 1],
  [0.42, 0.5, 0.042, 0.02, 245, 240, 236, 1],
  [0.58, 0.5, 0.042, 0.02, 245, 240, 236, 1],
  [0.42, 0.5, 0.018, 0.02, 35, 25, 22, 1],
  [0.58, 0.5, 0.018, 0.02, 35, 25, 22, 1],
  [0.5, 0.58, 0.03, 0.075, 200, 150, 124, 0.7],
  [0.5, 0.63, 0.042, 0.018, 168, 112, 92, 0.8],
  [0.5, 0.71, 0.08, 0.022, 172, 74, 76, 1],
];

/** A plain drawn face in the middle: enough for the face detector to find it. */
function drawFace(target: Uint8Array, width: number, height: number): void {
  for (const [centreX, centreY, radiusX, radiusY, red, green, blue, strength] of FACE) {
    const colour = [red, green, blue];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const distance = Math.hypot((x / width - centreX) / radiusX, (y / height - centreY) / radiusY);
        // Soft edges, a tenth of the radius wide.
        const cover = strength * Math.max(0, Math.min(1, (1.05 - distance) * 10));
        if (cover === 0) continue;
        const at = (y * width + x) * 3;
        colour.forEach((level, channel) => {
          target[at + channel] = Math.round((target[at + channel] ?? 0) * (1 - cover) + level * cover);
        });
      }
    }
  }
}
