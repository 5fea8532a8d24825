/** A sheet of keyframes with shot numbers and timecodes, in pages when there are many. */
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { KeyframeEvent } from '../../shared/events.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { formatTimecode } from '../../shared/time.ts';
import { frameAt } from '../media/decodeFrames.ts';
import { fileUrl, inputOptions, startTool } from '../media/process.ts';
import { freePath, stemOf } from './names.ts';
import { checkPicture } from './picture.ts';
import { drawText, textSize } from './pixelText.ts';
import { progressEvent, type ProgressScope } from './progress.ts';
import { checkTarget, openSafeFile, writeFailure, type SafeFile } from '../media/safeFile.ts';

/** Pictures on one page: ten by ten small ones still tell a film's look. */
const PAGE_PICTURES = 100;
const CELL_SIDE = 320;
const PICTURE_SIDE = 640;
const GAP = 8;
const LABEL_PADDING = 6;
const BACKGROUND = '0x14161a';
const LABEL_BACKGROUND = [20, 22, 26] as const;
const TEXT = [226, 228, 233] as const;

export interface SheetLayout {
  columns: number;
  rows: number;
  /** Pixels of one picture, and of the strip of text under it. */
  cell: { width: number; height: number };
  label: { width: number; height: number; scale: number };
  width: number;
  height: number;
}

/** A grid about as wide as a screen: as many columns as make the sheet nearest to 16:10, at most 10. */
export function sheetLayout(count: number, video: Pick<VideoStream, 'displayWidth' | 'displayHeight'>, longestLabel: number): SheetLayout {
  const factor = CELL_SIDE / Math.max(video.displayWidth, video.displayHeight);
  const even = (pixels: number): number => Math.max(16, Math.round((pixels * factor) / 2) * 2);
  const cell = { width: even(video.displayWidth), height: even(video.displayHeight) };
  const scale = textSize('0'.repeat(longestLabel), 2).width + 2 * LABEL_PADDING <= cell.width ? 2 : 1;
  const label = { width: cell.width, height: textSize('0', scale).height + 2 * LABEL_PADDING, scale };
  const heightOf = (rows: number): number => rows * (cell.height + label.height) + (rows + 1) * GAP;
  const widthOf = (columns: number): number => columns * cell.width + (columns + 1) * GAP;
  const shape = (columns: number): number => Math.abs(Math.log(widthOf(columns) / heightOf(Math.ceil(count / columns)) / 1.6));
  const choices = Array.from({ length: Math.min(10, count) }, (_, i) => i + 1);
  const columns = choices.reduce((best, each) => (shape(each) < shape(best) ? each : best), 1);
  const rows = Math.ceil(count / columns);
  return { columns, rows, cell, label, width: widthOf(columns), height: heightOf(rows) };
}

export interface SheetOptions {
  /** .png writes PNG, anything else JPEG. Further pages get a number: "sheet (2).jpg". */
  path: string;
  overwrite: boolean;
  /** Stored picture of a keyframe (JPEG, long side 640); null when there is none, and it is decoded. */
  pictureOf?: (keyframe: KeyframeEvent) => Uint8Array | null;
  signal?: AbortSignal;
}

/** Writes the sheet; one `file` event a page. Throws ExpectedError no_video, nothing_selected, target_*, disk_full; CancelledError. */
export async function* exportContactSheet(media: Media, keyframes: readonly KeyframeEvent[], options: SheetOptions): AsyncGenerator<ExportEvent> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  if (keyframes.length === 0) throw new ExpectedError('nothing_selected');
  const inOrder = [...keyframes].sort((a, b) => a.time - b.time);
  const scope: ProgressScope = { before: 0, total: inOrder.length, unit: 'items', startedMs: Date.now() };
  await checkTarget({ path: options.path, overwrite: options.overwrite, inputs: [media.path] });
  for (let page = 0; page * PAGE_PICTURES < inOrder.length; page += 1) {
    const pictures = inOrder.slice(page * PAGE_PICTURES, (page + 1) * PAGE_PICTURES);
    const path = page === 0 ? options.path : await pagePath(options.path, page);
    const output = await openSafeFile({ path, overwrite: options.overwrite && page === 0, inputs: [media.path] });
    try {
      yield* writePage(media, video, pictures, output, scope, options);
      const bytes = await output.commit();
      yield { type: 'file', path, bytes, index: page };
    } catch (error) {
      throw writeFailure(error, path);
    } finally {
      await output.discard();
    }
  }
}

async function pagePath(path: string, page: number): Promise<string> {
  return freePath(dirname(path), `${stemOf(path)} (${page + 1})`, extname(path).slice(1) || 'jpg');
}

async function* writePage(media: Media, video: VideoStream, keyframes: readonly KeyframeEvent[], output: SafeFile, scope: ProgressScope, options: SheetOptions): AsyncGenerator<ExportEvent> {
  const labels = keyframes.map(({ shot, time }) => `#${shot + 1} ${formatTimecode(time, video.frameRate)}`);
  const layout = sheetLayout(keyframes.length, video, Math.max(...labels.map((label) => label.length)));
  const folder = await output.workFolder();
  const [cells, strips] = [join(folder, 'cells.mjpeg'), join(folder, 'labels.rgb')];
  const files = await Promise.all([open(cells, 'w'), open(strips, 'w')]);
  try {
    for (const [i, keyframe] of keyframes.entries()) {
      throwIfCancelled(options.signal);
      await writeCell(media, keyframe, labels[i] ?? '', layout, files, options);
      scope.before += 1;
      yield progressEvent(scope.before, scope, Date.now());
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
  const run = await startTool('ffmpeg', sheetArguments(layout, cells, strips, output.path), { pipes: 0, name: media.name, target: output.path, signal: options.signal });
  await run.done;
  await checkPicture(output.path, layout, options.signal);
}

async function writeCell(media: Media, keyframe: KeyframeEvent, text: string, layout: SheetLayout, [cells, strips]: readonly [FileHandle, FileHandle], options: SheetOptions): Promise<void> {
  const stored = options.pictureOf?.(keyframe) ?? null;
  const picture = stored ?? (await frameAt(media, keyframe.time, { exact: true, side: PICTURE_SIDE, signal: options.signal }))?.data;
  throwIfCancelled(options.signal);
  if (!picture) throw new ExpectedError('file_damaged', { name: media.name });
  const { label } = layout;
  const strip = new Uint8Array(label.width * label.height * 3);
  for (let i = 0; i < strip.length; i += 3) strip.set(LABEL_BACKGROUND, i);
  drawText(strip, label, text, { x: LABEL_PADDING, y: LABEL_PADDING, scale: label.scale }, TEXT);
  await cells.writeFile(picture);
  await strips.writeFile(strip);
}

/** Pictures and strips one above the other, then all in a grid. */
function sheetArguments(layout: SheetLayout, cells: string, strips: string, path: string): string[] {
  const { cell, label, columns, rows } = layout;
  const fit = `scale=${cell.width}:${cell.height}:force_original_aspect_ratio=decrease:flags=area,pad=${cell.width}:${cell.height}:(ow-iw)/2:(oh-ih)/2:color=${BACKGROUND},setsar=1,format=rgb24`;
  const graph = `[0:v]setpts=N/TB/25,${fit}[picture];[1:v]setpts=N/TB/25[strip];[picture][strip]vstack=shortest=1,tile=${columns}x${rows}:padding=${GAP}:margin=${GAP}:color=${BACKGROUND}[sheet]`;
  const encoder = extname(path).toLowerCase() === '.png' ? ['-c:v', 'png'] : ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj444p'];
  return [
    '-y', ...inputOptions(), '-f', 'mjpeg', '-i', fileUrl(cells),
    ...inputOptions(), '-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${label.width}x${label.height}`, '-i', fileUrl(strips),
    '-filter_complex', graph, '-map', '[sheet]', '-frames:v', '1', ...encoder, '-f', 'image2', '-update', '1', fileUrl(path),
  ];
}
