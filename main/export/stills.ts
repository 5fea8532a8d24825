/** Keyframes as pictures: full resolution, as shown, the very frame. */
import { join } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { KeyframeEvent } from '../../shared/events.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { formatTimecode } from '../../shared/time.ts';
import { frameAt } from '../media/decodeFrames.ts';
import { freePath, safeName, stemOf } from './names.ts';
import { checkPicture } from './picture.ts';
import { progressEvent, type ProgressScope } from './progress.ts';
import { writeSafely } from '../media/safeFile.ts';

export interface StillsOptions {
  format: 'jpeg' | 'png';
  folder: string;
  /** Replace files of the same names; otherwise a name that is taken gets a number. */
  overwrite?: boolean;
  signal?: AbortSignal;
}

/** "film-shot-012-00-01-02-03": source, shot from 1, timecode of the frame. */
export function stillName(media: Media, keyframe: KeyframeEvent, shots: number): string {
  const number = String(keyframe.shot + 1).padStart(String(shots).length, '0');
  const timecode = formatTimecode(keyframe.time, media.video?.frameRate ?? { num: 25, den: 1 }).replaceAll(':', '-');
  return safeName(`${stemOf(media.name)}-shot-${number}-${timecode}`);
}

/**
 * Writes one picture a keyframe. Throws ExpectedError no_video, nothing_selected, and as `frameAt` and `writeSafely`; CancelledError.
 * Pictures that were finished before stay.
 */
export async function* exportKeyframes(media: Media, keyframes: readonly KeyframeEvent[], options: StillsOptions): AsyncGenerator<ExportEvent> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  if (keyframes.length === 0) throw new ExpectedError('nothing_selected');
  const scope: ProgressScope = { before: 0, total: keyframes.length, unit: 'items', startedMs: Date.now() };
  const shots = Math.max(...keyframes.map(({ shot }) => shot + 1));
  const extension = options.format === 'jpeg' ? 'jpg' : 'png';
  for (const [index, keyframe] of keyframes.entries()) {
    throwIfCancelled(options.signal);
    const picture = await frameAt(media, keyframe.time, { exact: true, format: options.format, quality: 2, signal: options.signal });
    throwIfCancelled(options.signal);
    if (!picture) throw new ExpectedError('file_damaged', { name: media.name });
    const name = stillName(media, keyframe, shots);
    const path = options.overwrite ? join(options.folder, `${name}.${extension}`) : await freePath(options.folder, name, extension);
    const size = { width: video.displayWidth, height: video.displayHeight };
    const bytes = await writeSafely({ path, overwrite: options.overwrite ?? false, inputs: [media.path] }, picture.data, (temporary) => checkPicture(temporary, size, options.signal));
    yield { type: 'file', path, bytes, index };
    yield progressEvent(index + 1, scope, Date.now());
  }
}
