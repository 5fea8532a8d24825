import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpectedCode } from '../../shared/errors.ts';
import { ExpectedError } from '../../shared/errors.ts';
import type { CutMode } from '../../shared/ipc/engine.ts';
import type { AudioStream, Media, VideoStream } from '../../shared/media.ts';
import { effectOf } from '../../shared/style/effect.ts';
import type { ClipEffect } from '../../shared/style/types.ts';
import { flicks, FLICKS_PER_SECOND, ZERO, type Flicks } from '../../shared/time.ts';
import { cutTolerance } from '../media/tolerance.ts';
import { cleanCutAfter, cutPointAt, syncFrameBefore, type FramePacket, type MediaFacts } from './cutPoints.ts';
import { CONTAINERS, type Container } from './containers.ts';
import { plannedSegments, planExport, withRendered, type ExportPlan } from './plan.ts';

const FRAME = FLICKS_PER_SECOND / 25;
const t = (frames: number): Flicks => flicks(Math.round(frames * FRAME));

const video: VideoStream = {
  kind: 'video', index: 0, codec: 'h264', profile: 'High', width: 640, height: 360, displayWidth: 640, displayHeight: 360, rotation: 0,
  sampleAspect: { num: 1, den: 1 }, frameRate: { num: 25, den: 1 }, variableRate: false, timeBase: { num: 1, den: 12_800 }, pixelFormat: 'yuv420p',
  bitDepth: 8, hasAlpha: false, hdr: 'none', colour: { space: null, primaries: null, transfer: null, range: null }, fieldOrder: null,
  startTime: flicks(0), duration: t(250), frames: 250, bitRate: null, language: null, isDefault: true,
};
const audio: AudioStream = {
  kind: 'audio', index: 1, codec: 'aac', profile: 'LC', sampleRate: 48_000, channels: 2, channelLayout: 'stereo', startTime: flicks(0),
  duration: t(250), bitRate: null, language: null, isDefault: true,
};
const media = (change: Partial<Media> = {}): Media => ({
  id: 'a'.repeat(32), name: 'film.mp4', path: '/film.mp4', bytes: 1, modifiedMs: 0, format: 'mov,mp4,m4a,3gp,3g2,mj2', duration: t(250), startTime: flicks(0),
  streams: [video, audio], video, audio, playability: { how: 'direct' }, ...change,
});

/** Groups of `group` frames in the order I P B B, P B B…: each P is stored before the two frames shown before it. */
function packets(count: number, group: number): FramePacket[] {
  const order: number[] = [];
  for (let start = 0; start < count; start += group) {
    order.push(start);
    for (let p = start + 3; p < start + group; p += 3) order.push(p, p - 2, p - 1);
    for (let rest = start + 1 + 3 * Math.floor((group - 1) / 3); rest < start + group; rest += 1) order.push(rest);
  }
  return order.filter((n) => n < count).map((n) => ({ time: t(n), sync: n % group === 0 }));
}
const facts = (change: Partial<MediaFacts> = {}, of: Media = media()): MediaFacts => {
  const list = packets(250, 50);
  return { media: of, packets: list, syncTimes: list.filter(({ sync }) => sync).map(({ time }) => time), parameters: 'p', timesUnknown: false, ...change };
};
const range = (from: number, to: number, id = 'a') => ({ media: id.repeat(32), start: t(from), end: t(to), name: 'clip' });
const plan = (ranges: ReturnType<typeof range>[], mode: CutMode = 'auto', join = false, all: MediaFacts[] = [facts()]): ExportPlan => planExport(ranges, { join, mode }, all);
const how = (made: ExportPlan): string[] => made.segments.map((segment) => `${segment.how}:${segment.why}`);
const codeOf = (run: () => unknown): ExpectedCode | 'none' => {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpectedError) return error.code;
    throw error;
  }
  return 'none';
};

describe('cut points', () => {
  it('a copy may end where no frame shown earlier is stored later', () => {
    const list = packets(250, 50);
    const tolerance = cutTolerance(media());
    expect(cutPointAt(t(50), list, tolerance)).toEqual({ frame: t(50), sync: true, clean: true });
    // Stored I0 P3 B1 B2 P6 B4 B5: after frame 3 nothing earlier follows, after frame 2 frame 3 is already there.
    expect(cutPointAt(t(4), list, tolerance)).toMatchObject({ clean: true, sync: false });
    expect(cutPointAt(t(3), list, tolerance)).toMatchObject({ clean: false });
    expect(cutPointAt(t(999), list, tolerance)).toEqual({ frame: null, sync: false, clean: true });
  });

  it('the first clean cut is at or after the time, and really clean', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i), { minLength: 1 }), fc.nat(30), (order, at) => {
        const list = order.map((n) => ({ time: t(n), sync: false }));
        const cut = cleanCutAfter(t(at), list, 0);
        const clean = [...order].sort((a, b) => a - b).filter((n) => n >= at && cutPointAt(t(n), list, 0).clean);
        expect(cut).toBe(clean.length > 0 ? t(clean[0] ?? 0) : null);
      }),
    );
  });

  it('a time that is a hair off still means its frame', () => {
    const list = packets(100, 50);
    const hair = flicks(t(50) + Math.round(FLICKS_PER_SECOND * 0.0004));
    expect(cutPointAt(hair, list, cutTolerance(media())).frame).toBe(t(50));
    expect(cutPointAt(flicks(t(50) + FRAME / 4), list, cutTolerance(media())).frame).toBe(t(51));
  });

  it('sync frames are found by bisection', () => {
    expect(syncFrameBefore(t(49), [t(0), t(50), t(100)])).toBe(t(0));
    expect(syncFrameBefore(t(50), [t(0), t(50), t(100)])).toBe(t(50));
    expect(syncFrameBefore(t(-1), [t(0)])).toBeNull();
  });
});

describe('effects', () => {
  const VINTAGE = effectOf({ id: 'vintage' }, ZERO);
  const CUT_OUT: ClipEffect = { ...effectOf({ id: 'none' }, ZERO), background: { mode: 'remove' } };
  const styled = (from: number, to: number, effect: ClipEffect) => ({ ...range(from, to), effect });

  it('are encoded in every mode, and asked for with the range as it was given', () => {
    for (const mode of ['auto', 'copy', 'exact'] as const) expect(how(planExport([styled(50, 100, VINTAGE)], { join: false, mode, burn: true }, [facts()]))).toEqual(['encode:styled']);
    const beyond = planExport([styled(200, 255, VINTAGE)], { join: false, mode: 'auto' }, [facts()]);
    expect(beyond.segments[0]).toMatchObject({ end: t(250), render: { media: 'a'.repeat(32), start: t(200), end: t(255), effect: VINTAGE, picture: null }, rendered: null });
  });

  it('that do nothing, and those of sound, are none', () => {
    const off: ClipEffect = { ...VINTAGE, strength: [{ at: ZERO, value: 0 }] };
    expect(how(planExport([styled(50, 100, off)], { join: false, mode: 'auto' }, [facts()]))).toEqual(['copy:starts_on_sync_frame']);
    const silent = planExport([styled(50, 100, CUT_OUT)], { join: false, mode: 'auto', container: 'm4a' }, [facts()]);
    expect(silent.segments.map(({ why, render }) => [why, render])).toEqual([['audio_only', null]]);
  });

  it('of one make all joined clips encoded, and the first one’s rendered pictures give the format', () => {
    const planned = planExport([styled(0, 50, effectOf({ id: 'enhance' }, ZERO)), range(50, 100)], { join: true, mode: 'auto' }, [facts()]);
    expect(how(planned)).toEqual(['encode:styled', 'encode:joined_must_encode']);
    expect(planned.format?.video).toMatchObject({ width: 640, height: 360 });
    const [first, second] = planned.segments;
    if (!first || !second) throw new Error('two segments');
    const larger = media({ video: { ...video, width: 1280, height: 720, displayWidth: 1280, displayHeight: 720 } });
    expect(withRendered(planned, new Map([[first, larger]])).format?.video).toMatchObject({ width: 1280, height: 720 });
    expect(withRendered(planned, new Map([[second, larger]])).format?.video).toMatchObject({ width: 640, height: 360 });
  });

  it('that remove the background need a container that holds transparency', () => {
    const cut = (container?: Container) => codeOf(() => planExport([styled(0, 50, CUT_OUT)], { join: false, mode: 'auto', container }, [facts()]));
    expect(CONTAINERS.filter((container) => cut(container) !== 'none')).toEqual(['mp4', 'mkv']);
    expect(planExport([styled(0, 50, CUT_OUT)], { join: false, mode: 'auto' }, [facts()]).container).toBe('mov');
  });
});

describe('auto', () => {
  it('copies from a sync frame to a clean end, else encodes and says why', () => {
    expect(how(plan([range(50, 100)]))).toEqual(['copy:starts_on_sync_frame']);
    expect(how(plan([range(50, 54)]))).toEqual(['copy:starts_on_sync_frame']);
    expect(how(plan([range(51, 100)]))).toEqual(['encode:starts_between_sync_frames']);
    expect(how(plan([range(50, 53)]))).toEqual(['encode:ends_among_reordered_frames']);
    expect(how(plan([range(200, 250)]))).toEqual(['copy:starts_on_sync_frame']);
  });

  it('exact and unknown times encode; a codec that the container can’t hold is encoded', () => {
    expect(how(plan([range(50, 100)], 'exact'))).toEqual(['encode:asked_exact']);
    expect(how(plan([range(50, 100)], 'auto', false, [facts({ timesUnknown: true })]))).toEqual(['encode:times_unknown']);
    expect(planExport([range(50, 100)], { join: false, mode: 'copy', container: 'webm' }, [facts()]).segments[0]).toMatchObject({ how: 'encode', why: 'codec_not_copyable' });
  });

  it('frames of an encoded segment are those shown first within the range', () => {
    const segment = plan([{ ...range(51, 60), start: flicks(t(51) - FRAME / 2), end: flicks(t(60) - FRAME / 2) }]).segments[0];
    expect(segment).toMatchObject({ from: t(51), to: t(60), held: null, decodeFrom: t(50) });
  });
});

describe('copy', () => {
  it('begins at the sync frame before and ends at the next clean cut, and says so', () => {
    const [segment] = plannedSegments(plan([range(70, 80)], 'copy'));
    expect(segment).toMatchObject({ how: 'copy', why: 'asked_copy', start: t(70), end: t(80), actualStart: t(50), actualEnd: t(81) });
    expect(plannedSegments(plan([range(50, 100)], 'copy'))[0]).toMatchObject({ why: 'starts_on_sync_frame', actualStart: null, actualEnd: null });
  });

  it('never loses a frame that was asked for', () => {
    fc.assert(
      fc.property(fc.nat(240), fc.integer({ min: 1, max: 60 }), (start, length) => {
        const [segment] = plan([range(start, Math.min(250, start + length))], 'copy').segments;
        expect(segment?.from).toBeLessThanOrEqual(t(start));
        expect(segment?.to).toBeGreaterThanOrEqual(t(Math.min(250, start + length)));
        expect(packets(250, 50).some(({ time, sync }) => sync && time === segment?.from)).toBe(true);
      }),
    );
  });
});

describe('joined', () => {
  const other = facts({ parameters: 'q' }, media({ id: 'b'.repeat(32), name: 'other.mkv' }));

  it('is copied only when all can be and the parameters match', () => {
    expect(how(plan([range(50, 100), range(0, 50)], 'auto', true))).toEqual(['copy:starts_on_sync_frame', 'copy:starts_on_sync_frame']);
    expect(how(plan([range(50, 100), range(1, 50)], 'auto', true))).toEqual(['encode:joined_must_encode', 'encode:starts_between_sync_frames']);
    expect(how(plan([range(50, 100), range(0, 50, 'b')], 'auto', true, [facts(), other]))).toEqual(['encode:joined_sources_differ', 'encode:joined_sources_differ']);
  });

  it('encodes exactly what was asked, not what a copy would have given', () => {
    const made = plan([range(70, 81), range(0, 50, 'b')], 'copy', true, [facts(), other]);
    expect(made.segments[0]).toMatchObject({ how: 'encode', from: t(70), to: t(81), actualStart: null, actualEnd: null });
    expect(made.format?.video).toMatchObject({ width: 640, height: 360 });
  });

  it('one clip is not joined to anything', () => {
    expect(plan([range(51, 60)], 'auto', true)).toMatchObject({ join: false, format: null });
  });
});

describe('sound alone', () => {
  const sound = facts({ packets: [], syncTimes: [] }, media({ name: 'a.flac', format: 'flac', video: null, streams: [{ ...audio, codec: 'flac' }], audio: { ...audio, codec: 'flac' } }));
  it('is encoded to the sample, copied when asked, in the source’s container', () => {
    expect(how(plan([range(1, 9)], 'auto', false, [sound]))).toEqual(['encode:audio_only']);
    expect(how(plan([range(1, 9)], 'copy', false, [sound]))).toEqual(['copy:asked_copy']);
    expect(plan([range(1, 9)], 'auto', false, [sound]).container).toBe('flac');
  });
});

describe('refusals', () => {
  it('has a code for each', () => {
    expect(codeOf(() => plan([]))).toBe('nothing_selected');
    expect(codeOf(() => plan([range(5, 5)]))).toBe('range_invalid');
    expect(codeOf(() => plan([range(9, 5)]))).toBe('range_invalid');
    expect(codeOf(() => plan([range(251, 300)]))).toBe('range_outside');
    expect(codeOf(() => plan([range(10, 300)]))).toBe('range_outside');
    expect(codeOf(() => plan([range(10, 260)]))).toBe('none');
    expect(codeOf(() => plan([{ ...range(10, 11), start: flicks(t(10) + FRAME / 3), end: flicks(t(10) + FRAME / 2) }]))).toBe('range_outside');
  });
});
