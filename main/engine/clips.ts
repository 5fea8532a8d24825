/** Clips out: what the plan needs is gathered, planned, run. */
import { mkdir, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, sep } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { CutMode, ExportedCaptions, ExportEvent, PlannedSegment } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { ClipEffect, RenderEvent, RenderRequest } from '../../shared/style/types.ts';
import type { ChaptersByMedia } from '../../shared/understanding/chapters/sequence.ts';
import { containerForPath } from '../export/containers.ts';
import { plannedSegments, type ExportPlan, type ExportRange } from '../export/plan.ts';
import { generatedMetadata, generatingModels, type Generated, type ModelFile } from '../export/generated.ts';
import { prepareExport } from '../export/prepare.ts';
import { runExport } from '../export/run.ts';
import type { RenderPictures } from '../export/styled.ts';
import type { ExportTarget } from '../export/targets.ts';
import type { Target } from './grants.ts';
import { VERSION } from './version.ts';

export interface ClipsRequest {
  ranges: readonly ExportRange[];
  join: boolean;
  mode: CutMode;
  /** Captions are drawn into the pictures. */
  burn?: boolean;
}

/** Makes the pictures of ranges that have an effect. */
export interface Painter {
  render(request: RenderRequest, signal: AbortSignal): AsyncGenerator<RenderEvent, Media>;
  /** Keeps a rendered file until the function that is given is called. */
  hold(rendered: Media): () => void;
  /** The file that renders run for a model. */
  modelFile(model: string): Promise<ModelFile>;
}

async function describe(effects: readonly ClipEffect[], painter: Painter): Promise<Generated | null> {
  const models = new Map<string, ModelFile>();
  for (const { id } of effects.flatMap((effect) => generatingModels(effect))) models.set(id, await painter.modelFile(id));
  return generatedMetadata(effects, models, VERSION);
}

/** Gives an open media after checking its file. */
export type FindMedia = (id: MediaId) => Promise<Media>;

async function makePlan(request: ClipsRequest, path: string | null, find: FindMedia, signal: AbortSignal): Promise<ExportPlan> {
  const { ranges, join, mode, burn } = request;
  const checked = new Map<MediaId, Media>();
  for (const { media } of ranges) if (!checked.has(media)) checked.set(media, await find(media));
  const mediaOf = (id: MediaId): Media => {
    const media = checked.get(id);
    if (!media) throw new ExpectedError('not_granted');
    return media;
  };
  const container = path === null ? null : containerForPath(path);
  return prepareExport(ranges, container && path !== null ? { join, mode, burn, container, path } : { join, mode, burn }, mediaOf, signal);
}

/** What an export would do, for the person to see first. Throws as `prepareExport`. */
export async function planClips(request: ClipsRequest, find: FindMedia, signal: AbortSignal): Promise<PlannedSegment[]> {
  return plannedSegments(await makePlan(request, null, find, signal));
}

/**
 * Exports ranges. `target.path` is a file for one output. For several, a folder (made when it isn't there) or a file whose name the
 * outputs' names are made from. Ranges with an effect are rendered first. Throws as `prepareExport` and `runExport`.
 */
export async function* exportClips(
  request: Omit<ClipsRequest, 'burn'> & { target: Target; captions: ExportedCaptions | null; chapters?: ChaptersByMedia | null },
  find: FindMedia,
  painter: Painter,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent> {
  const { captions, chapters = null } = request;
  const { path, overwrite } = request.target;
  const burn = captions !== null && captions.burn.length > 0;
  const plan = await makePlan({ ...request, burn }, path, find, signal);
  const outputs = plan.join ? 1 : plan.segments.length;
  const { target, made } = await targetFor(path, outputs);
  const held: (() => void)[] = [];
  const render: RenderPictures = async function* (asked) {
    const rendered = yield* painter.render(asked, signal);
    held.push(painter.hold(rendered));
    return rendered;
  };
  try {
    yield* runExport(plan, target, { overwrite, captions, chapters, render, describe: (effects) => describe(effects, painter), signal });
  } finally {
    for (const release of held) release();
    // A folder made for files that never came goes again; one that holds any stays, for this removes empty ones only.
    if (made) await rmdir(path).catch(() => undefined);
  }
}

/** Where outputs go, and whether a folder was made for them. */
async function targetFor(path: string, outputs: number): Promise<{ target: ExportTarget; made: boolean }> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
  if (isFolder) return { target: { folder: path }, made: false };
  const namesFolder = path.endsWith('/') || path.endsWith(sep) || (outputs > 1 && extname(path) === '');
  if (!namesFolder) return { target: { file: path }, made: false };
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new ExpectedError('target_not_writable', { name: basename(path), folder: dirname(path) }, { cause: error });
  });
  return { target: { folder: path }, made: true };
}
