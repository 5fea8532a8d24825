/**
 * Export is a plan first: which segments are copied, which are encoded, and why. Plain data from plain facts, without ffmpeg;
 * `runExport` carries it out.
 */
import { ExpectedError } from '../../shared/errors.ts';
import type { CutMode, PlannedSegment } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { RenderRequest } from '../../shared/style/types.ts';
import { clampTime, flicks, FLICKS_PER_SECOND, frameDuration, toSeconds, type Flicks } from '../../shared/time.ts';
import { cutTolerance } from '../media/tolerance.ts';
import { audioStreams, canHoldVideo, containerFor, holdsAudio, holdsVideo, type Container } from './containers.ts';
import { cleanCutAfter, cutPointAt, syncFrameBefore, type MediaFacts } from './cutPoints.ts';
import { joinFormat, type JoinFormat } from './joinFormat.ts';
import { containerWithAlpha, renderRequestOf, requireAlpha, shownMedia, type RangeStyle } from './styled.ts';

export interface ExportRange extends RangeStyle {
  media: MediaId;
  /** In the media's own time; end exclusive. */
  start: Flicks;
  end: Flicks;
  name: string;
}

export interface ExportOptions {
  join: boolean;
  mode: CutMode;
  /** From the target's extension; without it the first source's own. */
  container?: Container;
  /** The target, for the sentence about what its container can't hold. */
  path?: string;
  /** Captions are drawn into the pictures, which must be encoded then. */
  burn?: boolean;
}

/** A segment as the person sees it, and what exactly is written: frames from `from` on, before `to`. */
export interface ExportSegment extends PlannedSegment {
  name: string;
  from: Flicks;
  to: Flicks;
  /** Time of a long-held frame that is on screen when the segment begins; shown from `from` on. Encoded segments only. */
  held: Flicks | null;
  /** Sync frame to start reading at; null when none is known. */
  decodeFrom: Flicks | null;
  /** What is done to its pictures before; null: nothing. */
  render: RenderRequest | null;
  /** The file with its pictures once that is done: on the source's clock. */
  rendered: Media | null;
}

export interface ExportPlan {
  join: boolean;
  mode: CutMode;
  container: Container;
  segments: ExportSegment[];
  sources: Media[];
  /** What joined segments are encoded to; null unless they are joined and encoded. */
  format: JoinFormat | null;
}

/** A range may end this much after the media does: durations of container and streams differ that much. */
const END_SLACK = FLICKS_PER_SECOND;

/**
 * Plans an export. `facts` holds every media of `ranges`. Modes: `copy` begins at the sync frame at or before the start (and says
 * so), `exact` encodes, `auto` copies what a copy gives exactly and encodes the rest. Joined, all are copied or all encoded. Pictures
 * with captions drawn into them are encoded in every mode, and so are those that are rendered.
 * Throws ExpectedError: nothing_selected, range_invalid, range_outside, alpha_needs_container.
 */
export function planExport(ranges: readonly ExportRange[], options: ExportOptions, facts: readonly MediaFacts[]): ExportPlan {
  const [first] = ranges;
  if (!first) throw new ExpectedError('nothing_selected');
  const container = options.container ?? containerWithAlpha(ranges, containerFor(factsOf(first, facts).media));
  requireAlpha(ranges, container, options.path ?? null);
  const segments = ranges.map((range) => planSegment(range, options, container, factsOf(range, facts)));
  const joined = options.join && segments.length > 1;
  const decided = joined ? decideJoined(segments, options.mode, facts) : segments;
  const encoded = joined && decided.some((segment) => segment.how === 'encode');
  const clips = decided.map((segment) => factsOf(segment, facts));
  return {
    join: joined,
    mode: options.mode,
    container,
    sources: [...new Map(clips.map(({ media }) => [media.id, media])).values()],
    segments: decided.map((segment, i) => ({ ...segment, decodeFrom: startOfReading(segment, clips[i]) })),
    format: encoded ? joinFormat(clips.map(({ media }) => media), container) : null,
  };
}

/** The plan once its pictures are rendered. `rendered`: by segment. Joined clips go by the first one's pictures as they are now. */
export function withRendered(plan: ExportPlan, rendered: ReadonlyMap<ExportSegment, Media>): ExportPlan {
  if (rendered.size === 0) return plan;
  const segments = plan.segments.map((segment) => ({ ...segment, rendered: rendered.get(segment) ?? null }));
  const shown = segments.map((segment) => shownMedia(segment, sourceOf(plan, segment)));
  return { ...plan, segments, format: plan.format && joinFormat(shown, plan.container) };
}

/**
 * Where to start reading. In Matroska and transport streams H.264 marks places where the picture is refreshed gradually as sync
 * frames too, and it is whole only a while later: encoding starts one earlier there. (MP4 marks none of these.)
 */
function startOfReading(segment: ExportSegment, facts: MediaFacts | undefined): Flicks | null {
  if (!facts) return null;
  const first = segment.held ?? segment.from;
  const gradual = segment.how === 'encode' && facts.media.video?.codec === 'h264' && !facts.media.format.includes('mp4');
  const earlier = gradual ? syncFrameBefore(flicks(first - FLICKS_PER_SECOND), facts.syncTimes) : null;
  return earlier ?? syncFrameBefore(first, facts.syncTimes);
}

export function sourceOf(plan: ExportPlan, segment: ExportSegment): Media {
  const media = plan.sources.find((each) => each.id === segment.media);
  if (!media) throw new Error(`no source ${segment.media} in the plan`);
  return media;
}

/** The part of a plan that the person is shown. */
export function plannedSegments(plan: ExportPlan): PlannedSegment[] {
  return plan.segments.map(({ media, start, end, how, why, actualStart, actualEnd }) => ({ media, start, end, how, why, actualStart, actualEnd }));
}

function factsOf(range: { media: MediaId }, facts: readonly MediaFacts[]): MediaFacts {
  const found = facts.find((each) => each.media.id === range.media);
  if (!found) throw new Error(`no facts about ${range.media}`);
  return found;
}

function planSegment(given: ExportRange, { mode, burn }: ExportOptions, container: Container, facts: MediaFacts): ExportSegment {
  const { effect: _effect, picture: _picture, ...range } = given;
  const clamped = checkRange(range, facts.media);
  const render = renderRequestOf(given, facts.media, container);
  if (!facts.media.video || !canHoldVideo(container)) return planSound(clamped, mode, container, facts.media);
  const encoded = encodedSegment(clamped, facts);
  if (render) return { ...encoded, why: 'styled', render };
  const reason = burn ? 'captions_burned_in' : reasonToEncode(mode, container, facts);
  if (reason) return { ...encoded, why: reason };
  if (mode === 'copy') return copiedSegment(clamped, encoded, facts);
  const tolerance = cutTolerance(facts.media);
  const start = cutPointAt(clamped.start, facts.packets, tolerance);
  if (!start.sync || encoded.held !== null) return { ...encoded, why: 'starts_between_sync_frames' };
  if (!cutPointAt(clamped.end, facts.packets, tolerance).clean) return { ...encoded, why: 'ends_among_reordered_frames' };
  return { ...encoded, how: 'copy', why: 'starts_on_sync_frame' };
}

/** The range within the media. Throws range_invalid and range_outside. */
function checkRange(range: ExportRange, media: Media): ExportRange {
  if (range.start >= range.end) throw new ExpectedError('range_invalid', { start: toSeconds(range.start), end: toSeconds(range.end) });
  if (media.duration === null) return range;
  const low = media.startTime;
  const high = flicks(media.startTime + media.duration);
  if (range.start >= high || range.end <= low || range.end > high + END_SLACK) {
    throw new ExpectedError('range_outside', { name: media.name, start: toSeconds(range.start), end: toSeconds(range.end), duration: toSeconds(media.duration) });
  }
  return { ...range, start: clampTime(range.start, low, high), end: clampTime(range.end, low, high) };
}

function reasonToEncode(mode: CutMode, container: Container, { media, timesUnknown }: MediaFacts): PlannedSegment['why'] | null {
  if (mode === 'exact') return 'asked_exact';
  if (timesUnknown) return 'times_unknown';
  const fits = (!media.video || holdsVideo(container, media.video)) && audioStreams(media).every((stream) => holdsAudio(container, stream));
  return fits ? null : 'codec_not_copyable';
}

/** Sound alone is copied only when asked: its packets hold 20 to 40 ms, so a copy can't begin at the very sample. */
function planSound(range: ExportRange, mode: CutMode, container: Container, media: Media): ExportSegment {
  const fits = audioStreams(media).every((stream) => holdsAudio(container, stream));
  const copy = mode === 'copy' && fits;
  const why = copy ? 'asked_copy' : mode === 'copy' ? 'codec_not_copyable' : mode === 'exact' ? 'asked_exact' : 'audio_only';
  return { ...range, how: copy ? 'copy' : 'encode', why, actualStart: null, actualEnd: null, from: range.start, to: range.end, held: null, decodeFrom: null, render: null, rendered: null };
}

/** The frames that an exact segment holds: those shown first in [start, end), with the picture held over the start. */
function encodedSegment(range: ExportRange, facts: MediaFacts): ExportSegment {
  const { packets, media } = facts;
  const tolerance = cutTolerance(media);
  const twoFrames = media.video && media.video.frameRate.num > 0 ? 2 * frameDuration(media.video.frameRate) : 0;
  const near = (time: Flicks, frame: Flicks | null): boolean => frame !== null && frame - time <= twoFrames;
  const start = cutPointAt(range.start, packets, tolerance).frame;
  const end = cutPointAt(range.end, packets, tolerance).frame;
  const from = start !== null && near(range.start, start) ? start : range.start;
  const to = end !== null && near(range.end, end) ? end : range.end;
  const held = from === start ? null : shownAt(range.start, packets);
  const empty = { name: media.name, start: toSeconds(range.start), end: toSeconds(range.end), duration: toSeconds(media.duration ?? range.end) };
  if (packets.length > 0 && (from >= to || (held === null && from !== start))) throw new ExpectedError('range_outside', empty);
  return { ...range, how: 'encode', why: 'asked_exact', actualStart: null, actualEnd: null, from, to, held, decodeFrom: null, render: null, rendered: null };
}

/** Time of the frame on screen at `time`; null before the first. */
function shownAt(time: Flicks, packets: MediaFacts['packets']): Flicks | null {
  return packets.reduce<Flicks | null>((latest, packet) => (packet.time <= time && (latest === null || packet.time > latest) ? packet.time : latest), null);
}

/** `copy` as asked: from the sync frame at or before the start to the first clean cut at or after the end. */
function copiedSegment(range: ExportRange, encoded: ExportSegment, facts: MediaFacts): ExportSegment {
  const tolerance = cutTolerance(facts.media);
  const exactStart = encoded.held ?? encoded.from;
  const from = syncFrameBefore(exactStart, facts.syncTimes) ?? flicks(facts.syncTimes[0] ?? exactStart);
  const clean = cutPointAt(range.end, facts.packets, tolerance).clean;
  const to = clean ? encoded.to : (cleanCutAfter(range.end, facts.packets, tolerance) ?? encoded.to);
  return {
    ...encoded,
    how: 'copy',
    why: from === exactStart && clean ? 'starts_on_sync_frame' : 'asked_copy',
    actualStart: from === encoded.from ? null : from,
    actualEnd: to === encoded.to ? null : to,
    from,
    to,
    held: null,
  };
}

/** Joined segments make one stream: copied only when all can be and their parameters match. */
function decideJoined(segments: ExportSegment[], mode: CutMode, facts: readonly MediaFacts[]): ExportSegment[] {
  const parameters = new Set(segments.map((segment) => factsOf(segment, facts).parameters));
  const allCopied = segments.every((segment) => segment.how === 'copy');
  if (allCopied && parameters.size === 1) return segments;
  return segments.map((segment) => {
    if (segment.how === 'encode') return segment;
    const source = factsOf(segment, facts);
    const { media, start, end, name } = segment;
    const exact = source.media.video ? encodedSegment({ media, start, end, name }, source) : { ...segment, how: 'encode' as const };
    return { ...exact, why: parameters.size > 1 && (mode === 'copy' || allCopied) ? 'joined_sources_differ' : 'joined_must_encode' };
  });
}
