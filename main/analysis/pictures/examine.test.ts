/** Examination of real files with the real models: what is kept, what is not done again, and how it ends. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisEvent, ProgressEvent } from '../../../shared/events.ts';
import type { Media } from '../../../shared/media.ts';
import { fromSeconds, toSeconds } from '../../../shared/time.ts';
import type { Library } from '../../library/types.ts';
import { probeMedia } from '../../media/probe.ts';
import { clip, eventsOf, openBench, type Bench } from '../testAnalysis.ts';
import { examinePictures, type ExamineOptions } from './examine.ts';
import { openJointModel } from './jointModel.ts';
import { similarShots } from './similarShots.ts';
import { writeJointModel } from './testJointModel.ts';
import { drawtext, PICTURE_PROGRAM } from './testSlides.ts';

let bench: Bench;
let slides: Media;

beforeAll(async () => {
  bench = await openBench(PICTURE_PROGRAM);
  slides = await probeMedia(slideShow(join(bench.folder, 'slides.mp4')));
}, 60_000);
afterAll(() => bench.close());

/** A red title of 2 s, a Chinese slide of 2 s, then one shot of 24 s whose text changes by a dissolve at 12 s. */
function slideShow(path: string): string {
  const shown = (from: number, to: number): string => `:enable='between(t,${from},${to})'`;
  const fade = `:alpha='clip((t-15)/2,0,1)'`;
  const filters = [
    `drawbox=c=red:t=fill:enable='lt(t,2)'`,
    `drawbox=c=0x103060:t=fill:enable='between(t,2,3.95)'`,
    drawtext('Opening words', { size: 60, x: 100, y: 150, colour: 'white' }, shown(0, 1.95)),
    drawtext('机器学习与视频剪辑', { size: 50, x: 100, y: 150, colour: 'white' }, shown(2, 3.95)),
    drawtext('The budget of the project', { size: 40, x: 80, y: 100 }, shown(4, 30)),
    drawtext('HOME 2 - 1 AWAY', { size: 40, x: 80, y: 240 }, `${shown(15, 30)}${fade}`),
  ];
  execFileSync('ffmpeg', [
    '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=c=white:s=854x480:r=10:d=28', '-vf', filters.join(','), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-pix_fmt', 'yuv420p', path,
  ]);
  return path;
}

/** Shots and keyframes as an analysis leaves them, where the analysis itself is not what is tested. */
function withShots(library: Library, media: Media, shots: readonly [start: number, end: number, keyframe: number][]): void {
  const store = (stage: 'shots' | 'keyframes', events: AnalysisEvent[]): void => library.append({ media: media.id, stage, modelHash: 'test', params: '{}' }, events, null);
  library.putMedia(media);
  store('shots', shots.map(([start, end], index) => ({ type: 'shot', index, start: fromSeconds(start), end: fromSeconds(end), startFrame: start * 10, endFrame: end * 10, transitionIn: index === 0 ? 'start' : 'cut', confidence: 1 })));
  store('keyframes', shots.map(([, , time], shot) => ({ type: 'keyframe', shot, rank: 0, time: fromSeconds(time), frame: time * 10, picture: `k${shot}` })));
}
const SHOTS: [number, number, number][] = [[0, 2, 1], [2, 4, 3], [4, 28, 6]];

async function examine(media: Media, options: Pick<ExamineOptions, 'library'> & Partial<ExamineOptions>): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  for await (const event of examinePictures(media, { inference: bench.inference, joint: null, ...options })) events.push(event);
  return events;
}

const textsOf = (library: Library, words: string[]): [shot: number, seconds: number, text: string][] =>
  library.found.pictureText(words, null, 50).map(({ shot, time, text }) => [shot, toSeconds(time), text]);

describe('text and looks of a slide show', () => {
  let library: Library;
  beforeAll(async () => {
    library = bench.library('slides');
    withShots(library, slides, SHOTS);
    const events = await examine(slides, { library });
    expect(events.at(-1)).toMatchObject({ stage: 'pictures', unit: 'items', done: 5, total: 5, eta: 0 });
  }, 60_000);

  it('is found by English and Chinese words, with the moment', () => {
    expect(textsOf(library, ['opening'])).toEqual([[0, 1, 'Opening words']]);
    expect(textsOf(library, ['视频'])).toEqual([[1, 3, '机器学习与视频剪辑']]);
    expect(textsOf(library, ['budget'])).toEqual([[2, 6, 'The budget of the project']]);
  });

  it('has what a dissolve brings into a long shot, and nothing twice', () => {
    const found = textsOf(library, ['away']);
    expect(found.map(([shot, , text]) => [shot, text])).toEqual([[2, 'HOME 2-1 AWAY']]);
    expect(found[0]?.[1]).toBe(24);
  });

  it('keeps one vector a shot, of length 1', () => {
    const vectors = library.shotVectors(slides.id, 'features');
    expect(vectors.map(({ shot }) => shot)).toEqual([0, 1, 2]);
    for (const { vector } of vectors) {
      expect(vector).toHaveLength(1280);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 2);
    }
  });

  it('does nothing the second time', async () => {
    bench.inference.opened.length = 0;
    expect(await examine(slides, { library })).toEqual([]);
    expect(bench.inference.opened).toEqual([]);
  });

  it('shows the pictures to a model that was added later, without reading them again', async () => {
    const joint = await openJointModel(writeJointModel(join(bench.folder, 'joint')), bench.inference);
    bench.inference.opened.length = 0;
    expect((await examine(slides, { library, joint })).at(-1)).toMatchObject({ done: 5 });
    expect(bench.inference.opened).toEqual([]);
    const red = await joint.embedText('red');
    const cosines = library.shotVectors(slides.id, 'joint').map(({ vector }) => vector.reduce((sum, value, index) => sum + value * (red[index] ?? 0), 0));
    await joint.close();
    expect(cosines).toHaveLength(3);
    expect(cosines[0]).toBeGreaterThan(0.9);
    expect(Math.max(...cosines.slice(1))).toBeLessThan(0.7);
  });
});

describe('an examination that is stopped', () => {
  it('ends within a second, keeps what it found, and goes on from there', async () => {
    const library = bench.library('stopped');
    const many = Array.from({ length: 10 }, (_, index): [number, number, number] => [4 + index, 5 + index, 4.5 + index]);
    withShots(library, slides, many);
    const stop = new AbortController();
    let stopped = 0;
    const run = (async () => {
      for await (const event of examinePictures(slides, { inference: bench.inference, library, joint: null, signal: stop.signal })) {
        if (event.done < 3 || stopped > 0) continue;
        stopped = performance.now();
        stop.abort();
      }
    })();
    await expect(run).rejects.toMatchObject({ name: 'CancelledError' });
    expect(performance.now() - stopped).toBeLessThan(3000);
    const kept = library.shotVectors(slides.id, 'features').length;
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(10);
    const rest = await examine(slides, { library });
    expect(rest[0]?.done).toBeGreaterThan(3);
    expect(library.shotVectors(slides.id, 'features')).toHaveLength(10);
  }, 60_000);

  it('begins anew when the shots are others', async () => {
    // Where the slide show has been examined.
    const library = bench.library('slides');
    expect(textsOf(library, ['opening'])).toHaveLength(1);
    library.append({ media: slides.id, stage: 'keyframes', modelHash: 'other', params: '{}' }, [{ type: 'keyframe', shot: 1, rank: 0, time: fromSeconds(3), frame: 30, picture: 'k' }], null);
    await examine(slides, { library });
    expect(library.shotVectors(slides.id, 'features').map(({ shot }) => shot)).toEqual([1]);
    expect(textsOf(library, ['opening'])).toEqual([]);
  }, 60_000);
});

it('finds shots of the same street in a real clip, and no text on it', async () => {
  const library = bench.library('real');
  const bikes = await probeMedia(clip('bikes.mp4'));
  const test = await probeMedia(clip('testvideo.mp4'));
  for (const media of [bikes, test]) {
    library.putMedia(media);
    await eventsOf(media, { inference: bench.inference, library });
    await examine(media, { library });
  }
  expect(library.found.pictureText(['a', 'the', '1'], [bikes.id], 10)).toEqual([]);
  expect(textsOf(library, ['copyright']).length).toBeGreaterThan(0);
  const similar = (media: Media, shot: number, within: string[] | null = null): [string, number | null][] =>
    similarShots({ media: media.id, shot, within, limit: 20 }, library).map((moment) => [moment.mediaName, moment.shot]);
  // The same place, cut back to.
  expect(similar(bikes, 2)[0]).toEqual(['bikes.mp4', 4]);
  expect(similar(bikes, 2, [test.id])).toEqual([]);
  // The still between the pictures comes four times.
  expect(new Set(similar(test, 0).map(([, shot]) => shot))).toEqual(new Set([2, 4, 7]));
  expect(similarShots({ media: test.id, shot: 0, within: null, limit: 1 }, library)[0]).toMatchObject({ kind: 'picture', lists: ['picture'], mediaName: 'testvideo.mp4' });
}, 120_000);
