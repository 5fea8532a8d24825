/** The options of `rushes search`. */
import { Argument, Option, type Command } from 'commander';
import { m } from '../../shared/i18n/index.ts';
import { SEARCH_LISTS, searchListSchema, type SearchList } from '../../shared/understanding/types.ts';
import { UsageError } from './usage.ts';

export interface SearchOptions {
  query: string;
  /** None: everything in the library. */
  files: string[];
  /** Null: all. */
  lists: SearchList[] | null;
  limit: number;
  json: boolean;
}

const MOST = 500;
/** As the engine's method takes it. */
const LONGEST_QUERY = 1000;

export function addSearch(command: Command, run: (options: SearchOptions) => Promise<void>): void {
  command
    .description(m.cli_search_about())
    .addArgument(new Argument('<query>', m.cli_search_argument_query()))
    .addArgument(new Argument('[file...]', m.cli_search_argument_files()))
    .addOption(new Option('--lists <list>', `${m.cli_search_option_lists()} (${m.cli_help_default({ value: SEARCH_LISTS.join(',') })})`).argParser(parseLists))
    .addOption(new Option('--limit <n>', `${m.cli_search_option_limit()} (${m.cli_help_default({ value: '20' })})`).argParser(parseLimit).default(20))
    .option('--json', m.cli_search_option_json(), false)
    .action((query: string, files: string[], { lists, limit, json }: { lists?: SearchList[]; limit: number; json: boolean }) => {
      if (query.length > LONGEST_QUERY) throw new UsageError(m.cli_usage_bad_value({ value: `${query.slice(0, 20)}…`, name: '<query>', wanted: m.cli_search_wanted_query({ n: LONGEST_QUERY }) }));
      return run({ query, files, lists: lists ?? null, limit, json });
    });
}

function parseLists(text: string): SearchList[] {
  const wanted = SEARCH_LISTS.join(',');
  const lists = text.split(',').map((name) => {
    const list = searchListSchema.safeParse(name.trim());
    if (!list.success) throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--lists', wanted }));
    return list.data;
  });
  return [...new Set(lists)];
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--limit', wanted: `1–${MOST}` }));
}
