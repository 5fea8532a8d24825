/** The main job without a window: everything found in a file, its longest shot as a clip and its captions, under one folder. */
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { writeCaptions } from '../../shared/captions/formats/index.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import { STAGES, type ShotEvent } from '../../shared/events.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import type { Engine } from '../engine/engine.ts';
import { writeSafely } from '../media/safeFile.ts';
import { Found, outFolder, tell } from './analyze.ts';
import { Heard, pictureOf, tellSpeech } from './heard.ts';
import type { CommandContext } from './run.ts';
import { report } from './written.ts';

/** Files of an earlier run in `out` are replaced: the folder is this command's own. */
export async function headless({ file, out }: { file: string; out: string }, context: CommandContext): Promise<void> {
  const engine = await context.engine();
  const media = await engine.openMedia(file, context.signal);
  const folder = await outFolder(out, null);
  if (media.video || !media.audio) await pictures(media, folder, engine, context);
  await captions(media, folder, engine, context);
}

/** Shots, keyframes, tags and the longest shot as a clip. */
async function pictures(media: Media, folder: string, engine: Engine, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const found = new Found();
  for await (const event of engine.jobs.analyze({ media: media.id, stages: [...STAGES], fresh: false }, signal)) {
    tell(event, media, engine, context);
    found.add(event);
  }
  throwIfCancelled(signal);
  await output.line(`${media.name}: ${found.summary()}`);
  const at = (name: string) => ({ path: join(folder, name), overwrite: true });
  const { jobs } = engine;
  await report(jobs.exportTable({ media: media.id, format: 'csv', target: at('shots.csv') }, signal), context, false);
  await report(jobs.exportTable({ media: media.id, format: 'json', target: at('shots.json') }, signal), context, false);
  await report(jobs.exportKeyframes({ media: media.id, format: 'jpeg', target: at('keyframes') }, signal), context, false);
  await report(jobs.exportContactSheet({ media: media.id, target: at('contact-sheet.jpg') }, signal), context, false);
  const shot = longest(found.shots);
  if (!shot) return;
  const range = { media: media.id, start: shot.start, end: shot.end, name: m.cli_column_shot() };
  const clip = at(`clip${extname(media.name) || '.mp4'}`);
  await report(jobs.exportClips({ ranges: [range], join: false, mode: 'auto', captions: null, chapters: null, target: clip }, signal), context, false);
}

/** What is said, as `captions.srt`. None is left where nothing is said: it would be another file's. */
async function captions(media: Media, folder: string, engine: Engine, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const path = join(folder, 'captions.srt');
  const heard = new Heard();
  if (media.audio) {
    const request = { media: media.id, language: 'auto', task: 'transcribe', prompt: '', speakers: true, rules: null, fresh: false } as const;
    for await (const event of engine.jobs.transcribe(request, signal)) {
      tellSpeech(event, media, engine, context);
      heard.add(event);
    }
    throwIfCancelled(signal);
    await output.line(`${media.name}: ${heard.summary()}`);
  }
  if (heard.cues.length === 0) {
    await rm(path, { force: true });
    return;
  }
  await writeSafely({ path, overwrite: true, inputs: [media.path] }, writeCaptions(heard.track(media, false), 'srt', pictureOf(media)).text);
  await output.line(m.cli_wrote({ path }));
}

function longest(shots: readonly ShotEvent[]): ShotEvent | null {
  return shots.reduce<ShotEvent | null>((best, shot) => (best && best.end - best.start >= shot.end - shot.start ? best : shot), null);
}
