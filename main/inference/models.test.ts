/** The models as they are fed in real work: ffmpeg's rgb24 in, answers that were looked at out. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { labelsOf } from '../../shared/labels.ts';
import { disagreement, QUANTISED, SAME_MODEL } from './agreement.ts';
import { cocoLabel, imagenetLabel } from './labels.ts';
import { readManifest } from './manifest.ts';
import { probeInput, trialSizes } from './probe-input.ts';
import { CLIPS, MODELS, openRealModels, type RealModels } from './testRuntime.ts';
import type { Tensor } from './types.ts';

let models: RealModels;
beforeAll(async () => {
  models = await openRealModels();
});
afterAll(async () => models.close());

/** `count` frames from `seconds` on, through `filter`. */
function frames(clip: string, seconds: number, filter: string, count = 1): Uint8Array {
  const input = ['-ss', String(seconds), '-protocol_whitelist', 'file,pipe', '-i', join(CLIPS, clip)];
  const output = ['-vf', filter, '-frames:v', String(count), '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout, status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...input, ...output], { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}

async function answer(model: string, name: string, dims: number[], data: Uint8Array): Promise<Record<string, Tensor>> {
  return models.run(model, { [name]: { type: 'uint8', dims, data } });
}

const numbers = (tensor: Tensor | undefined): number[] => Array.from(tensor?.data ?? [], Number);

const CENTRE = "crop=w='trunc(0.875*min(iw,ih))':h='trunc(0.875*min(iw,ih))',scale=224:224:flags=bicubic";

test.each(readManifest(MODELS).map((entry) => [entry.id, entry] as const))('%s takes and gives what the manifest says', async (_, entry) => {
  const session = await models.inference.open(entry.id);
  const outputs = await session.run(probeInput(entry));
  await session.close();
  expect(Object.keys(outputs)).toEqual(entry.outputs.map(({ name }) => name));
  for (const { name, type, shape } of entry.outputs) {
    expect(outputs[name]?.type).toBe(type);
    expect(outputs[name]?.dims).toEqual(trialSizes(entry, shape));
  }
  // What a trial compares: no answer is empty of meaning (not a number, say).
  expect(disagreement(entry, outputs, outputs, SAME_MODEL)).toBeNull();
});

test('EfficientNet sees bicycles on the street in bikes.mp4', async () => {
  const { probabilities, features } = await answer('efficientnet-lite0', 'frames', [1, 224, 224, 3], frames('bikes.mp4', 5.5, CENTRE));
  const ranked = numbers(probabilities)
    .map((score, index) => ({ score, name: imagenetLabel(index) }))
    .sort((a, b) => b.score - a.score);
  expect(ranked.slice(0, 3).map(({ name }) => name)).toEqual(['rickshaw', 'mountain bike', 'tandem bicycle']);
  expect(numbers(probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 3);
  expect(features?.dims).toEqual([1, 1280]);
});

test('a batch gives the same answers as its pictures alone', async () => {
  const both = frames('bikes.mp4', 1, CENTRE, 2);
  const size = 224 * 224 * 3;
  const together = await answer('efficientnet-lite0', 'frames', [2, 224, 224, 3], both.slice());
  for (const index of [0, 1]) {
    const alone = await answer('efficientnet-lite0', 'frames', [1, 224, 224, 3], both.slice(index * size, (index + 1) * size));
    const part = numbers(together['probabilities']).slice(index * 1000, (index + 1) * 1000);
    const farthest = Math.max(...numbers(alone['probabilities']).map((value, at) => Math.abs(value - (part[at] ?? NaN))));
    expect(farthest).toBeLessThan(1e-3);
  }
});

test('CenterNet puts boxes on the cars and the traffic light of bikes.mp4', async () => {
  const { detections } = await answer('centernet-coco', 'frame', [1, 512, 512, 3], frames('bikes.mp4', 5.5, 'scale=512:512:flags=bicubic'));
  const values = numbers(detections);
  const found = Array.from({ length: 100 }, (_, row) => values.slice(row * 6, row * 6 + 6)).filter(([, , , , score = 0]) => score >= 0.35);
  expect([...new Set(found.map((row) => cocoLabel(row[5] ?? -1)))].sort()).toEqual(['car', 'traffic light']);
  for (const [x0 = 9, y0 = 9, x1 = 9, y1 = 9] of found) {
    expect(x0).toBeLessThan(x1);
    expect(y0).toBeLessThan(y1);
    expect(Math.min(x0, y0)).toBeGreaterThan(-0.05);
    expect(Math.max(x1, y1)).toBeLessThan(1.05);
  }
});

test('BlazeFace finds the drawn face, where it is', async () => {
  const entry = readManifest(MODELS).find(({ id }) => id === 'blazeface');
  if (!entry) throw new Error('no blazeface');
  const session = await models.inference.open('blazeface');
  const { faces } = await session.run(probeInput(entry));
  await session.close();
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, score = 0] = numbers(faces);
  expect(faces?.dims).toEqual([1, 5]);
  expect(score).toBeGreaterThan(0.6);
  expect((x0 + x1) / 2).toBeCloseTo(0.5, 1);
  expect((y0 + y1) / 2).toBeCloseTo(0.59, 1);
});

test('both forms of TransNetV2 see the two cuts of bikes.mp4 and agree', async () => {
  const film = frames('bikes.mp4', 0, 'scale=48:27:flags=bicubic', 100);
  expect(film.length).toBe(100 * 27 * 48 * 3);
  const float = await answer('transnetv2', 'frames', [1, 100, 27, 48, 3], film.slice());
  const int8 = await answer('transnetv2.int8', 'frames', [1, 100, 27, 48, 3], film.slice());
  const cuts = (one: Record<string, Tensor>) => numbers(one['single']).flatMap((value, index) => (value > 0.5 ? [index] : []));
  expect(cuts(float)).toEqual([29, 75]);
  expect(cuts(int8)).toEqual(cuts(float));
  const entry = readManifest(MODELS)[0];
  if (!entry) throw new Error('no model');
  expect(disagreement(entry, float, int8, QUANTISED)).toBeNull();
  expect(disagreement(entry, float, int8, SAME_MODEL)).toMatch(/^(single|many): off by 0\.\d+$/);
});

test('every class of the labels is one that a model can name', () => {
  expect(labelsOf('imagenet')).toHaveLength(readManifest(MODELS).find(({ id }) => id === 'efficientnet-lite0')?.outputs[0]?.shape[1] as number);
});
