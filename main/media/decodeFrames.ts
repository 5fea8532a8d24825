/** One frame at a time: as a picture, or in the forms that models take. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import { startDecodeRun, type SampleForms } from './decodeRun.ts';
import { exactly, fitWithin, needsToneMap, sizeAtHeight } from './forms.ts';
import { grabExactly, grabPictures, seeksBefore, seekToSync, type Picture } from './grab.ts';
import { frameShownAt } from './syncFrames.ts';

export interface FrameAtOptions {
  /** Height in pixels, or `side`: the most for the long side (never enlarged); neither: the size as shown. */
  height?: number;
  side?: number;
  /** The very frame shown at that time (default), or the nearest sync frame before it, which is faster. */
  exact?: boolean;
  format?: 'jpeg' | 'png';
  /** JPEG quality on ffmpeg's scale: 2 (best) to 31; 4 when left out. */
  quality?: number;
  signal?: AbortSignal;
}

/**
 * The frame shown at a time, as displayed (turned, square pixels), with its own time; null when there is none.
 * Throws ExpectedError no_video and by `classifyFailure`; CancelledError.
 */
export async function frameAt(media: Media, time: Flicks, options: FrameAtOptions = {}): Promise<Picture | null> {
  const video = videoOf(media);
  const common = { size: sizeOf(video, options), format: options.format ?? 'jpeg', quality: options.quality, threads: 1, signal: options.signal } as const;
  if (options.exact === false) {
    const [picture] = await grabPictures(media, video, { ...common, input: seekToSync(media, time), select: '', limit: 1 });
    // Some files mark no frame as a sync frame.
    if (picture) return picture;
  }
  const shown = await frameShownAt(media, time, { signal: options.signal });
  if (shown === null) return null;
  const [picture] = await grabExactly(media, video, [shown], common);
  return picture ?? null;
}

/** The frame shown at a time in all the forms of a sample; null when there is none. Throws as `frameAt`. */
export async function sampleAt(media: Media, time: Flicks, options: { signal?: AbortSignal } = {}): Promise<SampleForms | null> {
  const video = videoOf(media);
  const shown = await frameShownAt(media, time, options);
  if (shown === null) return null;
  for (const seek of seeksBefore(media, shown)) {
    const forms = await sampleFrom(media, video, shown, seek, options.signal);
    if (forms) return forms;
  }
  return null;
}

async function sampleFrom(media: Media, video: VideoStream, shown: Flicks, seek: Flicks | null, signal?: AbortSignal): Promise<SampleForms | null> {
  const found: SampleForms[] = [];
  const toneMap = await needsToneMap(video);
  const run = await startDecodeRun(media, video, { small: false, sampling: exactly(video, [shown]), seek, last: shown, toneMap, signal }, {
    onTime: () => undefined,
    onSmall: () => undefined,
    onLog: () => undefined,
    onSample: (forms) => found.push(forms),
  });
  await run.done;
  return found[0] ?? null;
}

function videoOf(media: Media): VideoStream {
  if (!media.video) throw new ExpectedError('no_video', { name: media.name });
  return media.video;
}

function sizeOf(video: VideoStream, options: FrameAtOptions): { width: number; height: number } {
  if (options.height !== undefined) return sizeAtHeight(video, options.height);
  if (options.side !== undefined) return fitWithin(video, options.side, true);
  return { width: video.displayWidth, height: video.displayHeight };
}
