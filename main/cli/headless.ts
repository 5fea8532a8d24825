/** The main job without a window: everything found in a file, and its longest shot as a clip, under one folder. */
import { extname } from 'node:path';
import { join } from 'node:path';
import { throwIfCancelled } from '../../shared/errors.ts';
import { STAGES, type ShotEvent } from '../../shared/events.ts';
import { m } from '../../shared/i18n/index.ts';
import { Found, outFolder, tell } from './analyze.ts';
import type { CommandContext } from './run.ts';
import { report } from './written.ts';

/** Files of an earlier run in `out` are replaced: the folder is this command's own. */
export async function headless({ file, out }: { file: string; out: string }, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(file, signal);
  const folder = await outFolder(out, null);
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
  await report(jobs.exportClips({ ranges: [range], join: false, mode: 'auto', captions: null, target: clip }, signal), context, false);
}

function longest(shots: readonly ShotEvent[]): ShotEvent | null {
  return shots.reduce<ShotEvent | null>((best, shot) => (best && best.end - best.start >= shot.end - shot.start ? best : shot), null);
}
