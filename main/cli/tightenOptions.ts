/** The options of `rushes tighten`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { cutModeSchema, type CutMode } from '../../shared/ipc/engine.ts';
import { DEFAULT_SILENCE } from '../../shared/tighten/index.ts';
import { UsageError } from './usage.ts';

export interface TightenOptions {
  file: string;
  /** Null only for a dry run. */
  out: string | null;
  /** Part of full scale, 0 to 1. */
  threshold: number;
  /** Seconds. */
  minimum: number;
  /** Seconds. */
  margin: number;
  fillers: boolean;
  repeats: boolean;
  dryRun: boolean;
  json: boolean;
  overwrite: boolean;
  mode: CutMode;
}

interface Given extends Omit<TightenOptions, 'file' | 'out' | 'minimum'> {
  out?: string;
  min: number;
}

export function addTighten(command: Command, run: (options: TightenOptions) => Promise<void>): void {
  const withDefault = (text: string, value: string): string => `${text} (${m.cli_help_default({ value })})`;
  command
    .description(m.cli_tighten_about())
    .addArgument(new Argument('<file>', m.cli_argument_file()))
    .option('--out <path>', m.cli_tighten_option_out())
    .addOption(new Option('--threshold <level>', withDefault(m.cli_tighten_option_threshold(), '4%')).argParser(parseLevel).default(DEFAULT_SILENCE.threshold))
    .addOption(new Option('--min <seconds>', withDefault(m.cli_tighten_option_min(), String(DEFAULT_SILENCE.minimum))).argParser(secondsOf('--min')).default(DEFAULT_SILENCE.minimum))
    .addOption(new Option('--margin <seconds>', withDefault(m.cli_tighten_option_margin(), String(DEFAULT_SILENCE.margin))).argParser(secondsOf('--margin')).default(DEFAULT_SILENCE.margin))
    .option('--fillers', m.cli_tighten_option_fillers(), false)
    .option('--repeats', m.cli_tighten_option_repeats(), false)
    .option('--dry-run', m.cli_tighten_option_dry_run(), false)
    .option('--json', m.cli_tighten_option_json(), false)
    .addOption(new Option('--mode <mode>', `${m.cli_option_mode()} (${m.cli_help_choices({ values: cutModeSchema.options.join(', ') })})`).argParser(parseMode).default('auto'))
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, { min, out, ...rest }: Given) => {
      if (out === undefined && !rest.dryRun) throw new UsageError(m.cli_usage_missing_argument({ name: '--out' }));
      return run({ ...rest, file, out: out ?? null, minimum: min });
    });
}

/** "4%", "0.04" or "-28dB" as a part of full scale. */
export function parseLevel(text: string): number {
  const found = /^(-?\d+(?:\.\d+)?)\s*(%|dB)?$/i.exec(text.trim());
  const value = Number(found?.[1]);
  const unit = found?.[2]?.toLowerCase();
  const level = unit === '%' ? value / 100 : unit === 'db' ? 10 ** (value / 20) : value;
  if (found && level >= 0 && level <= 1) return level;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--threshold', wanted: m.cli_tighten_wanted_level() }));
}

function secondsOf(name: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text);
    throw new UsageError(m.cli_usage_bad_value({ value: text, name, wanted: m.cli_tighten_wanted_seconds() }));
  };
}

export function parseMode(text: string): CutMode {
  const parsed = cutModeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--mode', wanted: m.cli_help_choices({ values: cutModeSchema.options.join(', ') }) }));
}
