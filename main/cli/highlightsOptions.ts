/** The options of `rushes highlights`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { cutModeSchema, type CutMode } from '../../shared/ipc/engine.ts';
import { speechLanguageSchema } from '../../shared/speech.ts';
import { DEFAULT_HIGHLIGHT_WEIGHTS, HIGHLIGHT_SIGNALS, type HighlightSignal, type HighlightWeights } from '../../shared/understanding/types.ts';
import { parseMode } from './tightenOptions.ts';
import { UsageError } from './usage.ts';

export interface HighlightsOptions {
  file: string;
  /** Of the reel. */
  seconds: number;
  weights: HighlightWeights;
  /** Null only for a dry run. */
  out: string | null;
  /** Recognise speech that is not known yet. */
  speech: boolean;
  /** Find shots that are not known yet. */
  shots: boolean;
  /** 'auto', or the language spoken. */
  language: string;
  dryRun: boolean;
  json: boolean;
  overwrite: boolean;
  mode: CutMode;
}

interface Given extends Omit<HighlightsOptions, 'file' | 'out'> {
  out?: string;
}

export function addHighlights(command: Command, run: (options: HighlightsOptions) => Promise<void>): void {
  const withDefault = (text: string, value: string): string => `${text} (${m.cli_help_default({ value })})`;
  const usual = HIGHLIGHT_SIGNALS.map((signal) => `${signal}=${DEFAULT_HIGHLIGHT_WEIGHTS[signal]}`).join(',');
  command
    .description(m.cli_highlights_about())
    .addArgument(new Argument('<file>', m.cli_argument_file()))
    .addOption(new Option('--seconds <n>', m.cli_highlights_option_seconds()).argParser(parseSeconds).makeOptionMandatory())
    .option('--out <path>', m.cli_highlights_option_out())
    .addOption(new Option('--weights <list>', withDefault(m.cli_highlights_option_weights(), usual)).argParser(parseWeights).default(DEFAULT_HIGHLIGHT_WEIGHTS))
    .option('--no-speech', m.cli_highlights_option_no_speech())
    .option('--no-shots', m.cli_highlights_option_no_shots())
    .addOption(new Option('--language <code>', withDefault(m.cli_transcribe_option_language(), 'auto')).argParser(parseLanguage).default('auto'))
    .option('--dry-run', m.cli_highlights_option_dry_run(), false)
    .option('--json', m.cli_highlights_option_json(), false)
    .addOption(new Option('--mode <mode>', `${m.cli_option_mode()} (${m.cli_help_choices({ values: cutModeSchema.options.join(', ') })})`).argParser(parseMode).default('auto'))
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, { out, ...rest }: Given) => {
      if (out === undefined && !rest.dryRun) throw new UsageError(m.cli_usage_missing_argument({ name: '--out' }));
      return run({ ...rest, file, out: out ?? null });
    });
}

/** "energy=1,motion=0.5": signals that are not named have no weight. */
export function parseWeights(text: string): HighlightWeights {
  const weights: HighlightWeights = { summary: 0, emotion: 0, reaction: 0, energy: 0, faces: 0, motion: 0, tags: 0, sharpness: 0 };
  for (const part of text.split(',')) {
    const found = /^\s*([a-z]+)\s*=\s*(\d+(?:\.\d+)?|\.\d+)\s*$/.exec(part);
    const signal = HIGHLIGHT_SIGNALS.find((each): each is HighlightSignal => each === found?.[1]);
    const value = Number(found?.[2]);
    if (signal === undefined || !(value >= 0 && value <= 1)) {
      throw new UsageError(m.cli_usage_bad_value({ value: part.trim(), name: '--weights', wanted: m.cli_highlights_wanted_weights({ signals: HIGHLIGHT_SIGNALS.join(', ') }) }));
    }
    weights[signal] = value;
  }
  return weights;
}

function parseSeconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text.trim()) && value >= 1 && value <= 36_000) return value;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--seconds', wanted: m.cli_highlights_wanted_seconds() }));
}

function parseLanguage(text: string): string {
  const parsed = speechLanguageSchema.safeParse(text.toLowerCase());
  if (parsed.success) return parsed.data;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--language', wanted: m.cli_transcribe_wanted_language() }));
}
