/** `rushes styles`, `style`, `enhance`, `background`: what is done to the pictures of one file, written as another. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import { effectOf } from '../../shared/style/effect.ts';
import { STYLE_IDS, type Background, type ClipEffect, type Style, type StylePicture } from '../../shared/style/types.ts';
import { flicks, type Flicks } from '../../shared/time.ts';
import type { Engine } from '../engine/engine.ts';
import { timeIn, type TypedRange } from './rangeOption.ts';
import type { CommandContext } from './run.ts';
import type { BackgroundOptions, EnhanceOptions, StyleOptions, TypedBackground, TypedStyle } from './styleOptions.ts';
import { columns } from './words.ts';
import { report } from './written.ts';

export async function styles({ json }: { json: boolean }, { output, engine }: CommandContext): Promise<void> {
  const models = new Map((await engine()).inference.listModels().map((model) => [model.id, model]));
  const rows = STYLE_IDS.map((id) => {
    const facts = STYLES[id];
    // What changes the picture itself comes last but for the graphs that carry it.
    const own = facts.models.flatMap((model) => models.get(model) ?? []);
    return { id, name: messageFor(`style_name_${id.replaceAll('-', '_')}`), kind: facts.kind, faces: facts.faces, scale: facts.scale, fast: facts.carried, models: own };
  });
  if (json) return output.line(JSON.stringify(rows.map(({ models: own, ...row }) => ({ ...row, models: own.map(({ id, what, licence }) => ({ id, what, licence })) }))));
  const head = [m.cli_column_style(), m.cli_column_kind(), m.cli_column_name()];
  for (const line of columns([head, ...rows.map(({ id, kind, name }) => [typedAs(id), messageFor(`cli_style_kind_${kind}`), name])], [])) await output.line(line);
}

/** How the style is typed. */
function typedAs(id: (typeof STYLE_IDS)[number]): string {
  return id === 'painter' ? 'painter:1 … painter:26' : id === 'picture' ? 'picture:FILE' : id;
}

export async function style(options: StyleOptions, context: CommandContext): Promise<void> {
  const { strength, quality, area, keepColours, label } = options;
  await write(options, context, async (engine, start) => {
    const { style: chosen, picture } = await styleOf(options.style, engine, context.signal);
    return { effect: { ...effectOf(chosen, start), strength: [{ at: start, value: strength }], quality, area, keepColours, label }, picture };
  });
}

export async function enhance(options: EnhanceOptions, context: CommandContext): Promise<void> {
  await write(options, context, (_engine, start) => Promise.resolve({ effect: { ...effectOf({ id: 'enhance' }, start), quality: 'best', label: options.label } }));
}

export async function background(options: BackgroundOptions, context: CommandContext): Promise<void> {
  await write(options, context, async (engine, start) => ({
    effect: { ...effectOf({ id: 'none' }, start), background: await backgroundOf(options.background, engine, context.signal) },
  }));
}

interface Applied {
  effect: ClipEffect;
  picture?: StylePicture;
}

async function write(
  { file, range, out, overwrite, json }: { file: string; range: TypedRange | null; out: string; overwrite: boolean; json: boolean },
  context: CommandContext,
  applied: (engine: Engine, start: Flicks) => Promise<Applied>,
): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(file, signal);
  const { start, end } = range ? { start: timeIn(media, range.start), end: timeIn(media, range.end) } : wholeOf(media);
  const ranges = [{ media: media.id, start, end, name: '', ...(await applied(engine, start)) }];
  const target = { path: out, overwrite };
  const paths = await report(engine.jobs.exportClips({ ranges, join: false, mode: 'auto', captions: null, chapters: null, target }, signal), context, json);
  throwIfCancelled(signal);
  if (json) for (const path of paths) await output.line(JSON.stringify({ type: 'file', path }));
}

/** A media without a length is read to its end. */
function wholeOf(media: Media): { start: Flicks; end: Flicks } {
  return { start: media.startTime, end: flicks(media.startTime + (media.duration ?? Number.MAX_SAFE_INTEGER / 2)) };
}

async function styleOf(typed: TypedStyle, engine: Engine, signal: AbortSignal): Promise<{ style: Style; picture?: StylePicture }> {
  if (typed.kind === 'style') return { style: typed.style };
  const picture = await engine.readStylePicture(typed.path, signal);
  return { style: { id: 'picture', picture: picture.id }, picture };
}

async function backgroundOf(typed: TypedBackground, engine: Engine, signal: AbortSignal): Promise<Background> {
  switch (typed.mode) {
    case 'blur':
    case 'colour':
    case 'remove':
      return typed;
    case 'file':
      return { mode: 'media', media: (await engine.openMedia(typed.path, signal)).id };
  }
}
