import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findModelsDir, ModelRegistry } from './registry.ts';
import { memoryFacts, MODELS } from './testRuntime.ts';

const SPEECH = ['silero-vad', 'speaker-ge2e', 'whisper-base-encoder', 'whisper-base-decoder'];
const UNDERSTANDING = ['ocr-detect', 'ocr-read', 'minilm-l6-v2', 'multilingual-e5-small'];
const STYLE = ['cyclegan-vintage', 'cyclegan-vintage.int8', 'face-landmarks', 'face-stylegan-sketch', 'face-stylegan-ink', 'face-stylegan-oil', 'realesr-animevideo-x2'];
const PAINTERS = ['painter-26', 'arbitrary-style-predict', 'arbitrary-style-transform', 'person-matting', 'person-matting-wide'];
const CARRY = ['motion-flow', 'style-guide', 'style-fit', 'style-lay', 'style-settle', 'style-carry'];

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-models-'));
  copyFileSync(join(MODELS, 'manifest.json'), join(folder, 'manifest.json'));
  file = join(folder, 'blazeface.onnx');
  cpSync(join(MODELS, 'blazeface.onnx'), file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Other bytes in the middle, the size and times as they were. */
function alter(): void {
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes[300_000] = (bytes[300_000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
}

test('vouches for every file of the project, with the manifest’s hash', async () => {
  const registry = new ModelRegistry(MODELS, memoryFacts());
  expect(registry.entries.map(({ id }) => id)).toEqual(['transnetv2', 'transnetv2.int8', 'efficientnet-lite0', 'centernet-coco', 'blazeface', ...SPEECH, ...UNDERSTANDING, ...STYLE, ...PAINTERS, ...CARRY]);
  for (const { id, sha256 } of registry.entries) expect((await registry.check(id)).hash).toBe(sha256);
});

test('every card and licence text of the manifest is there', () => {
  for (const { card, licenceFiles } of new ModelRegistry(MODELS, memoryFacts()).entries) {
    for (const path of [card, ...licenceFiles]) expect(statSync(join(MODELS, path)).size, path).toBeGreaterThan(500);
  }
});

test('a missing file is named', async () => {
  rmSync(file);
  await expect(new ModelRegistry(folder, memoryFacts()).check('blazeface')).rejects.toMatchObject({ code: 'model_missing', params: { file } });
});

test('a folder in the file’s place counts as missing', async () => {
  rmSync(file);
  cpSync(join(MODELS, 'labels'), file, { recursive: true });
  await expect(new ModelRegistry(folder, memoryFacts()).check('blazeface')).rejects.toMatchObject({ code: 'model_missing' });
});

test('a short file is named, with both sizes', async () => {
  truncateSync(file, 1000);
  await expect(new ModelRegistry(folder, memoryFacts()).check('blazeface')).rejects.toMatchObject({
    code: 'model_short',
    params: { file, bytes: 1000, expected: 603_046 },
  });
});

test('a longer file and one with a single other bit are altered', async () => {
  alter();
  await expect(new ModelRegistry(folder, memoryFacts()).check('blazeface')).rejects.toMatchObject({ code: 'model_altered', params: { file } });
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(1)]));
  await expect(new ModelRegistry(folder, memoryFacts()).check('blazeface')).rejects.toMatchObject({ code: 'model_altered', params: { file } });
});

test('an altered companion of a model is named', async () => {
  for (const name of ['whisper-base-decoder.onnx', 'whisper-base-config.json']) cpSync(join(MODELS, name), join(folder, name));
  const companion = join(folder, 'whisper-base-tokenizer.json');
  const registry = new ModelRegistry(folder, memoryFacts());
  await expect(registry.check('whisper-base-decoder')).rejects.toMatchObject({ code: 'model_missing', params: { file: companion } });
  writeFileSync(companion, readFileSync(join(MODELS, 'whisper-base-tokenizer.json'), 'utf8').replace('Ġthe', 'Ġhte'));
  await expect(registry.check('whisper-base-decoder')).rejects.toMatchObject({ code: 'model_altered', params: { file: companion } });
  cpSync(join(MODELS, 'whisper-base-tokenizer.json'), companion);
  expect((await registry.check('whisper-base-decoder')).companions).toMatchObject({ 'whisper-base-tokenizer.json': companion });
});

test('hashes once for each version of the file, also over restarts', async () => {
  const facts = memoryFacts();
  await new ModelRegistry(folder, facts).check('blazeface');
  const [[key, value] = ['', {}]] = [...facts.all];
  // A remembered hash that is wrong shows that it is the memory that answers, not the file.
  facts.all.set(key, { ...(value as object), sha256: '0'.repeat(64) });
  const registry = new ModelRegistry(folder, facts);
  await expect(registry.check('blazeface')).rejects.toMatchObject({ code: 'model_altered' });
  utimesSync(file, new Date(), new Date());
  await expect(registry.check('blazeface')).resolves.toMatchObject({ path: file });
});

test('notices an alteration that keeps size and modification time', async () => {
  const registry = new ModelRegistry(folder, memoryFacts());
  await registry.check('blazeface');
  alter();
  await expect(registry.check('blazeface')).rejects.toMatchObject({ code: 'model_altered' });
});

test('finds the models folder from source and by RUSHES_MODELS', () => {
  expect(findModelsDir()).toBe(MODELS);
  process.env['RUSHES_MODELS'] = folder;
  try {
    expect(findModelsDir()).toBe(folder);
  } finally {
    delete process.env['RUSHES_MODELS'];
  }
  expect(() => findModelsDir('/')).toThrow(expect.objectContaining({ code: 'model_missing' }));
});
