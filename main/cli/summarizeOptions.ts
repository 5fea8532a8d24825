/** The options of `rushes summarize`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { SUMMARY_LENGTHS, summaryLengthSchema, type SummaryLength } from '../../shared/understanding/types.ts';
import { oneOf, UsageError } from './usage.ts';

const SUMMARY_FORMATS = ['txt', 'md', 'json'] as const;
export type SummaryFormat = (typeof SUMMARY_FORMATS)[number];

export interface SummarizeOptions {
  file: string;
  length: SummaryLength;
  format: SummaryFormat;
  /** Null: to stdout. */
  out: string | null;
  overwrite: boolean;
  /** Null: found. */
  language: string | null;
}

interface Given {
  sentences?: number;
  words?: number;
  seconds?: number;
  format?: SummaryFormat;
  out?: string;
  overwrite: boolean;
  language?: string;
}

export function addSummarize(command: Command, run: (options: SummarizeOptions) => Promise<void>): void {
  command
    .description(m.cli_summarize_about())
    .addArgument(new Argument('<file>', m.cli_argument_text()))
    .addOption(new Option('--sentences <n>', m.cli_summarize_option_sentences()).argParser((text) => parseLength('sentences', text)).conflicts(['words', 'seconds']))
    .addOption(new Option('--words <n>', `${m.cli_summarize_option_words()} (${m.cli_help_default({ value: String(SUMMARY_LENGTHS.paragraph.value) })})`).argParser((text) => parseLength('words', text)).conflicts('seconds'))
    .addOption(new Option('--seconds <n>', m.cli_summarize_option_seconds()).argParser((text) => parseLength('seconds', text)))
    .addOption(new Option('--format <format>', `${m.cli_summarize_option_format()} (${m.cli_help_choices({ values: SUMMARY_FORMATS.join(', ') })})`).argParser(oneOf('--format', SUMMARY_FORMATS)))
    .option('--out <file>', m.cli_summarize_option_out())
    .option('--language <code>', m.cli_option_text_language())
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, given: Given) => run({ file, length: lengthOf(given), format: given.format ?? formatOf(given.out), out: given.out ?? null, overwrite: given.overwrite, language: given.language ?? null }));
}

function lengthOf({ sentences, words, seconds }: Given): SummaryLength {
  if (sentences !== undefined) return { unit: 'sentences', value: sentences };
  if (seconds !== undefined) return { unit: 'seconds', value: seconds };
  return words === undefined ? SUMMARY_LENGTHS.paragraph : { unit: 'words', value: words };
}

/** By the file's ending, where it has one of ours. */
function formatOf(out: string | undefined): SummaryFormat {
  return SUMMARY_FORMATS.find((format) => out?.toLowerCase().endsWith(`.${format}`)) ?? 'txt';
}

function parseLength(unit: 'sentences' | 'words' | 'seconds', text: string): number {
  const parsed = summaryLengthSchema.safeParse({ unit, value: text.trim() === '' ? NaN : Number(text) });
  if (parsed.success) return parsed.data.value;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: `--${unit}`, wanted: m.cli_summarize_wanted_length() }));
}
