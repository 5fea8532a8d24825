/** What was found in a media, written out: tables, keyframes, contact sheet. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { KeyframeEvent } from '../../shared/events.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Findings } from '../../shared/table.ts';
import { exportContactSheet } from '../export/contactSheet.ts';
import { exportKeyframes } from '../export/stills.ts';
import type { ExportRange } from '../export/plan.ts';
import { exportTable } from '../export/table.ts';
import type { Library } from '../library/types.ts';
import type { Target } from './grants.ts';

/** What the library has of a media now, complete or not. */
export function findingsOf(library: Library, media: MediaId): Findings {
  return {
    shots: library.latestEvents(media, 'shots').filter((event) => event.type === 'shot'),
    keyframes: keyframesOf(library, media),
    tags: library.latestEvents(media, 'tags').filter((event) => event.type === 'tag'),
  };
}

function keyframesOf(library: Library, media: MediaId): KeyframeEvent[] {
  return library.latestEvents(media, 'keyframes').filter((event) => event.type === 'keyframe');
}

export interface TableRequest {
  format: 'csv' | 'json';
  /** Clips on the lane. */
  clips?: readonly ExportRange[];
  target: Target;
}

/** Shots and tags as a table, in JSON with what is done to clips. Throws as `exportTable`. */
export function writeTable(library: Library, media: Media, { format, clips, target }: TableRequest): AsyncIterable<ExportEvent> {
  return exportTable(media, findingsOf(library, media.id), { format, clips, ...target });
}

/** Every keyframe into the folder `target.path`, which is made when it isn't there. Throws as `exportKeyframes`. */
export async function* writeKeyframes(library: Library, media: Media, format: 'jpeg' | 'png', target: Target, signal: AbortSignal): AsyncGenerator<ExportEvent> {
  const { path: folder, overwrite } = target;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new ExpectedError('target_not_writable', { name: basename(folder), folder: dirname(folder) }, { cause: error });
  });
  yield* exportKeyframes(media, keyframesOf(library, media.id), { format, folder, overwrite, signal });
}

/** One sheet of the first keyframe of each shot. Throws as `exportContactSheet`. */
export function writeContactSheet(library: Library, media: Media, target: Target, signal: AbortSignal): AsyncIterable<ExportEvent> {
  const keyframes = keyframesOf(library, media.id).filter((keyframe) => keyframe.rank === 0);
  const pictureOf = (keyframe: KeyframeEvent): Uint8Array | null => library.getPicture(media.id, keyframe.picture);
  return exportContactSheet(media, keyframes, { ...target, pictureOf, signal });
}
