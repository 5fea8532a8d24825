/** Carries an export plan out: temporary file, ffmpeg, verification, rename. */
import { stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { ExportEvent, ExportedCaptions } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { ClipEffect } from '../../shared/style/types.ts';
import { flicks, fromSeconds, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import type { ChaptersByMedia } from '../../shared/understanding/chapters/sequence.ts';
import { findTools } from '../media/ffmpeg.ts';
import { copyArguments, encodeArguments, type Tags } from './arguments.ts';
import { audioStreams, canHoldVideo, extensionFor } from './containers.ts';
import { verifyEmbedded } from './embed.ts';
import { concatArguments, concatList, partArguments, partFormat } from './joinArguments.ts';
import { beginsAlike } from './alike.ts';
import { requireBurning } from './burn.ts';
import { appendXmp, generatedTags, readComment, verifyGenerated, withEarlier, type Generated } from './generated.ts';
import { prepareCaptions, type OutputCaptions } from './outputCaptions.ts';
import { prepareChapters, requireChapters, verifyOutputChapters, type OutputChapters } from './outputChapters.ts';
import { openCaptionFile, sidecarPaths } from './sidecar.ts';
import { inputsOf, targetPaths, type ExportTarget } from './targets.ts';
import { plannedSegments, sourceOf, type ExportPlan, type ExportSegment } from './plan.ts';
import { namedAfter } from './names.ts';
import { renderSegments } from './renderSegments.ts';
import { shownMedia, type RenderPictures } from './styled.ts';
import { runFfmpeg, type ProgressScope } from './progress.ts';
import { openSafeFile, writeFailure, type SafeFile } from '../media/safeFile.ts';
import { expectedOf, verifyOutput, type Expected } from './verify.ts';

export interface RunExportOptions {
  /** Replace an existing file. Only for `file` targets; names in a folder are always new ones. */
  overwrite: boolean;
  /** What goes with the clips. Burning needs a plan made with `burn`. */
  captions?: ExportedCaptions | null;
  /** Chapters of the sources; the outputs get those of what they play. Null: none. */
  chapters?: ChaptersByMedia | null;
  /** Renders the pictures of segments that have an effect. A plan with such needs it. */
  render?: RenderPictures | null;
  /** What a file with pictures of these effects says; null: nothing. */
  describe?: (effects: readonly ClipEffect[]) => Promise<Generated | null>;
  signal?: AbortSignal;
}

/**
 * Runs a plan: pictures are rendered first, when everything that could refuse the export was asked. Streams the plan, warnings, progress, and each file once it is verified and has its name. On failure and on cancel nothing
 * of the file being written is left; files finished before stay. Throws ExpectedError (target_*, disk_full, verify_failed,
 * file_missing, file_changed, what ffmpeg's log tells), what `render` throws, and CancelledError.
 */
export async function* runExport(planned: ExportPlan, target: ExportTarget, options: RunExportOptions): AsyncGenerator<ExportEvent> {
  throwIfCancelled(options.signal);
  for (const media of planned.sources) await checkSource(media);
  const targets = await targetPaths(planned, target, { overwrite: options.overwrite, captions: options.captions ?? null });
  if (options.chapters) for (const path of targets) requireChapters(planned.container, path);
  if (options.captions && options.captions.burn.length > 0 && canHoldVideo(planned.container)) await requireBurning();
  yield { type: 'plan', segments: plannedSegments(planned) };
  const unitsIn = (segments: readonly ExportSegment[]): number => segments.reduce((sum, segment) => sum + unitsOf(planned, segment), 0);
  const [written, frames] = [unitsIn(planned.segments), unitsIn(planned.segments.filter(({ render }) => render))];
  const plan = yield* renderSegments(planned, options.render ?? null, { frames, written }, (segment) => unitsOf(planned, segment));
  const scope: ProgressScope = { earlier: frames, before: 0, total: Math.round(frames + written), unit: hasPicture(plan) ? 'frames' : 'seconds', startedMs: Date.now() };
  for (const [index, path] of targets.entries()) {
    const output = await openSafeFile({ path, overwrite: options.overwrite, inputs: inputsOf(plan) });
    try {
      const segments = plan.join ? plan.segments : plan.segments.slice(index, index + 1);
      const captions = await prepareCaptions(plan, segments, options.captions ?? null, () => output.workFolder());
      const chapters = await prepareChapters(options.chapters ?? null, segments, () => output.workFolder());
      const generated = await describe(plan, segments, options);
      const work: Work = { plan, output, captions, chapters, generated, scope, signal: options.signal };
      const [segment] = segments;
      if (plan.join) yield* writeJoined(work);
      else if (segment) yield* writeSegment(segment, work);
      yield* commitWithCaptions({ path, index }, work, options);
    } catch (error) {
      throw namedAfter(writeFailure(error, path), output.path, path);
    } finally {
      await output.discard();
    }
  }
}

/** What one output says of how its pictures were made. */
async function describe(plan: ExportPlan, segments: readonly ExportSegment[], options: RunExportOptions): Promise<Generated | null> {
  const effects = segments.flatMap(({ render }) => render?.effect ?? []);
  const own = effects.length === 0 ? null : ((await options.describe?.(effects)) ?? null);
  if (!hasPicture(plan)) return own;
  const sources = new Set(segments.map((segment) => sourceOf(plan, segment)));
  const comments: (string | null)[] = [];
  for (const { path } of sources) comments.push(await readComment(path, options.signal));
  return withEarlier(own, comments);
}

/** Gives the export its name, and then the caption files beside it. All are whole before the first gets its own. */
async function* commitWithCaptions({ path, index }: { path: string; index: number }, { plan, output, captions }: Work, options: RunExportOptions): Steps {
  const names = sidecarPaths(path, options.captions?.sidecar ?? [], captions.format);
  const beside: { path: string; file: SafeFile }[] = [];
  try {
    for (const { group, track } of captions.beside) {
      const target = { path: names[group] ?? path, overwrite: options.overwrite, inputs: [...inputsOf(plan), path] };
      beside.push({ path: target.path, file: await openCaptionFile(target, track, captions.format, captions.writing) });
    }
    throwIfCancelled(options.signal);
    yield { type: 'file', path, bytes: await output.commit(), index };
    for (const { path: name, file } of beside) yield { type: 'file', path: name, bytes: await file.commit(), index };
  } finally {
    for (const { file } of beside) await file.discard();
  }
}

async function checkSource(media: Media): Promise<void> {
  const facts = await stat(media.path).catch(() => null);
  if (!facts) throw new ExpectedError('file_missing', { name: media.name });
  if (facts.size !== media.bytes) throw new ExpectedError('file_changed', { name: media.name });
}

function hasPicture(plan: ExportPlan): boolean {
  return canHoldVideo(plan.container) && plan.sources.some((media) => media.video !== null);
}

/** Frames that a segment will have, or its seconds when there is no picture. */
function unitsOf(plan: ExportPlan, segment: ExportSegment): number {
  const length = toSeconds(flicks(segment.to - segment.from));
  if (!hasPicture(plan)) return length;
  const rate = plan.format?.video?.frameRate ?? sourceOf(plan, segment).video?.frameRate ?? plan.sources.find(({ video }) => video)?.video?.frameRate;
  return rate && rate.den > 0 ? (length * rate.num) / rate.den : length;
}

function streamsOf(plan: ExportPlan, media: Media): { video: boolean; audio: number } {
  return { video: media.video !== null && canHoldVideo(plan.container), audio: audioStreams(media).length };
}

type Steps = AsyncGenerator<ExportEvent>;

/** One output being written. */
interface Work {
  plan: ExportPlan;
  output: SafeFile;
  captions: OutputCaptions;
  chapters: OutputChapters | null;
  /** Null: nothing in it is generated. */
  generated: Generated | null;
  scope: ProgressScope;
  signal?: AbortSignal;
}

async function usesOutputUnits(): Promise<boolean> {
  const { major } = (await findTools()).ffmpeg;
  return major !== null && major < 6;
}

async function* writeSegment(segment: ExportSegment, work: Work): Steps {
  const { plan, output, captions, chapters, generated, scope, signal } = work;
  const media = sourceOf(plan, segment);
  const context = { name: media.name, target: output.path, signal };
  const options = { preroll: true, outputUnits: await usesOutputUnits(), burned: captions.burned[0] ?? null, embedded: captions.embedded, chapters: chapters?.path, tags: await tagsOf(work, media) };
  const make = segment.how === 'copy' ? copyArguments : encodeArguments;
  const { units, log } = yield* runFfmpeg(make(segment, media, plan.container, output.path, options), scope, context);
  if (segment.how === 'copy' && plan.mode === 'auto' && !(await beginsAlike(segment, media, output.path, signal))) {
    yield* encodeInstead(segment, work);
    return;
  }
  scope.before += units;
  const expected = await expectedOf(segment, segment.rendered ?? media, streamsOf(plan, media), signal);
  // Frames that can't be decoded are missing from an encoded cut; the source's damage is no fault of the export.
  const damaged = segment.how === 'encode' && log.trim() !== '';
  if (generated) await appendXmp(output.path, generated, plan.container);
  const shown = await verifyOutput(output.path, damaged ? { ...expected, frames: null } : expected, signal);
  requireTransparency(output.path, shown, shownMedia(segment, media), plan);
  if (generated) await verifyGenerated(output.path, generated, plan.container, signal);
  await verifyEmbedded(output.path, captions.embedded, signal);
  await verifyOutputChapters(output.path, chapters, signal);
}

async function tagsOf({ generated, plan, signal }: Work, source: Media | null): Promise<Tags> {
  if (!generated) return {};
  return generatedTags(generated, source && (await readComment(source.path, signal)), plan.container);
}

/** Rendered pictures with a removed background must have kept their transparency. */
function requireTransparency(path: string, written: Media, wanted: Media, { container }: ExportPlan): void {
  const keeps = container === 'mov' || container === 'webm';
  if (keeps && wanted.video?.hasAlpha && !written.video?.hasAlpha) throw new ExpectedError('verify_failed', { name: basename(path), what: 'alpha' });
}

/** Some sync frames are none for a decoder that begins there (gradual refresh): the plan was wrong, and says so. */
async function* encodeInstead(segment: ExportSegment, work: Work): Steps {
  const { plan } = work;
  const encoded: ExportSegment = { ...segment, how: 'encode', why: 'copy_differs', decodeFrom: subtract(segment.from, fromSeconds(2)) };
  const changed = { ...plan, segments: plan.segments.map((each) => (each === segment ? encoded : each)) };
  yield { type: 'plan', segments: plannedSegments(changed) };
  yield* writeSegment(encoded, { ...work, plan: changed });
}

async function* writeJoined(work: Work): Steps {
  const { plan, output, captions, chapters, generated, scope, signal } = work;
  const folder = await output.workFolder();
  const { format } = plan;
  const extension = format ? partFormat(plan.container).extension : extensionFor(plan.container);
  const names = plan.segments.map((_segment, i) => `part-${String(i + 1).padStart(5, '0')}.${extension}`);
  const outputUnits = await usesOutputUnits();
  for (const [index, segment] of plan.segments.entries()) {
    const media = sourceOf(plan, segment);
    const path = join(folder, names[index] ?? '');
    const args = format ? partArguments(plan, index, format, media, path, captions.burned[index] ?? null) : copyArguments(segment, media, plan.container, path, { preroll: false, outputUnits });
    const { units } = yield* runFfmpeg(args, scope, { name: media.name, target: path, signal });
    if (segment.how === 'copy' && plan.mode === 'auto' && !(await beginsAlike(segment, media, path, signal))) {
      throw new ExpectedError('verify_failed', { name: basename(output.path), what: 'frames' });
    }
    scope.before += units;
  }
  const list = join(folder, 'parts.ffconcat');
  await writeFile(list, concatList(names, plan.segments, plan.container));
  const whole = { ...scope, earlier: 0, before: 0, total: Math.round(plan.segments.reduce((sum, segment) => sum + unitsOf(plan, segment), 0)) };
  const context = { name: basename(output.path), target: output.path, signal };
  for await (const progress of runFfmpeg(concatArguments(list, plan, output.path, captions.embedded, chapters?.path, await tagsOf(work, null)), whole, context)) {
    yield { ...progress, stage: 'join' };
  }
  if (generated) await appendXmp(output.path, generated, plan.container);
  const shown = await verifyOutput(output.path, await expectedJoined(plan, signal), signal);
  if (plan.format?.video) requireTransparency(output.path, shown, plan.format.video.like, plan);
  if (generated) await verifyGenerated(output.path, generated, plan.container, signal);
  await verifyEmbedded(output.path, captions.embedded, signal);
  await verifyOutputChapters(output.path, chapters, signal);
}

/** What the joined file must be. Where frame rates are changed, only the streams are known beforehand. */
async function expectedJoined(plan: ExportPlan, signal?: AbortSignal): Promise<Expected> {
  const duration = flicks(plan.segments.reduce((sum, { from, to }) => sum + to - from, 0));
  const [first] = plan.sources;
  const streams = plan.format
    ? { video: plan.format.video !== null, audio: plan.format.audio.length }
    : { video: hasPicture(plan), audio: first ? audioStreams(first).length : 0 };
  const keepsTimes = streams.video && (!plan.format || plan.sources.length === 1);
  if (!keepsTimes) return { ...streams, frames: null, duration };
  const frames: Flicks[] = [];
  let offset = 0;
  for (const segment of plan.segments) {
    const part = await expectedOf(segment, segment.rendered ?? sourceOf(plan, segment), streams, signal);
    if (part.frames === null) return { ...streams, frames: null, duration };
    frames.push(...part.frames.map((time) => flicks(time + offset)));
    offset += segment.to - segment.from;
  }
  return { ...streams, frames, duration };
}
