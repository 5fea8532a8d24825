/** The options of `rushes styles`, `style`, `enhance` and `background`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { painting } from '../../shared/style/effect.ts';
import { PAINTINGS, STYLE_AREAS, STYLE_IDS, STYLE_QUALITIES, type Style, type StyleArea, type StyleQuality } from '../../shared/style/types.ts';
import { parseRange, type TypedRange } from './rangeOption.ts';
import { oneOf, UsageError } from './usage.ts';

/** A style as typed; a picture is still a path. */
export type TypedStyle = { kind: 'style'; style: Style } | { kind: 'picture'; path: string };

interface Written {
  file: string;
  /** Null: the whole file. */
  range: TypedRange | null;
  out: string;
  overwrite: boolean;
  json: boolean;
}

export interface StyleOptions extends Written {
  style: TypedStyle;
  /** 0 to 1. */
  strength: number;
  quality: StyleQuality;
  area: StyleArea;
  keepColours: boolean;
  label: boolean;
}
export interface EnhanceOptions extends Written {
  scale: 2;
  label: boolean;
}

/** What goes behind the people, as typed: a file is still a path. */
export type TypedBackground = { mode: 'blur'; amount: number } | { mode: 'colour'; colour: string } | { mode: 'file'; path: string } | { mode: 'remove' };
export interface BackgroundOptions extends Written {
  background: TypedBackground;
}

export interface StyleCommands {
  styles(options: { json: boolean }): Promise<void>;
  style(options: StyleOptions): Promise<void>;
  enhance(options: EnhanceOptions): Promise<void>;
  background(options: BackgroundOptions): Promise<void>;
}

/** `fast` is the fast way that keeps the style's texture. */
const QUALITIES = ['fast', ...STYLE_QUALITIES] as const;
const BACKGROUND_MODES = ['blur', 'remove', 'replace'] as const;
type BackgroundMode = (typeof BACKGROUND_MODES)[number];

const withDefault = (text: string, value: string): string => `${text} (${m.cli_help_default({ value })})`;
const withChoices = (text: string, values: readonly string[]): string => `${text} (${m.cli_help_choices({ values: values.join(', ') })})`;

export function addStyleCommands(command: (name: string) => Command, commands: StyleCommands): void {
  command('styles')
    .description(m.cli_styles_about())
    .option('--json', m.cli_styles_option_json(), false)
    .action((options: { json: boolean }) => commands.styles(options));
  addStyle(command('style'), commands);
  written(command('enhance').description(m.cli_enhance_about()))
    .addOption(new Option('--scale <n>', withDefault(m.cli_enhance_option_scale(), '2')).argParser(parseScale).default(2))
    .option('--label', m.cli_style_option_label(), false)
    .action((file: string, options: Given & { scale: 2; label: boolean }) => commands.enhance(placed(file, options)));
  written(command('background').description(m.cli_background_about()))
    .addOption(new Option('--mode <mode>', withChoices(m.cli_background_option_mode(), BACKGROUND_MODES)).argParser(oneOf('--mode', BACKGROUND_MODES)).makeOptionMandatory())
    .addOption(new Option('--amount <n>', withDefault(m.cli_background_option_amount(), '0.5')).argParser((text) => parseShare(text, '--amount')).default(0.5))
    .option('--with <colour|file>', m.cli_background_option_with())
    .action((file: string, { mode, amount, with: replacement, ...options }: Given & { mode: BackgroundMode; amount: number; with?: string }) =>
      commands.background({ ...placed(file, options), background: backgroundOf(mode, amount, replacement) }),
    );
}

function addStyle(command: Command, commands: StyleCommands): void {
  written(command.description(m.cli_style_about()))
    .addOption(new Option('--style <id>', m.cli_style_option_style({ paintings: PAINTINGS })).argParser(parseStyle).makeOptionMandatory())
    .addOption(new Option('--strength <n>', withDefault(m.cli_style_option_strength(), '1')).argParser((text) => parseShare(text, '--strength')).default(1))
    .addOption(new Option('--quality <name>', withDefault(withChoices(m.cli_style_option_quality(), QUALITIES), 'fast')).argParser(parseQuality).default('faithful'))
    .addOption(new Option('--area <name>', withDefault(withChoices(m.cli_style_option_area(), STYLE_AREAS), 'everything')).argParser(oneOf('--area', STYLE_AREAS)).default('everything'))
    .option('--keep-colours', m.cli_style_option_keep_colours(), false)
    .option('--label', m.cli_style_option_label(), false)
    .action((file: string, options: Given & Omit<StyleOptions, keyof Written>) => commands.style(placed(file, options)));
}

type Given = Omit<Written, 'file' | 'range'> & { range?: TypedRange };

function placed<T extends Given>(file: string, options: T): Omit<T, 'range'> & Written {
  return { ...options, file, range: options.range ?? null };
}

function written(command: Command): Command {
  return command
    .addArgument(new Argument('<file>', m.cli_argument_file()))
    .addOption(new Option('--range <start-end>', m.cli_style_option_range()).argParser(parseRange))
    .requiredOption('--out <path>', m.cli_option_out_path())
    .option('--json', m.cli_style_option_json(), false)
    .option('--overwrite', m.cli_option_overwrite(), false);
}

/** "vintage", "painter:6", "painter:6=0.7,14=0.3", "picture:PATH". Throws UsageError. */
export function parseStyle(text: string): TypedStyle {
  const colon = text.indexOf(':');
  const id = STYLE_IDS.find((known) => known === (colon < 0 ? text : text.slice(0, colon)));
  const rest = colon < 0 ? '' : text.slice(colon + 1);
  switch (id) {
    case 'painter':
      return { kind: 'style', style: paintingsOf(rest) ?? wrongStyle(text) };
    case 'picture':
      return rest === '' ? wrongStyle(text) : { kind: 'picture', path: rest };
    case 'vintage':
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
    case 'enhance':
      return colon < 0 ? { kind: 'style', style: { id } } : wrongStyle(text);
    case undefined:
      return wrongStyle(text);
  }
}

function wrongStyle(text: string): never {
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--style', wanted: m.cli_style_wanted_style({ styles: STYLE_IDS.filter((id) => id !== 'painter' && id !== 'picture').join(', '), paintings: PAINTINGS }) }));
}

/** Paintings by number from 1, each with a share ("6=0.7,14=0.3") or one alone. Null for anything else. */
function paintingsOf(text: string): Style | null {
  const weights = Array.from({ length: PAINTINGS }, () => 0);
  for (const part of text.split(',')) {
    const found = /^\s*(\d+)\s*(?:=\s*(\d+(?:\.\d+)?|\.\d+)\s*)?$/.exec(part);
    const [number, share] = [Number(found?.[1]), Number(found?.[2] ?? 1)];
    if (!found || !(number >= 1 && number <= PAINTINGS) || !(share >= 0 && share <= 1)) return null;
    weights[number - 1] = share;
  }
  const alone = weights.filter((weight) => weight > 0);
  if (alone.length === 0) return null;
  return alone.length === 1 && alone[0] === 1 ? painting(weights.indexOf(1)) : { id: 'painter', weights };
}

const parseQuality = (text: string): StyleQuality => {
  const quality = oneOf('--quality', QUALITIES)(text);
  return quality === 'fast' ? 'faithful' : quality;
};

function parseShare(text: string, name: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text.trim()) && value >= 0 && value <= 1) return value;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name, wanted: m.cli_style_wanted_share() }));
}

function parseScale(text: string): 2 {
  if (text.trim() === '2') return 2;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--scale', wanted: '2' }));
}

function backgroundOf(mode: BackgroundMode, amount: number, replacement: string | undefined): TypedBackground {
  if (mode !== 'replace' && replacement !== undefined) throw new UsageError(m.cli_background_with_only());
  switch (mode) {
    case 'blur':
      return { mode, amount };
    case 'remove':
      return { mode };
    case 'replace':
      if (replacement === undefined) throw new UsageError(m.cli_background_with_needed());
      return /^#[0-9a-f]{6}$/i.test(replacement) ? { mode: 'colour', colour: replacement.toLowerCase() } : { mode: 'file', path: replacement };
  }
}
