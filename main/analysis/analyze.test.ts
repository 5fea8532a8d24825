import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { AnalysisEvent, KeyframeEvent, ShotEvent, WarningEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { formatClock, fromSeconds, toSeconds, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { runningChildren } from '../media/process.ts';
import type { Inference, OpenModelOptions } from '../inference/types.ts';
import type { Library, StoredEvent } from '../library/types.ts';
import { stageKeys } from './stages.ts';
import { DEFAULT_SAMPLE_INTERVAL } from './analyze.ts';
import { ALL, clip, eventsOf, ffmpeg, frameTimes, openBench, results, type Bench } from './testAnalysis.ts';

let bench: Bench;
let bikes: Media;
let whole: AnalysisEvent[];
/** What the whole run stored, piece by piece: the library itself keeps only the last checkpoint. */
const pieces: { stage: string; events: StoredEvent[]; checkpoint: unknown }[] = [];
beforeAll(async () => {
  bench = await openBench();
  bikes = await probeMedia(clip('bikes.mp4'));
  const library = bench.library('whole');
  const append = library.append.bind(library);
  library.append = (key, events, checkpoint) => {
    pieces.push({ stage: key.stage, events, checkpoint });
    append(key, events, checkpoint);
  };
  whole = await eventsOf(bikes, { inference: bench.inference, library });
}, 180_000);
afterAll(() => bench.close());

const shots = (events: readonly AnalysisEvent[]): ShotEvent[] => events.filter((event) => event.type === 'shot');
const keyframes = (events: readonly AnalysisEvent[]): KeyframeEvent[] => events.filter((event) => event.type === 'keyframe');
const warnings = (events: readonly AnalysisEvent[]): WarningEvent[] => events.filter((event) => event.type === 'warning');
const finished = (events: readonly AnalysisEvent[]): AnalysisEvent | undefined => events.at(-1);

describe('an analysis', () => {
  it('finds the cuts that were labelled by eye, at the exact times of the frames', () => {
    expect(shots(whole).map((shot) => [shot.startFrame, shot.endFrame])).toEqual([[0, 30], [30, 76], [76, 137], [137, 187], [187, 242], [242, 250]]);
    for (const shot of shots(whole)) {
      expect(toSeconds(shot.start)).toBeCloseTo(shot.startFrame / 25, 9);
      expect(toSeconds(shot.end)).toBeCloseTo(shot.endFrame / 25, 9);
    }
  });

  it('gives every shot a keyframe inside it, clear of its cuts, and keeps its picture', () => {
    const library = bench.library('whole');
    expect(new Set(keyframes(whole).map((each) => each.shot)).size).toBe(6);
    for (const { shot, frame, picture, time } of keyframes(whole)) {
      const { startFrame, endFrame } = shots(whole)[shot] ?? { startFrame: 0, endFrame: 0 };
      expect(frame).toBeGreaterThanOrEqual(startFrame + (shot === 0 ? 0 : 2));
      expect(frame).toBeLessThan(endFrame - (shot === 5 ? 0 : 2));
      expect(toSeconds(time)).toBeCloseTo(frame / 25, 9);
      expect([...(library.getPicture(bikes.id, picture)?.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff]);
    }
  });

  it('finds the man, the cyclist and the cars, with boxes inside the frame', () => {
    const tags = whole.filter((event) => event.type === 'tag');
    const labels = (shot: number): string[] => tags.filter((tag) => tag.shot === shot).map((tag) => tag.label);
    expect(labels(1)).toContain('face');
    expect(labels(2)).toContain('person');
    expect(labels(3)).toContain('car');
    for (const { box, detections } of tags.filter((tag) => tag.source !== 'imagenet')) {
      for (const [x, y, width, height] of [box ?? [-1, -1, 9, 9], ...detections.map((each) => each.box)]) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  it('shows previews first and each keyframe after its shot', () => {
    const order = whole.map((event) => event.type);
    expect(order.indexOf('preview')).toBeLessThan(order.indexOf('shot'));
    for (const keyframe of keyframes(whole)) {
      expect(whole.indexOf(keyframe)).toBeGreaterThan(whole.findIndex((event) => event.type === 'shot' && event.index === keyframe.shot));
    }
    expect(finished(whole)).toMatchObject({ type: 'done', shots: 6, frames: 250, cached: false });
  });

  it('comes from the library the second time, without a model', async () => {
    bench.inference.opened = [];
    const again = await eventsOf(bikes, { inference: bench.inference, library: bench.library('whole') });
    expect(results(again)).toEqual(results(whole));
    expect(finished(again)).toMatchObject({ cached: true, seconds: 0, shots: 6 });
    expect(bench.inference.opened).toEqual([]);
  });

  it('runs only the tags again when their parameters changed', async () => {
    const library = bench.library('whole');
    library.clearStage((await stageKeys(bikes, bench.inference, DEFAULT_SAMPLE_INTERVAL)).tags);
    bench.inference.opened = [];
    const again = await eventsOf(bikes, { inference: bench.inference, library });
    expect(results(again)).toEqual(results(whole));
    expect(bench.inference.opened.filter((model) => model.startsWith('transnetv2'))).toEqual([]);
    expect(finished(again)).toMatchObject({ cached: false, shots: 6, keyframes: keyframes(whole).length });
  });

  it('tells only of the stages asked for', async () => {
    const events = await eventsOf(bikes, { stages: ['keyframes'], inference: bench.inference, library: bench.library('whole') });
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(['keyframe', 'done']));
  });
});

describe('short shots', () => {
  /** Each shot's keyframes lie inside it, at the exact time of their frame, and their pictures are kept. */
  const expectKeyframes = (events: readonly AnalysisEvent[], media: Media, library: Library): void => {
    const times = frameTimes(media.path);
    const keys = keyframes(events);
    expect([...new Set(keys.map((each) => each.shot))]).toEqual(shots(events).map((shot) => shot.index));
    for (const { shot, frame, time, picture } of keys) {
      expect(frame).toBeGreaterThanOrEqual(shots(events)[shot]?.startFrame ?? Infinity);
      expect(frame).toBeLessThan(shots(events)[shot]?.endFrame ?? 0);
      expect(toSeconds(time)).toBeCloseTo(times[frame] ?? -1, 6);
      expect([...(library.getPicture(media.id, picture)?.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff]);
    }
  };

  it('between two samples have a keyframe too', async () => {
    // The last shot of the clip, 8 frames, comes to lie in the middle.
    const path = join(bench.folder, 'between.mp4');
    ffmpeg('-i', clip('bikes.mp4'), '-filter_complex', '[0]split[a][b];[a]trim=start_frame=200,setpts=PTS-STARTPTS[c];[b]trim=end_frame=30,setpts=PTS-STARTPTS[d];[c][d]concat', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', path);
    const [media, library] = [await probeMedia(path), bench.library('between')];
    const events = await eventsOf(media, { inference: bench.inference, library });
    expect(shots(events).map(({ startFrame, endFrame }) => [startFrame, endFrame])).toEqual([[0, 42], [42, 50], [50, 80]]);
    expectKeyframes(events, media, library);
  });

  it('of one, two and five frames have a keyframe, when the film is gone through again for keyframes too', async () => {
    const path = join(bench.folder, 'short.mp4');
    ffmpeg('-i', clip('bikes.mp4'), '-frames:v', '60', '-preset', 'ultrafast', path);
    const [media, library] = [await probeMedia(path), bench.library('short')];
    const keys = await stageKeys(media, bench.inference, DEFAULT_SAMPLE_INTERVAL);
    const starts = [0, 20, 21, 23, 28, 40, 41, 58, 59, 60];
    starts.slice(0, -1).forEach((startFrame, index) => {
      const endFrame = starts[index + 1] ?? 0;
      const shot: ShotEvent = { type: 'shot', index, startFrame, endFrame, start: fromSeconds(startFrame / 25), end: fromSeconds(endFrame / 25), transitionIn: index === 0 ? 'start' : 'cut', confidence: 1 };
      library.append(keys.shots, [shot], { shots: index + 1, from: null, open: null });
    });
    library.completeStage(keys.shots);
    const events = await eventsOf(media, { inference: bench.inference, library });
    expect(shots(events)).toHaveLength(9);
    expectKeyframes(events, media, library);
  });
});

describe('interrupted', () => {
  it.each([1, 4, 6])('after %i shots, it goes on and ends with the same results', async (count) => {
    const library = bench.library(`interrupted-${count}`);
    const stop = new AbortController();
    let seen = 0;
    const broken = eventsOf(bikes, { inference: bench.inference, library, signal: stop.signal }, (event) => {
      if (event.type === 'shot' && ++seen === count) stop.abort();
    });
    await expect(broken).rejects.toBeInstanceOf(CancelledError);
    expect(runningChildren()).toEqual([]);
    const rest = await eventsOf(bikes, { inference: bench.inference, library });
    expect(results(rest)).toEqual(results(whole));
    // The first pass comes from the library too.
    expect(rest.filter((event) => event.type === 'preview')).toEqual(whole.filter((event) => event.type === 'preview'));
  });

  it('goes on from any finished piece: what is stored after it is lost', async () => {
    const keys = await stageKeys(bikes, bench.inference, DEFAULT_SAMPLE_INTERVAL);
    const library = bench.library('pieces');
    const keep = { shots: 4, keyframes: 3, tags: 1 };
    for (const stage of ALL) {
      for (const piece of pieces.filter((each) => each.stage === stage).slice(0, keep[stage])) library.append(keys[stage], piece.events, piece.checkpoint);
    }
    bench.inference.fresh = {};
    expect(results(await eventsOf(bikes, { inference: bench.inference, library }))).toEqual(results(whole));
    expect(bench.inference.fresh).toEqual({});
  });

  it('stops at once and leaves no process', async () => {
    const stop = new AbortController();
    let at = 0;
    const broken = eventsOf(await probeMedia(clip('testvideo.mp4')), { inference: bench.inference, library: bench.library('stopped'), signal: stop.signal }, (event) => {
      if (event.type !== 'progress' || at > 0) return;
      at = performance.now();
      stop.abort();
    });
    await expect(broken).rejects.toBeInstanceOf(CancelledError);
    // Within a second on a machine that has nothing else to do; the rest is for one busy with other tests. The whole film takes longer.
    expect(performance.now() - at).toBeLessThan(3000);
    expect(runningChildren()).toEqual([]);
  });

  it('stops when its reader leaves', async () => {
    const { analyze } = await import('./analyze.ts');
    for await (const event of analyze(bikes, { stages: ALL, inference: bench.inference, library: bench.library('left') })) {
      if (event.type === 'preview') break;
    }
    await vi.waitFor(() => expect(runningChildren()).toEqual([]), 1000);
  });
});

describe('what goes wrong', () => {
  let single: string;
  beforeAll(() => {
    single = join(bench.folder, 'single.mp4');
    ffmpeg('-i', clip('bikes.mp4'), '-frames:v', '1', single);
  });

  it('refuses a file without video', async () => {
    const media = await probeMedia(clip('jfk.flac'));
    await expect(eventsOf(media, { inference: bench.inference, library: bench.library('none') })).rejects.toMatchObject({ code: 'no_video' });
    await expect(eventsOf(media, { inference: bench.inference, library: bench.library('none') })).rejects.toBeInstanceOf(ExpectedError);
  });

  it('goes on without a library that fails, and says once that nothing is saved', async () => {
    const fail = (): never => {
      throw new ExpectedError('disk_full');
    };
    const broken: Library = Object.assign(Object.create(bench.library('whole')) as Library, { getStage: () => null, append: fail, putPicture: fail, completeStage: fail, clearStage: fail });
    const events = await eventsOf(bikes, { inference: bench.inference, library: broken });
    expect(results(events)).toEqual(results(whole));
    expect(events.filter((event) => event.type === 'warning')).toEqual([{ type: 'warning', code: 'not_saved', params: { name: 'bikes.mp4' } }]);
  });

  it('analyses around damage in the middle, and says where it was', async () => {
    const path = join(bench.folder, 'damaged.ts');
    ffmpeg('-i', clip('bikes.mp4'), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-an', path);
    const bytes = readFileSync(path);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0x5a, middle, middle + 60_000);
    writeFileSync(path, bytes);
    const events = await eventsOf(await probeMedia(path), { inference: bench.inference, library: bench.library('damaged') });
    const damage = events.find((event) => event.type === 'warning' && event.code === 'damaged_part');
    expect(damage).toMatchObject({ params: { name: 'damaged.ts', from: expect.stringMatching(/^\d+:\d\d\.\d$/) as string, to: expect.stringMatching(/^\d+:\d\d\.\d$/) as string } });
    expect(shots(events)[0]).toMatchObject({ startFrame: 0, endFrame: 30 });
    expect(shots(events).length).toBeGreaterThan(3);
    expect(finished(events)).toMatchObject({ type: 'done' });
    expect(readFileSync(path).equals(bytes)).toBe(true);

    // Told again when everything comes from the library, under the name that the file has now, whatever is asked for.
    const moved = { ...(await probeMedia(path)), name: 'moved.ts' };
    const again = await eventsOf(moved, { inference: bench.inference, library: bench.library('damaged'), stages: ['keyframes'] });
    expect(finished(again)).toMatchObject({ type: 'done', cached: true });
    expect(warnings(again)).toEqual(warnings(events).map((event) => ({ ...event, params: { ...event.params, name: 'moved.ts' } })));

    // An interrupted run passes on what it met before the place where the next one begins.
    const stop = new AbortController();
    const [media, library] = [await probeMedia(path), bench.library('damaged-interrupted')];
    const broken = eventsOf(media, { inference: bench.inference, library, signal: stop.signal }, (event) => {
      if (event.type === 'shot' && event.index === shots(events).length - 2) stop.abort();
    });
    await expect(broken).rejects.toBeInstanceOf(CancelledError);
    // Where damage ends is a frame sooner or later from decode to decode, as ffmpeg's threads complain beside the frames: what this run met is what must be told.
    const stored = library.getStage((await stageKeys(media, bench.inference, DEFAULT_SAMPLE_INTERVAL)).shots);
    const { damaged = [] } = stored?.checkpoint as { damaged?: { from: Flicks; to: Flicks }[] };
    const met = damaged.map(({ from, to }) => ({ type: 'warning', code: 'damaged_part', params: { name: 'damaged.ts', from: formatClock(from, 1), to: formatClock(to, 1) } }));
    const rest = await eventsOf(media, { inference: bench.inference, library });
    expect(warnings(rest)).toEqual(stored?.complete ? warnings(stored.events) : met);
    expect(warnings(rest).map(({ code }) => code)).toEqual(warnings(events).map(({ code }) => code));
    expect(shots(rest)).toEqual(shots(events));
  });

  it('says each time that a file ends before its promised length', async () => {
    const [complete, path] = [join(bench.folder, 'complete.mkv'), join(bench.folder, 'short-of-end.mkv')];
    ffmpeg('-i', clip('bikes.mp4'), '-c', 'copy', complete);
    const bytes = readFileSync(complete);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const media = await probeMedia(path);
    const events = await eventsOf(media, { inference: bench.inference, library: bench.library('ends-early') });
    expect(warnings(events).map((event) => event.code)).toContain('ends_early');
    const again = await eventsOf(media, { inference: bench.inference, library: bench.library('ends-early') });
    expect(finished(again)).toMatchObject({ cached: true });
    expect(warnings(again)).toEqual(warnings(events));
  });

  it('says when a provider failed and the CPU took over', async () => {
    const failing: Inference = Object.assign(Object.create(bench.inference) as Inference, {
      open: async (model: string, options: OpenModelOptions) => {
        if (model === 'blazeface') options.onFallback?.('webgpu', 'device lost');
        return bench.inference.open(model, options);
      },
    });
    const media = await probeMedia(single);
    const events = await eventsOf(media, { inference: failing, library: bench.library('fallback') });
    expect(events.filter((event) => event.type === 'warning')).toEqual([{ type: 'warning', code: 'provider_fell_back', params: { from: 'webgpu', reason: 'device lost' } }]);
    expect(results(events)).toEqual(results(await eventsOf(media, { inference: bench.inference, library: bench.library('single') })));
  });

  it('takes shot times from the frames of a file with a variable rate', async () => {
    const path = join(bench.folder, 'variable.mkv');
    ffmpeg('-i', clip('bikes.mp4'), '-t', '6.4', '-vf', "select='lt(n,60)+gt(mod(n,3),0)',setpts='PTS+0.004/TB*mod(N,3)'", '-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', path);
    const events = await eventsOf(await probeMedia(path), { inference: bench.inference, library: bench.library('variable') });
    const times = frameTimes(path);
    expect(shots(events)).toHaveLength(4);
    for (const shot of shots(events)) {
      expect(toSeconds(shot.start)).toBeCloseTo(times[shot.startFrame] ?? -1, 6);
      if (shot.endFrame < times.length) expect(toSeconds(shot.end)).toBeCloseTo(times[shot.endFrame] ?? -1, 6);
    }
    for (const keyframe of keyframes(events)) expect(toSeconds(keyframe.time)).toBeCloseTo(times[keyframe.frame] ?? -1, 6);
  });

  it('makes one shot with a keyframe of a single frame', async () => {
    const events = await eventsOf(await probeMedia(single), { inference: bench.inference, library: bench.library('single') });
    expect(shots(events)).toMatchObject([{ startFrame: 0, endFrame: 1, transitionIn: 'start' }]);
    expect(keyframes(events)).toMatchObject([{ shot: 0, frame: 0 }]);
  });
});
