/** A model added by file: opened, tried, and what is said when it is not one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInference } from '../../inference/index.ts';
import { buildWorker, memoryFacts, MODELS } from '../../inference/testRuntime.ts';
import type { Inference } from '../../inference/types.ts';
import { ClipTokenizer } from './clipTokenizer.ts';
import { openJointModel } from './jointModel.ts';
import { writeJointModel } from './testJointModel.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference;
let folder: string;

beforeAll(async () => {
  worker = await buildWorker();
  inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
  folder = mkdtempSync(join(tmpdir(), 'rushes-joint-'));
});
afterAll(async () => {
  await inference.close();
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The left half is of one colour, the right half of another. */
function halves(left: readonly number[], right: readonly number[]): { width: number; height: number; pixels: Uint8Array<ArrayBuffer> } {
  const [width, height] = [40, 40];
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) pixels.set(at % width < width / 2 ? left : right, at * 3);
  return { width, height, pixels };
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, each, index) => sum + each * (b[index] ?? 0), 0);

describe('a model that works', () => {
  it.each([{ withMask: false }, { withMask: true }])('puts "red" beside a red picture, %o', async (options) => {
    const model = await openJointModel(writeJointModel(join(folder, `good-${options.withMask}`), options), inference);
    expect(model.dimensions).toBe(3);
    const picture = await model.embedPicture(halves([255, 0, 0], [200, 10, 10]));
    expect(dot(picture, picture)).toBeCloseTo(1, 5);
    expect(dot(picture, await model.embedText('something RED'))).toBeGreaterThan(0.98);
    expect(dot(picture, await model.embedText('blue'))).toBeLessThan(0.2);
    const mixed = await model.embedPicture(halves([255, 0, 0], [0, 0, 255]));
    expect(dot(mixed, await model.embedText('red and blue'))).toBeGreaterThan(0.98);
    await model.close();
  });

  it('has another hash with other weights or another configuration', async () => {
    const one = await openJointModel(writeJointModel(join(folder, 'one')), inference);
    writeFileSync(join(folder, 'one', 'config.json'), JSON.stringify({ size: 16, contextLength: 12 }));
    const other = await openJointModel(join(folder, 'one'), inference);
    expect(other.hash).not.toBe(one.hash);
    await one.close();
    await other.close();
  });
});

describe('a folder that holds none', () => {
  it.each(['image.onnx', 'text.onnx', 'tokenizer.json'])('tells that %s is missing', async (file) => {
    const bad = writeJointModel(join(folder, `without-${file}`));
    rmSync(join(bad, file));
    await expect(openJointModel(bad, inference)).rejects.toMatchObject({ code: 'image_text_missing', params: { file } });
  });

  it.each([
    ['image.onnx', 'not a graph', 'image_text_failed'],
    ['tokenizer.json', '{"model":{"type":"WordPiece"}}', 'image_text_config'],
    ['config.json', '{"size":-1}', 'image_text_config'],
    ['config.json', '{"size":8}', 'image_text_failed'],
    ['config.json', '{"size":16,"names":{"textVector":"last"}}', 'image_text_failed'],
  ])('tells what is wrong with %s: %s', async (file, content, code) => {
    const bad = writeJointModel(join(folder, 'bad'));
    writeFileSync(join(bad, file), content);
    await expect(openJointModel(bad, inference)).rejects.toMatchObject({ code });
  });

  it('tells that the halves are of different models', async () => {
    const bad = writeJointModel(join(folder, 'apart'), { textDimensions: 4 });
    await expect(openJointModel(bad, inference)).rejects.toMatchObject({ code: 'image_text_apart', params: { image: 3, text: 4 } });
  });
});

describe('the tokenizer', () => {
  const json = { model: { type: 'BPE', vocab: { '<|startoftext|>': 0, '<|endoftext|>': 1, 'a</w>': 2, c: 3, 'at</w>': 4, 'cat</w>': 5, 'Ã©</w>': 6, 't</w>': 7, a: 8, '!</w>': 9 }, merges: ['a t</w>', ['c', 'at</w>'], 'Ã ©</w>'] } };
  const ids = (text: string, length = 8): number[] => [...new ClipTokenizer(json).encode(text, length).ids].map(Number);

  it('merges in the order of the list, in lower case, and fills up', () => {
    expect(ids('A  CAT!')).toEqual([0, 2, 5, 9, 1, 1, 1, 1]);
    expect(ids('é')).toEqual([0, 6, 1, 1, 1, 1, 1, 1]);
    expect([...new ClipTokenizer(json).encode('a cat', 6).mask].map(Number)).toEqual([1, 1, 1, 1, 0, 0]);
  });

  it('cuts off what is too long and keeps the end', () => {
    expect(ids('a a a a a a a a a', 4)).toEqual([0, 2, 2, 1]);
    expect(ids('', 3)).toEqual([0, 1, 1]);
  });
});
