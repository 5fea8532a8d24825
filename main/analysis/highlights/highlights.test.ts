import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCancelled } from '../../../shared/errors.ts';
import type { ShotEvent, TagEvent } from '../../../shared/events.ts';
import { flicks, fromSeconds, toSeconds } from '../../../shared/time.ts';
import { makeReel, scoreMoments } from '../../../shared/understanding/highlights/index.ts';
import { DEFAULT_HIGHLIGHT_WEIGHTS, type HighlightEvent, type HighlightMoment, type HighlightWeights, type Sentence } from '../../../shared/understanding/types.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import { probeMedia } from '../../media/probe.ts';
import { runningChildren } from '../../media/process.ts';
import { ffmpeg } from '../../media/testing/fixtures.ts';
import { highlights } from './highlights.ts';
import { applause, hiss, joined, mixed, music, scaled, wavOf } from './testSounds.ts';

let folder: string;
let library: Library;
const at = (name: string): string => join(folder, name);
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
/** Grey, with a picture that moves to and fro in the given seconds only; with `sound` where there is an input for it. */
const moving = (seconds: number, from: number, to: number, ...sound: string[]): string[] => [
  '-f', 'lavfi', '-i', `color=gray:s=320x180:r=25:d=${seconds}`, '-f', 'lavfi', '-i', `testsrc2=s=160x90:r=25:d=${seconds}`, ...sound,
  '-filter_complex', `[0][1]overlay=x='40+60*sin(6*t)':y=40:enable='between(t,${from},${to})'[v]`, '-map', '[v]',
  ...(sound.length > 0 ? ['-map', '2:a', '-c:a', 'aac'] : []), ...X264,
];
const NO_WEIGHTS: HighlightWeights = { summary: 0, emotion: 0, reaction: 0, energy: 0, faces: 0, motion: 0, tags: 0, sharpness: 0 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-highlights-'));
  library = openLibrary({ folder: at('library'), searchTerms: () => [] });
});
afterAll(() => {
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  events: HighlightEvent[];
  moments: HighlightMoment[];
  known: string[];
}
async function run(path: string, sentences: readonly Sentence[] = [], signal?: AbortSignal): Promise<Told> {
  const media = await probeMedia(path);
  const events: HighlightEvent[] = [];
  for await (const event of highlights(media, { sentences, language: 'en', embed: null, library, signal })) events.push(event);
  const last = events.filter((event) => event.type === 'moments').at(-1);
  return { events, moments: last?.moments ?? [], known: last?.known ?? [] };
}
const said = (text: string, start: number, end: number, line = 0): Sentence => ({ text, start: fromSeconds(start), end: fromSeconds(end), speaker: null, line });
const best = (moments: HighlightMoment[], weights: HighlightWeights): HighlightMoment => {
  const scores = scoreMoments(moments, weights);
  return moments[scores.indexOf(Math.max(...scores))]!;
};

describe('a quiet talk with applause in it', () => {
  const sentences = [said('Today we look at the budget.', 0.5, 5), said('Costs went up because of energy.', 5.5, 11), said('And that is how we saved the house!', 12, 15.5), said('Let us go on to the next page.', 24, 29), said('There is a table of the costs here.', 30, 37)];
  let measured: HighlightEvent[];
  beforeAll(async () => {
    // The sound of talk: a buzz in syllables with pauses, over a room's hiss.
    const talk = (seconds: number): Float32Array => scaled(music(seconds, -30).map((value, i) => value * (Math.sin((2 * Math.PI * 2.3 * i) / 16_000) > 0 ? 1 : 0.05)), -30);
    const sound = mixed(joined(talk(16), applause(7, 60, -16), talk(17)), hiss(40, -60));
    writeFileSync(at('talk.wav'), wavOf(sound));
    await ffmpeg([...moving(40, 16, 23, '-i', at('talk.wav')), at('talk.mp4')]);
    measured = (await run(at('talk.mp4'))).events;
  });

  it('ranks the burst and the sentence before it first, and a reel shows them', async () => {
    const { moments, known } = await run(at('talk.mp4'), sentences);
    expect(known).toEqual(expect.arrayContaining(['summary', 'emotion', 'reaction', 'energy', 'motion', 'sharpness']));
    const applauded = moments.filter(({ signals }) => signals.reaction > 0.5);
    expect(applauded.length).toBeGreaterThanOrEqual(2);
    for (const { start, end } of applauded) {
      expect(toSeconds(start)).toBeGreaterThanOrEqual(11);
      expect(toSeconds(end)).toBeLessThanOrEqual(24.1);
    }
    const top = best(moments, { ...NO_WEIGHTS, energy: 1, motion: 1, reaction: 1 });
    expect(toSeconds(top.start)).toBeGreaterThanOrEqual(15);
    expect(toSeconds(top.end)).toBeLessThanOrEqual(24.1);
    const reel = makeReel(moments, scoreMoments(moments, DEFAULT_HIGHLIGHT_WEIGHTS), 12, { cuts: [], range: null });
    expect(reel.some(({ start, end }) => toSeconds(start) <= 12 && toSeconds(end) >= 20)).toBe(true);
  });

  it('tells what is known at once, then progress in seconds, and measures only once', async () => {
    const first = await run(at('talk.mp4'), [said('Only this one!', 1, 4)]);
    expect(first.events[0]).toMatchObject({ type: 'moments', known: ['summary', 'emotion'] });
    expect(first.events.filter(({ type }) => type === 'progress')).toEqual([]);
    expect(first.events.at(-1)).toMatchObject({ type: 'done', moments: first.moments.length });
    const progress = measured.filter((event) => event.type === 'progress');
    expect(progress.every(({ unit, total }) => unit === 'seconds' && Math.abs((total ?? 0) - 40) < 0.5)).toBe(true);
    expect(measured.filter(({ type }) => type === 'moments').length).toBe(3);
  });
});

describe('a game without speech', () => {
  it('finds what is loud and what moves, by pieces that end where least happens', async () => {
    writeFileSync(at('game.wav'), wavOf(joined(hiss(30, -55), music(5, -12), hiss(25, -55))));
    await ffmpeg([...moving(60, 45, 49, '-i', at('game.wav')), at('game.mp4')]);
    const { moments } = await run(at('game.mp4'));
    for (const moment of moments) {
      expect(moment.sentence).toBeNull();
      expect(toSeconds(flicks(moment.end - moment.start))).toBeLessThanOrEqual(6.01);
    }
    const loud = best(moments, { ...NO_WEIGHTS, energy: 1 });
    expect(Math.abs((toSeconds(loud.start) + toSeconds(loud.end)) / 2 - 32.5)).toBeLessThan(3);
    const fast = best(moments, { ...NO_WEIGHTS, motion: 1 });
    expect(Math.abs((toSeconds(fast.start) + toSeconds(fast.end)) / 2 - 47)).toBeLessThan(3);
    const reel = makeReel(moments, scoreMoments(moments, { ...NO_WEIGHTS, energy: 1, motion: 1 }), 14, { cuts: [], range: null });
    const shows = (time: number): boolean => reel.some(({ start, end }) => toSeconds(start) <= time && toSeconds(end) > time);
    expect([shows(31), shows(33), shows(46), shows(48)]).toEqual([true, true, true, true]);
  });
});

describe('times', () => {
  const motionAt = async (path: string): Promise<number> => {
    const { moments } = await run(path);
    const top = best(moments, { ...NO_WEIGHTS, motion: 1 });
    return (toSeconds(top.start) + toSeconds(top.end)) / 2;
  };

  it('of a variable rate are the file’s own', async () => {
    await ffmpeg([...moving(40, 30, 34), at('steady.mp4')]);
    await ffmpeg(['-i', at('steady.mp4'), '-vf', "select='not(between(n,100,500)*mod(n,20))'", '-fps_mode', 'vfr', ...X264, at('vfr.mp4')]);
    expect((await probeMedia(at('vfr.mp4'))).video?.variableRate).toBe(true);
    expect(Math.abs((await motionAt(at('vfr.mp4'))) - 32)).toBeLessThan(3);
  });

  it('of a file that begins late are its own', async () => {
    await ffmpeg([...moving(30, 20, 24), '-output_ts_offset', '100', '-f', 'mpegts', at('late.ts')]);
    const media = await probeMedia(at('late.ts'));
    expect(toSeconds(media.startTime)).toBeGreaterThan(99);
    const found = await motionAt(at('late.ts'));
    expect(Math.abs(found - toSeconds(media.video!.startTime) - 22)).toBeLessThan(3);
  });
});

describe('odd media', () => {
  it('without sound, without picture, or of one frame give moments all the same', async () => {
    await ffmpeg([...moving(12, 2, 5), at('mute.mp4')]);
    const mute = await run(at('mute.mp4'));
    expect(mute.known).toEqual(['motion', 'sharpness']);
    expect(mute.moments.length).toBeGreaterThan(1);
    writeFileSync(at('claps.wav'), wavOf(joined(hiss(14, -60), applause(6, 60, -16))));
    const sound = await run(at('claps.wav'));
    expect(sound.known).toEqual(['reaction', 'energy']);
    expect(sound.moments.at(-1)?.end).toBe(fromSeconds(20));
    await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1', '-frames:v', '1', ...X264, at('one.mp4')]);
    const one = await run(at('one.mp4'));
    expect(one.moments).toHaveLength(1);
    expect(makeReel(one.moments, [0], 20, { cuts: [], range: null })).toEqual([{ start: one.moments[0]?.start, end: one.moments[0]?.end }]);
  });

  it('go on from where a stopped run was, with the same result, and leave nothing running', async () => {
    await ffmpeg([...moving(100, 80, 85, '-f', 'lavfi', '-i', 'sine=f=300:d=100'), at('long.mp4')]);
    const media = await probeMedia(at('long.mp4'));
    const [whole, parts] = ['whole', 'parts'].map((name) => openLibrary({ folder: at(name), searchTerms: () => [] }));
    const all = async (to: Library, signal?: AbortSignal): Promise<HighlightEvent[]> => {
      const events: HighlightEvent[] = [];
      for await (const event of highlights(media, { sentences: [], language: 'auto', embed: null, library: to, signal })) events.push(event);
      return events;
    };
    const stop = new AbortController();
    let stopped = 0;
    const broken = (async () => {
      for await (const event of highlights(media, { sentences: [], language: 'auto', embed: null, library: parts!, signal: stop.signal })) {
        if (event.type === 'progress' && event.stage === 'picture' && event.done >= 65 && stopped === 0) {
          stopped = performance.now();
          stop.abort();
        }
      }
    })();
    await expect(broken).rejects.toSatisfy(isCancelled);
    expect(performance.now() - stopped).toBeLessThan(1000);
    expect(runningChildren()).toEqual([]);
    const [once, resumed] = [await all(whole!), await all(parts!)];
    const last = (events: HighlightEvent[]) => events.filter((event) => event.type === 'moments').at(-1);
    expect(last(resumed)).toEqual(last(once));
    whole!.close();
    parts!.close();
  });
});

describe('stored shots and tags', () => {
  it('give borders, faces and rare tags; nothing is cut across a shot where nobody speaks', async () => {
    await ffmpeg([...moving(30, 2, 5), at('shots.mp4')]);
    const media = await probeMedia(at('shots.mp4'));
    const shot = (index: number, start: number, end: number): ShotEvent => ({ type: 'shot', index, start: fromSeconds(start), end: fromSeconds(end), startFrame: start * 25, endFrame: end * 25, transitionIn: index === 0 ? 'start' : 'cut', confidence: 1 });
    const tag = (index: number, label: string, source: TagEvent['source'], side = 0.2): TagEvent => ({ type: 'tag', shot: index, label, score: 0.9, source, detections: [{ time: fromSeconds(index * 7 + 1), frame: 0, box: [0, 0, side, side], score: 0.9 }] });
    library.append({ media: media.id, stage: 'shots', modelHash: '', params: '' }, [shot(0, 0, 7), shot(1, 7, 14), shot(2, 14, 30)], 1);
    library.append({ media: media.id, stage: 'tags', modelHash: '', params: '' }, [tag(0, 'sky', 'imagenet'), tag(1, 'sky', 'imagenet'), tag(2, 'sky', 'imagenet'), tag(2, 'volcano', 'imagenet'), tag(1, 'face', 'face', 0.5), tag(0, 'face', 'face', 0.1)], 1);
    const { moments, known } = await run(at('shots.mp4'));
    expect(known).toEqual(expect.arrayContaining(['faces', 'tags']));
    for (const { start, end } of moments) for (const cut of [7, 14]) expect(toSeconds(start) < cut && toSeconds(end) > cut).toBe(false);
    expect(best(moments, { ...NO_WEIGHTS, faces: 1 }).shot).toBe(1);
    expect(best(moments, { ...NO_WEIGHTS, tags: 1 }).shot).toBe(2);
  });
});
