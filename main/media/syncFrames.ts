/** Where a video can be cut or sought, and the exact times of single frames. All times are the file's own. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, frameDuration, fromSeconds, subtract, type Flicks } from '../../shared/time.ts';
import { readFrameTimes, readPackets } from './packets.ts';

export interface TimesOptions {
  signal?: AbortSignal;
}

/** A seek may land on a sync frame whose decoding, not presentation, is before the time asked for. */
const SEEK_SLACK = fromSeconds(0.5);

function videoOf(media: Media): VideoStream {
  if (!media.video) throw new ExpectedError('no_video', { name: media.name });
  return media.video;
}

/**
 * Presentation times of the video's sync frames, in order. One pass over the file, without decoding.
 * Throws ExpectedError no_video and by `classifyFailure`; CancelledError.
 */
export async function syncFrames(media: Media, options: TimesOptions = {}): Promise<Flicks[]> {
  const video = videoOf(media);
  const times: Flicks[] = [];
  for await (const packet of readPackets(media, video, { from: null, to: null }, options.signal)) {
    if (packet.isSync && packet.time !== null) times.push(packet.time);
  }
  return inOrder(times);
}

/**
 * Presentation times of all frames in from <= time < to, in order: exact for variable rates too. Read from the
 * packets, or by decoding where the container gives packets no times. Throws as `syncFrames`.
 */
export async function frameTimes(media: Media, from: Flicks, to: Flicks, options: TimesOptions = {}): Promise<Flicks[]> {
  const video = videoOf(media);
  const start = subtract(from, SEEK_SLACK);
  // Packets come in decoding order: one beyond `to` may precede up to 16 that are not.
  const reorder = Math.max(FLICKS_PER_SECOND, 16 * frameDuration(video.frameRate));
  const interval = { from: start > media.startTime ? start : null, to: add(to, flicks(reorder)) };
  const times: Flicks[] = [];
  let timed = true;
  for await (const packet of readPackets(media, video, interval, options.signal)) {
    timed = packet.time !== null;
    if (packet.time === null) break;
    if (packet.time >= from && packet.time < to) times.push(packet.time);
  }
  if (timed) return inOrder(times);
  times.length = 0;
  for await (const time of readFrameTimes(media, video, { from: null, to: interval.to }, options.signal)) {
    if (time >= from && time < to) times.push(time);
  }
  return inOrder(times);
}

/** Time of the frame shown at `time`: the last that begins at or before it, else the first of all; null when none is found. */
export async function frameShownAt(media: Media, time: Flicks, options: TimesOptions = {}): Promise<Flicks | null> {
  const after = add(time, flicks(1));
  for (const seconds of [1, 10, 120]) {
    const from = subtract(time, fromSeconds(seconds));
    const shown = (await frameTimes(media, from, after, options)).at(-1);
    if (shown !== undefined) return shown;
    if (from <= media.startTime) break;
  }
  const before = (await frameTimes(media, flicks(Math.min(0, media.startTime)), after, options)).at(-1);
  if (before !== undefined) return before;
  return (await frameTimes(media, time, add(time, fromSeconds(10)), options))[0] ?? null;
}

/**
 * Time of the frame `by` frames after (negative: before) the one shown at `time`; null when there are not so many.
 * Throws as `syncFrames`.
 */
export async function stepFrame(media: Media, time: Flicks, by: number, options: TimesOptions = {}): Promise<Flicks | null> {
  const video = videoOf(media);
  const usual = Math.max(FLICKS_PER_SECOND, 2 * Math.abs(by) * frameDuration(video.frameRate));
  // Nearly always one look around is enough.
  const around = await frameTimes(media, subtract(time, flicks(usual)), add(time, flicks(usual)), options);
  const at = around.findLastIndex((each) => each <= time);
  const near = at < 0 ? undefined : around[at + by];
  return near ?? stepFar(media, time, by, 8 * usual, options);
}

/** As `stepFrame`, over long gaps and at the ends: in the direction of the step, further each time. */
async function stepFar(media: Media, time: Flicks, by: number, reach: number, options: TimesOptions): Promise<Flicks | null> {
  const shown = await frameShownAt(media, time, options);
  if (shown === null || by === 0) return shown;
  const end = media.duration === null ? null : add(add(media.startTime, media.duration), flicks(FLICKS_PER_SECOND));
  for (let span = reach; span < 8 * 86_400 * FLICKS_PER_SECOND; span *= 8) {
    const from = by > 0 ? shown : subtract(shown, flicks(span));
    const to = by > 0 ? add(shown, flicks(span)) : add(shown, flicks(1));
    const times = await frameTimes(media, from, to, options);
    const wanted = times[by > 0 ? by : times.length - 1 + by];
    if (wanted !== undefined) return wanted;
    if (by < 0 ? from < Math.min(0, media.startTime) : end !== null && to > end) return null;
  }
  return null;
}

/** Sorted, each once. */
function inOrder(times: Flicks[]): Flicks[] {
  times.sort((a, b) => a - b);
  return times.filter((time, index) => index === 0 || time !== times[index - 1]);
}
