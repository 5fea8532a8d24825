/** Captions out as a file of their own. */
import { basename } from 'node:path';
import { captionStreams } from '../export/captionStreams.ts';
import { openCaptionFile } from '../export/sidecar.ts';
import type { CaptionFormat } from '../../shared/captions/formats/types.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { ExportRange } from '../export/plan.ts';
import type { Target } from './grants.ts';

export interface CaptionFileRequest {
  track: CaptionTrack;
  format: CaptionFormat;
  /** Clips that the cues are moved to, joined; null for the media as it is. */
  ranges: readonly ExportRange[] | null;
  target: Target;
}

/**
 * Writes one caption file. `media`: the track's, null when it is not open. Throws ExpectedError: target_*, disk_full, captions_none,
 * verify_failed; and CancelledError.
 */
export async function* writeCaptionFile({ track, format, ranges, target }: CaptionFileRequest, media: Media | null, signal: AbortSignal): AsyncGenerator<ExportEvent> {
  throwIfCancelled(signal);
  const moved = ranges === null ? track : captionStreams([track], ranges)[0]?.track;
  if (!moved) throw new ExpectedError('captions_none', { name: basename(target.path) });
  const video = media?.video;
  const picture = video ? { frameRate: video.frameRate, width: video.displayWidth, height: video.displayHeight } : {};
  const output = await openCaptionFile({ ...target, inputs: media ? [media.path] : [] }, moved, format, picture);
  try {
    throwIfCancelled(signal);
    yield { type: 'file', path: target.path, bytes: await output.commit(), index: 0 };
  } finally {
    await output.discard();
  }
}
