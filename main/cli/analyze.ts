/** `rushes analyze`: events as JSON lines, or a table of shots; files written on request. */
import { basename, extname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { toJsonEvent, type AnalysisEvent, type DoneEvent, type KeyframeEvent, type ShotEvent, type TagEvent } from '../../shared/events.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import type { Engine } from '../engine/engine.ts';
import { labelName } from './labels.ts';
import type { AnalyzeOptions } from './program.ts';
import type { CommandContext } from './run.ts';
import { keyframeLine, progressLine, shotTable, warningSentence } from './words.ts';
import { report } from './written.ts';

/** A file that fails doesn't stop the others; the command then ends with the code of an expected failure. */
export async function analyze(options: AnalyzeOptions, context: CommandContext): Promise<void> {
  const engine = await context.engine();
  for (const file of options.files) {
    throwIfCancelled(context.signal);
    try {
      await analyzeFile(file, options, engine, context);
    } catch (error) {
      if (!(error instanceof ExpectedError) || options.files.length === 1) throw error;
      context.failed(error);
    }
  }
}

async function analyzeFile(file: string, options: AnalyzeOptions, engine: Engine, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const several = options.files.length > 1;
  const media = await engine.openMedia(file, signal);
  const folder = options.out === null ? null : await outFolder(options.out, several ? media : null);
  const found = new Found();
  const { stages } = options;
  for await (const event of engine.jobs.analyze({ media: media.id, stages, fresh: !options.cache }, signal)) {
    tell(event, media, engine, context);
    found.add(event);
    if (options.json) {
      const json = toJsonEvent(event);
      if (json) await output.line(JSON.stringify(several ? { ...json, file } : json));
    }
  }
  throwIfCancelled(signal);
  if (!options.json) for (const line of found.lines(media, options, several)) await output.line(line);
  if (folder !== null) await writeAll(media, folder, options, engine, context);
}

/** Progress and warnings, which are for the person whatever stdout carries. */
export function tell(event: AnalysisEvent, media: Media, engine: Engine, { output }: CommandContext): void {
  if (event.type === 'progress') output.progress(progressLine(event));
  else if (event.type === 'warning') output.note(m.cli_warning({ sentence: warningSentence(event, media.name, engine.dataDir) }));
}

/** What one analysis found, for the table. */
export class Found {
  readonly shots: ShotEvent[] = [];
  readonly keyframes: KeyframeEvent[] = [];
  readonly tags: TagEvent[] = [];
  done: DoneEvent | null = null;

  add(event: AnalysisEvent): void {
    if (event.type === 'shot') this.shots.push(event);
    else if (event.type === 'keyframe') this.keyframes.push(event);
    else if (event.type === 'tag') this.tags.push({ ...event, detections: [] });
    else if (event.type === 'done') this.done = event;
  }

  summary(): string {
    if (!this.done) return '';
    const { shots, keyframes, tags, frames, seconds, cached } = this.done;
    return cached ? m.cli_summary_cached({ shots, keyframes, tags }) : m.cli_summary({ shots, keyframes, tags, frames, seconds: seconds.toFixed(1) });
  }

  lines(media: Media, { stages }: AnalyzeOptions, titled: boolean): string[] {
    const rate = media.video?.frameRate ?? { num: 25, den: 1 };
    const lines = titled ? [`${media.name}:`] : [];
    if (this.shots.length > 0) lines.push(...shotTable(this.shots, this.tags, rate, labelName));
    if (stages.includes('keyframes') && !stages.includes('tags') && this.keyframes.length > 0) lines.push(keyframeLine(this.keyframes));
    lines.push(this.summary());
    return lines;
  }
}

/** Several files get a folder each, named after the file. */
export async function outFolder(folder: string, media: Media | null): Promise<string> {
  const path = media ? join(folder, basename(media.name, extname(media.name))) : folder;
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new ExpectedError('target_not_writable', { name: path }, { cause: error });
  });
  return path;
}

async function writeAll(media: Media, folder: string, options: AnalyzeOptions, engine: Engine, context: CommandContext): Promise<void> {
  const { signal } = context;
  const { overwrite, stages } = options;
  const at = (name: string) => ({ path: join(folder, name), overwrite });
  const { jobs } = engine;
  await report(jobs.exportTable({ media: media.id, format: 'csv', target: at('shots.csv') }, signal), context, options.json);
  await report(jobs.exportTable({ media: media.id, format: 'json', target: at('shots.json') }, signal), context, options.json);
  if (!stages.includes('keyframes')) return;
  await report(jobs.exportKeyframes({ media: media.id, format: 'jpeg', target: at('keyframes') }, signal), context, options.json);
  await report(jobs.exportContactSheet({ media: media.id, target: at('contact-sheet.jpg') }, signal), context, options.json);
}
