/** The options of `rushes transcribe`. */
import { Argument, Option, type Command } from 'commander';
import { CAPTION_FORMATS, type CaptionFormat } from '../../shared/captions/formats/types.ts';
import { RULE_PROFILES, type RuleProfileId } from '../../shared/captions/types.ts';
import { m } from '../../shared/i18n/index.ts';
import { speechLanguageSchema } from '../../shared/speech.ts';
import { oneOf, UsageError } from './usage.ts';

export interface TranscribeOptions {
  file: string;
  /** 'auto', or the language spoken. */
  language: string;
  translate: boolean;
  prompt: string;
  speakers: boolean;
  /** Null: those of the language. */
  rules: RuleProfileId | null;
  /** Null: by the name of `out`. */
  format: CaptionFormat | null;
  json: boolean;
  out: string | null;
  cache: boolean;
  overwrite: boolean;
}

interface Given extends Omit<TranscribeOptions, 'file' | 'rules' | 'format' | 'out'> {
  rules?: RuleProfileId;
  format?: CaptionFormat;
  out?: string;
}

export function addTranscribe(command: Command, run: (options: TranscribeOptions) => Promise<void>): void {
  const choices = (text: string, values: readonly string[]): string => `${text} (${m.cli_help_choices({ values: values.join(', ') })})`;
  command
    .description(m.cli_transcribe_about())
    .addArgument(new Argument('<file>', m.cli_argument_file()))
    .addOption(new Option('--language <code>', `${m.cli_transcribe_option_language()} (${m.cli_help_default({ value: 'auto' })})`).argParser(parseLanguage).default('auto'))
    .option('--translate', m.cli_transcribe_option_translate(), false)
    .option('--prompt <text>', m.cli_transcribe_option_prompt(), '')
    .option('--no-speakers', m.cli_transcribe_option_no_speakers())
    .addOption(new Option('--rules <profile>', choices(m.cli_transcribe_option_rules(), RULE_PROFILES)).argParser(oneOf('--rules', RULE_PROFILES)))
    .addOption(new Option('--format <format>', choices(m.cli_transcribe_option_format(), CAPTION_FORMATS)).argParser(oneOf('--format', CAPTION_FORMATS)))
    .option('--json', m.cli_option_json(), false)
    .option('--out <file>', m.cli_transcribe_option_out())
    .option('--no-cache', m.cli_transcribe_option_no_cache())
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, { rules, format, out, ...rest }: Given) => run({ ...rest, file, rules: rules ?? null, format: format ?? null, out: out ?? null }));
}

function parseLanguage(text: string): string {
  const parsed = speechLanguageSchema.safeParse(text.toLowerCase());
  if (parsed.success) return parsed.data;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--language', wanted: m.cli_transcribe_wanted_language() }));
}
