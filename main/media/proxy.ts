/** A form of a media that Chromium plays and seeks well: H.264 4:2:0 and AAC in mp4, at most 1280 pixels on the long side. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ProgressEvent } from '../../shared/events.ts';
import { ExpectedError, isCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { FLICKS_PER_SECOND, toSeconds } from '../../shared/time.ts';
import { encodeArguments, lifeline, type FfmpegCommand } from './command.ts';
import { fitWithin, matrixOf, needsToneMap, pictureFilters } from './forms.ts';
import { probeMedia } from './probe.ts';
import { fileUrl, pipeName, startTool } from './process.ts';
import { ProgressReader, progressOptions } from './progress.ts';

const PROXY_SIDE = 1280;
/** Frames between sync frames: a seek decodes at most half a second. */
const SYNC_DISTANCE = 12;

export interface ProxyOptions {
  signal?: AbortSignal;
  onProgress?: (progress: ProgressEvent) => void;
}

/**
 * Writes the proxy to `target` (an .mp4 in the cache): to a temporary file beside it, verified, then renamed; on failure or
 * cancel nothing is left. Each frame keeps its time: a frame of the media at `time` is at time - media.startTime in the
 * proxy, which is also how a player counts the media itself. Rotation, pixel aspect and HDR are applied to the pixels.
 *
 * Throws ExpectedError disk_full, target_not_writable, encoder_missing, file_damaged, verify_failed…; CancelledError.
 */
export async function makeProxy(media: Media, target: string, options: ProxyOptions = {}): Promise<void> {
  const partial = join(dirname(target), `.${randomBytes(6).toString('hex')}-${basename(target)}`);
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => {
    throw new ExpectedError('target_not_writable', { name: basename(dirname(target)) }, { cause: error });
  });
  try {
    await encode(media, partial, options);
    await verify(media, partial, options.signal);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

async function encode(media: Media, partial: string, options: ProxyOptions): Promise<void> {
  const toneMap = media.video !== null && (await needsToneMap(media.video));
  const args = encodeArguments([media.path], (command) => describe(command, media, partial, toneMap));
  const watched = media.video?.index ?? media.audio?.index ?? 0;
  const run = await startTool('ffmpeg', [...progressOptions(pipeName(0)), ...args, ...lifeline(watched, 1)], {
    pipes: 2,
    signal: options.signal,
    name: media.name,
    target: partial,
    targetName: media.name,
  });
  const reader = new ProgressReader(({ seconds, speed }) => {
    if (seconds !== null) options.onProgress?.(progressEvent(media, seconds, speed));
  });
  run.pipes[0]?.on('data', (chunk: Buffer) => reader.push(chunk));
  run.pipes[1]?.resume();
  await run.done;
}

function describe(command: FfmpegCommand, media: Media, partial: string, toneMap: boolean): void {
  const { video, audio } = media;
  command.inputOptions(['-max_error_rate', '1']);
  command.output(fileUrl(partial));
  if (video) {
    const { num, den } = video.timeBase;
    const tag = colourTag(video, toneMap);
    command
      .outputOptions(['-map', `0:${video.index}`, '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`])
      .videoCodec('libx264')
      .videoFilters(videoFilters(video, toneMap))
      // No B-frames: less to decode for a seek, and no frame waits for a later one.
      .outputOptions(['-preset', 'veryfast', '-crf', '23', '-g', String(SYNC_DISTANCE), '-bf', '0', '-pix_fmt', 'yuv420p', ...(tag === null ? [] : ['-colorspace', tag, '-color_primaries', tag, '-color_trc', tag])]);
  } else {
    command.noVideo();
  }
  if (audio) {
    command
      .outputOptions(['-map', `0:${audio.index}`])
      .audioCodec('aac')
      .audioBitrate('160k')
      .audioChannels(Math.min(2, Math.max(1, audio.channels)))
      .audioFilters('aresample=async=1:min_hard_comp=0.1:first_pts=0');
  } else {
    command.noAudio();
  }
  command.outputOptions(['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart']).format('mp4');
}

function videoFilters(video: VideoStream, toneMap: boolean): string[] {
  const interlaced = video.fieldOrder !== null && video.fieldOrder !== 'progressive';
  const picture = pictureFilters(video, fitWithin(video, PROXY_SIDE, true), toneMap);
  const tag = colourTag(video, toneMap);
  const tagged = tag === null ? [] : [`setparams=color_primaries=${tag}:color_trc=${tag}:colorspace=${tag}`];
  return [...(interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []), picture, ...tagged];
}

/**
 * A smaller picture must not make a player guess another matrix than the one its pixels were made with. Both as a filter and as
 * options: ffmpeg 5 takes the encoder's tags from the options, later versions from the frames.
 */
function colourTag(video: VideoStream, toneMap: boolean): string | null {
  if (!toneMap && video.colour.space !== null) return null;
  return toneMap || matrixOf(video) === 'bt709' ? 'bt709' : 'smpte170m';
}

function progressEvent(media: Media, seconds: number, speed: number | null): ProgressEvent {
  const total = media.duration === null ? null : toSeconds(media.duration);
  const eta = total === null || speed === null || speed <= 0 ? null : Math.max(0, total - seconds) / speed;
  return { type: 'progress', stage: 'proxy', done: total === null ? seconds : Math.min(seconds, total), total, unit: 'seconds', rate: speed ?? 0, eta };
}

/** The proxy must have what it was made for, be playable, and be about as long as the media said it is. */
async function verify(media: Media, partial: string, signal?: AbortSignal): Promise<void> {
  const made = await probeMedia(partial, { signal }).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    throw new ExpectedError('verify_failed', { name: media.name, what: error instanceof ExpectedError ? error.code : 'probe' }, { cause: error });
  });
  const fail = (what: string): never => {
    throw new ExpectedError('verify_failed', { name: media.name, what });
  };
  if (media.video !== null && made.video === null) fail('video');
  if (media.audio !== null && made.audio === null) fail('audio');
  if (made.playability.how !== 'direct') fail('codec');
  if ((made.duration ?? 0) < FLICKS_PER_SECOND / 1000) fail('duration');
}
