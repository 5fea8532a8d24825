/** Single frames of a video as pixels, as shown: turned and with square pixels. */
import { ExpectedError } from '../../../shared/errors.ts';
import type { Media } from '../../../shared/media.ts';
import type { Flicks } from '../../../shared/time.ts';
import { fitWithin } from '../../media/forms.ts';
import { grabExactly, grabPictures, seekOptions } from '../../media/grab.ts';
import type { RgbPicture } from './types.ts';

/** Pixels of the long side, at most: small print of a 1080p slide is still read, at half the cost. */
export const READ_SIDE = 1280;

export interface FrameWanted {
  time: Flicks;
  /** True: a frame has exactly this time. False: the first frame from there on will do. */
  exact: boolean;
}

/** The frame, never enlarged; null when it can't be decoded. Throws ExpectedError no_video and by `classifyFailure`; CancelledError. */
export async function rgbFrame(media: Media, { time, exact }: FrameWanted, signal: AbortSignal): Promise<RgbPicture | null> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const size = fitWithin(video, READ_SIDE, true);
  const common = { size, format: 'rgb24', threads: 1, signal } as const;
  const found = exact
    ? await grabExactly(media, video, [time], common)
    : await grabPictures(media, video, { ...common, input: seekOptions(media, time > media.startTime ? time : null), select: '', limit: 1 });
  const pixels = found[0]?.data;
  return pixels?.length === size.width * size.height * 3 ? { ...size, pixels } : null;
}
