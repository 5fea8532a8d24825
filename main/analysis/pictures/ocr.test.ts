/** Text in pictures, with the real models, on slides made here and on real clips. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInference } from '../../inference/index.ts';
import { buildWorker, CLIPS, memoryFacts, MODELS } from '../../inference/testRuntime.ts';
import type { Inference } from '../../inference/types.ts';
import { probeMedia } from '../../media/probe.ts';
import { fromSeconds } from '../../../shared/time.ts';
import { rgbFrame } from './frames.ts';
import { openTextReader, type TextReader } from './reader.ts';
import { drawtext, PICTURE_PROGRAM, stillVideo } from './testSlides.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference;
let reader: TextReader;
let folder: string;

beforeAll(async () => {
  worker = await buildWorker(PICTURE_PROGRAM);
  inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
  reader = await openTextReader(inference);
  folder = mkdtempSync(join(tmpdir(), 'rushes-ocr-'));
});
afterAll(async () => {
  await inference.close();
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function read(path: string, seconds = 0): Promise<string[]> {
  const media = await probeMedia(path);
  const picture = await rgbFrame(media, { time: fromSeconds(seconds), exact: false }, new AbortController().signal);
  if (!picture) throw new Error('no picture');
  return (await reader.ask(picture)).map(({ text }) => text);
}

it('reads a slide: a title, and lines of small print that belong together', async () => {
  const slide = stillVideo(join(folder, 'slide.mp4'), { size: '1280x720', colour: 'white' }, [
    drawtext('Quarterly results', { size: 72, x: 100, y: 80 }),
    drawtext('Revenue grew by twelve percent', { size: 24, x: 100, y: 300 }),
    drawtext('while the cost of energy went down', { size: 24, x: 100, y: 335 }),
    drawtext('Page 17', { size: 20, x: 1100, y: 670 }),
  ]);
  expect(await read(slide)).toEqual(['Quarterly results', 'Revenue grew by twelve percent while the cost of energy went down', 'Page 17']);
});
void execFileSync; void CLIPS;
it('probe', async () => {
  for (const size of [14, 16, 18, 20, 24, 32]) {
    const s = stillVideo(join(folder, `s${size}.mp4`), { size: '1280x720', colour: 'white' }, [
      drawtext('The quick brown fox jumps over the lazy dog', { size, x: 60, y: 60 }),
      drawtext('Machine learning for people who make films at home', { size, x: 60, y: 160 }),
      drawtext('中文字幕与 English words 混合在一起', { size, x: 60, y: 260 }),
      drawtext('OpenOffice and WebAssembly at rushes.example/download', { size, x: 60, y: 360 }),
    ]);
    console.log(size, await read(s));
  }
  const z = stillVideo(join(folder, 'score.mp4'), { size: '1280x720', colour: '0x205020' }, [drawtext('HOME 2 - 1 AWAY', { size: 36, x: 40, y: 40 })]);
  console.log('score', await read(z));
  const t = performance.now();
  for (const [clip, times] of [['bikes.mp4', [0, 1, 2, 4, 5.5, 7, 9]], ['bigbuckbunny.mp4', [0, 1, 2, 3, 4, 5]], ['testvideo.mp4', [1, 4, 7, 10, 13, 16, 19, 22]], ['fades.mp4', [1, 5]]] as const)
    for (const at of times) console.log(clip, at, await read(join(CLIPS, clip), at));
  console.log(performance.now() - t);
}, 120000);
