/** The options of `rushes chapters`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { oneOf, UsageError } from './usage.ts';

export const TEXT_FORMATS = ['youtube', 'vtt', 'json'] as const;
export type ChapterTextFormat = (typeof TEXT_FORMATS)[number];

export interface ChaptersOptions {
  file: string;
  format: ChapterTextFormat;
  /** Null: as many as there are topics. */
  count: number | null;
  /** 0 few, 1 many. */
  detail: number;
  /** Null: to stdout. A name of a film or sound gets a copy of the media with its chapters. */
  out: string | null;
  overwrite: boolean;
  /** Null: found. */
  language: string | null;
}

interface Given {
  format?: ChapterTextFormat;
  count?: number;
  detail: number;
  out?: string;
  overwrite: boolean;
  language?: string;
}

export function addChapters(command: Command, run: (options: ChaptersOptions) => Promise<void>): void {
  command
    .description(m.cli_chapters_about())
    .addArgument(new Argument('<file>', m.cli_argument_text()))
    .addOption(new Option('--format <format>', `${m.cli_chapters_option_format()} (${m.cli_help_choices({ values: TEXT_FORMATS.join(', ') })})`).argParser(oneOf('--format', TEXT_FORMATS)))
    .addOption(new Option('--count <n>', m.cli_chapters_option_count()).argParser(parseCount))
    .addOption(new Option('--detail <d>', `${m.cli_chapters_option_detail()} (${m.cli_help_default({ value: '0.5' })})`).argParser(parseDetail).default(0.5))
    .option('--out <file>', m.cli_chapters_option_out())
    .option('--language <code>', m.cli_option_text_language())
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, { format, count, out, language, ...rest }: Given) =>
      run({ ...rest, file, format: format ?? formatOf(out), count: count ?? null, out: out ?? null, language: language ?? null }),
    );
}

/** By the file's ending. */
function formatOf(out: string | undefined): ChapterTextFormat {
  return TEXT_FORMATS.find((format) => out?.toLowerCase().endsWith(`.${format}`)) ?? 'youtube';
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--count', wanted: '1–1000' }));
}

function parseDetail(text: string): number {
  const detail = Number(text);
  if (text.trim() !== '' && detail >= 0 && detail <= 1) return detail;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--detail', wanted: '0–1' }));
}
