/** The options of `rushes ask`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { UsageError } from './usage.ts';

export interface AskOptions {
  question: string;
  file: string;
  limit: number;
  /** Null: found. */
  language: string | null;
  json: boolean;
}

/** As the engine's method takes them. */
const MOST = 50;
const LONGEST_QUESTION = 1000;

export function addAsk(command: Command, run: (options: AskOptions) => Promise<void>): void {
  command
    .description(m.cli_ask_about())
    .addArgument(new Argument('<question>', m.cli_ask_argument_question()))
    .addArgument(new Argument('<file>', m.cli_argument_text()))
    .addOption(new Option('--limit <n>', `${m.cli_ask_option_limit()} (${m.cli_help_default({ value: '3' })})`).argParser(parseLimit).default(3))
    .option('--language <code>', m.cli_option_text_language())
    .option('--json', m.cli_ask_option_json(), false)
    .action((question: string, file: string, { limit, language, json }: { limit: number; language?: string; json: boolean }) => {
      if (question.length > LONGEST_QUESTION || !/[\p{L}\p{N}]/u.test(question)) {
        throw new UsageError(m.cli_usage_bad_value({ value: `${question.slice(0, 20)}…`, name: '<question>', wanted: m.cli_ask_wanted_question({ n: LONGEST_QUESTION }) }));
      }
      return run({ question, file, limit, language: language ?? null, json });
    });
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--limit', wanted: `1–${MOST}` }));
}
