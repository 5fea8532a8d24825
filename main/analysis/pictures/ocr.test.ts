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

it('reads small print with its words apart, and Chinese with English in it', async () => {
  const slide = stillVideo(join(folder, 'small.mp4'), { size: '1280x720', colour: 'white' }, [
    drawtext('The quick brown fox jumps over the lazy dog', { size: 16, x: 60, y: 60 }),
    drawtext('Machine learning for people who make films at home', { size: 16, x: 60, y: 160 }),
    drawtext('中文字幕与 English words 混合在一起', { size: 24, x: 60, y: 260 }),
  ]);
  const [first, second, third] = await read(slide);
  expect(first).toBe('The quick brown fox jumps over the lazy dog');
  expect(second).toBe('Machine learning for people who make films at home');
  expect(third?.replaceAll(' ', '')).toBe('中文字幕与Englishwords混合在一起');
});

it('reads a scoreboard as one line', async () => {
  const board = stillVideo(join(folder, 'score.mp4'), { size: '1280x720', colour: '0x205020' }, [drawtext('HOME 2 - 1 AWAY', { size: 36, x: 40, y: 40, colour: 'white' })]);
  expect(await read(board)).toEqual(['HOME 2-1 AWAY']);
});

it('reads a sign that hangs askew, and a phone video that is shown upright', async () => {
  const sign = stillVideo(join(folder, 'askew.mp4'), { size: '1280x720', colour: 'white' }, [drawtext('Station entrance', { size: 60, x: 300, y: 300 }), 'rotate=0.15:fillcolor=white']);
  expect(await read(sign)).toEqual(['Station entrance']);
  const lying = stillVideo(join(folder, 'lying.mp4'), { size: '720x1280', colour: 'white' }, [drawtext('Upright words', { size: 60, x: 100, y: 300 }), 'transpose=1']);
  const turned = join(folder, 'turned.mp4');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', turned]);
  expect((await probeMedia(turned)).video?.rotation).not.toBe(0);
  expect(await read(turned)).toEqual(['Upright words']);
});

it('finds no text among bicycles, trees and fur', async () => {
  for (const seconds of [0, 2, 5.5, 9]) expect(await read(join(CLIPS, 'bikes.mp4'), seconds)).toEqual([]);
  for (const seconds of [1, 4]) expect(await read(join(CLIPS, 'bigbuckbunny.mp4'), seconds)).toEqual([]);
});

it('stops between two runs when nobody waits any more', async () => {
  const slide = stillVideo(join(folder, 'stop.mp4'), { size: '1280x720', colour: 'white' }, Array.from({ length: 30 }, (_, row) => drawtext(`Line ${row} of a very long page`, { size: 16, x: 40 + (row % 2) * 600, y: 10 + row * 22 })));
  const picture = await rgbFrame(await probeMedia(slide), { time: fromSeconds(0), exact: false }, new AbortController().signal);
  if (!picture) throw new Error('no picture');
  const stop = new AbortController();
  const asked = reader.ask(picture, { signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toMatchObject({ name: 'CancelledError' });
});
