/** The options of `rushes captions check` and `rushes captions convert`. */
import { Argument, Option, type Command } from 'commander';
import { CAPTION_FORMATS, type CaptionFormat } from '../../shared/captions/formats/types.ts';
import { RULE_PROFILES, type RuleProfileId } from '../../shared/captions/types.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Rational } from '../../shared/time.ts';
import { oneOf, UsageError } from './usage.ts';

export interface CaptionsCheckOptions {
  file: string;
  /** Null: those of the language. */
  rules: RuleProfileId | null;
  fps: Rational;
  /** Null: as the file says. */
  language: string | null;
  encoding: string | null;
  fix: boolean;
  out: string | null;
  json: boolean;
  overwrite: boolean;
}
export interface CaptionsConvertOptions {
  file: string;
  /** Null: to stdout. */
  out: string | null;
  format: CaptionFormat | null;
  language: string | null;
  encoding: string | null;
  speakers: boolean;
  times: boolean;
  overwrite: boolean;
}

export interface CaptionsCommands {
  check: (options: CaptionsCheckOptions) => Promise<void>;
  convert: (options: CaptionsConvertOptions) => Promise<void>;
}

type Optional<T, K extends keyof T> = Omit<T, K | 'file'> & { [P in K]?: NonNullable<T[P]> };

/** `prepare` gives each command the program's own help. */
export function addCaptions(command: Command, prepare: (command: Command) => Command, run: CaptionsCommands): void {
  const choices = (text: string, values: readonly string[]): string => `${text} (${m.cli_help_choices({ values: values.join(', ') })})`;
  command.description(m.cli_captions_about());
  prepare(command.command('check'))
    .description(m.cli_captions_check_about())
    .addArgument(new Argument('<file>', m.cli_captions_argument_file()))
    .addOption(new Option('--rules <profile>', choices(m.cli_captions_option_rules(), RULE_PROFILES)).argParser(oneOf('--rules', RULE_PROFILES)))
    .addOption(new Option('--fps <rate>', `${m.cli_captions_option_fps()} (${m.cli_help_default({ value: '25' })})`).argParser(parseRate).default({ num: 25, den: 1 }))
    .addOption(new Option('--language <code>', m.cli_captions_option_language()).argParser(parseTag))
    .option('--encoding <name>', m.cli_captions_option_encoding())
    .option('--fix', m.cli_captions_option_fix(), false)
    .option('--out <file>', m.cli_captions_option_fix_out())
    .option('--json', m.cli_captions_option_json(), false)
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, { rules, language, encoding, out, ...rest }: Optional<CaptionsCheckOptions, 'rules' | 'language' | 'encoding' | 'out'>) =>
      run.check({ ...rest, file, rules: rules ?? null, language: language ?? null, encoding: encoding ?? null, out: out ?? null }),
    );
  prepare(command.command('convert'))
    .description(m.cli_captions_convert_about())
    .addArgument(new Argument('<file>', m.cli_captions_argument_file()))
    .addArgument(new Argument('[out]', m.cli_captions_argument_out()))
    .addOption(new Option('--format <format>', choices(m.cli_captions_option_format(), CAPTION_FORMATS)).argParser(oneOf('--format', CAPTION_FORMATS)))
    .addOption(new Option('--language <code>', m.cli_captions_option_language()).argParser(parseTag))
    .option('--encoding <name>', m.cli_captions_option_encoding())
    .option('--speakers', m.cli_captions_option_speakers(), false)
    .option('--times', m.cli_captions_option_times(), false)
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, out: string | undefined, { format, language, encoding, ...rest }: Optional<CaptionsConvertOptions, 'format' | 'language' | 'encoding'>) =>
      run.convert({ ...rest, file, out: out ?? null, format: format ?? null, language: language ?? null, encoding: encoding ?? null }),
    );
}

/** "25", "23.976" (the NTSC rate that means) or "30000/1001". */
export function parseRate(text: string): Rational {
  const ratio = /^(\d{1,7})\/(\d{1,7})$/.exec(text.trim());
  if (ratio && Number(ratio[1]) > 0 && Number(ratio[2]) > 0) return { num: Number(ratio[1]), den: Number(ratio[2]) };
  const value = /^\d{1,4}(\.\d{1,4})?$/.test(text.trim()) ? Number(text) : 0;
  const base = Math.round(value);
  if (value > 0 && Number.isInteger(value)) return { num: value, den: 1 };
  if (base > 0 && Math.abs(value - (base * 1000) / 1001) < 0.005) return { num: base * 1000, den: 1001 };
  if (value > 0) return { num: Math.round(value * 1000), den: 1000 };
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--fps', wanted: m.cli_captions_wanted_fps() }));
}

function parseTag(text: string): string {
  if (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text)) return text;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--language', wanted: m.cli_captions_wanted_language() }));
}
