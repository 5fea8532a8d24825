/** The commands, their options and help. What they do is in the other files of this folder. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { VERSION } from '../engine/version.ts';
import { m } from '../../shared/i18n/index.ts';
import { STAGES, type Stage } from '../../shared/events.ts';
import { cutModeSchema, type CutMode } from '../../shared/ipc/engine.ts';
import { addAsk, type AskOptions } from './askOptions.ts';
import { addCaptions, type CaptionsCheckOptions, type CaptionsConvertOptions } from './captionsOptions.ts';
import { addChapters, type ChaptersOptions } from './chaptersOptions.ts';
import { addHighlights, type HighlightsOptions } from './highlightsOptions.ts';
import { addRange, type TypedRange } from './rangeOption.ts';
import { addSearch, type SearchOptions } from './searchOptions.ts';
import { addStyleCommands, type StyleCommands } from './styleOptions.ts';
import { addSummarize, type SummarizeOptions } from './summarizeOptions.ts';
import { addTighten, parseMode, type TightenOptions } from './tightenOptions.ts';
import { addTranscribe, type TranscribeOptions } from './transcribeOptions.ts';
import { UsageError } from './usage.ts';

export interface AnalyzeOptions {
  files: string[];
  stages: Stage[];
  json: boolean;
  out: string | null;
  cache: boolean;
  overwrite: boolean;
}
export interface CutOptions {
  file: string;
  ranges: TypedRange[];
  join: boolean;
  mode: CutMode;
  out: string;
  overwrite: boolean;
  /** Subtitle files. */
  captions: string[];
  burn: boolean;
  embed: boolean;
}
export interface Commands extends StyleCommands {
  analyze(options: AnalyzeOptions): Promise<void>;
  cut(options: CutOptions): Promise<void>;
  transcribe(options: TranscribeOptions): Promise<void>;
  tighten(options: TightenOptions): Promise<void>;
  summarize(options: SummarizeOptions): Promise<void>;
  chapters(options: ChaptersOptions): Promise<void>;
  highlights(options: HighlightsOptions): Promise<void>;
  search(options: SearchOptions): Promise<void>;
  ask(options: AskOptions): Promise<void>;
  captionsCheck(options: CaptionsCheckOptions): Promise<void>;
  captionsConvert(options: CaptionsConvertOptions): Promise<void>;
  doctor(options: { json: boolean }): Promise<void>;
  headless(options: { file: string; out: string }): Promise<void>;
}

interface Texts {
  out: (text: string) => void;
}

export function buildProgram(commands: Commands, texts: Texts): Command {
  const program = prepare(new Command('rushes'), texts)
    .description(m.cli_about())
    .version(VERSION, '-V, --version', m.cli_option_version())
    .helpCommand('help [command]', m.cli_help_about())
    .addHelpText('after', () => examples());
  addAnalyze(program, commands, texts);
  addCut(program, commands, texts);
  addTranscribe(prepare(program.command('transcribe'), texts), (options) => commands.transcribe(options));
  addTighten(prepare(program.command('tighten'), texts), (options) => commands.tighten(options));
  addSummarize(prepare(program.command('summarize'), texts), (options) => commands.summarize(options));
  addChapters(prepare(program.command('chapters'), texts), (options) => commands.chapters(options));
  addHighlights(prepare(program.command('highlights'), texts), (options) => commands.highlights(options));
  addSearch(prepare(program.command('search'), texts), (options) => commands.search(options));
  addAsk(prepare(program.command('ask'), texts), (options) => commands.ask(options));
  addStyleCommands((name) => prepare(program.command(name), texts), commands);
  addCaptions(prepare(program.command('captions'), texts), (command) => prepare(command, texts), {
    check: (options) => commands.captionsCheck(options),
    convert: (options) => commands.captionsConvert(options),
  });
  prepare(program.command('doctor'), texts)
    .description(m.cli_doctor_about())
    .option('--json', m.cli_option_doctor_json(), false)
    .action((options: { json: boolean }) => commands.doctor(options));
  prepare(program.command('headless <file>', { hidden: true }), texts)
    .requiredOption('--out <dir>')
    .action((file: string, options: { out: string }) => commands.headless({ file, out: options.out }));
  return program;
}

function addAnalyze(program: Command, commands: Commands, texts: Texts): void {
  prepare(program.command('analyze'), texts)
    .description(m.cli_analyze_about())
    .addArgument(new Argument('<file...>', m.cli_argument_files()))
    .addOption(new Option('--stages <list>', `${m.cli_option_stages()} (${m.cli_help_default({ value: STAGES.join(',') })})`).argParser(parseStages).default([...STAGES], 'all'))
    .option('--json', m.cli_option_json(), false)
    .option('--out <dir>', m.cli_option_out_folder())
    .option('--no-cache', m.cli_option_no_cache())
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((files: string[], options: Omit<AnalyzeOptions, 'files' | 'out'> & { out?: string }) =>
      commands.analyze({ ...options, files, out: options.out ?? null }),
    );
}

function addCut(program: Command, commands: Commands, texts: Texts): void {
  prepare(program.command('cut'), texts)
    .description(m.cli_cut_about())
    .addArgument(new Argument('<file>', m.cli_argument_file()))
    .addOption(new Option('--range <start-end...>', m.cli_option_range()).argParser(addRange).makeOptionMandatory())
    .option('--join', m.cli_option_join(), false)
    .addOption(new Option('--mode <mode>', `${m.cli_option_mode()} (${m.cli_help_choices({ values: cutModeSchema.options.join(', ') })})`).argParser(parseMode).default('auto'))
    .requiredOption('--out <path>', m.cli_option_out_path())
    .option('--captions <file...>', m.cli_cut_option_captions(), [])
    .option('--burn', m.cli_cut_option_burn(), false)
    .option('--embed', m.cli_cut_option_embed(), false)
    .option('--overwrite', m.cli_option_overwrite(), false)
    .action((file: string, options: Omit<CutOptions, 'file' | 'ranges'> & { range: CutOptions['ranges'] }) => {
      const { range, ...rest } = options;
      return commands.cut({ ...rest, file, ranges: range });
    });
}

function prepare(command: Command, texts: Texts): Command {
  const titles: Record<string, () => string> = {
    'Usage:': m.cli_help_usage,
    'Arguments:': m.cli_help_arguments,
    'Options:': m.cli_help_options,
    'Commands:': m.cli_help_commands,
  };
  return command
    .exitOverride()
    .helpOption('-h, --help', m.cli_option_help())
    .configureHelp({
      styleTitle: (title) => titles[title]?.() ?? title,
      // Defaults are said in the descriptions, in the person's language.
      optionDescription: (option) => option.description,
    })
    .configureOutput({ writeOut: texts.out, writeErr: () => undefined, outputError: () => undefined });
}

function parseStages(text: string): Stage[] {
  const asked = text.split(',').map((part) => part.trim());
  const wrong = asked.find((part) => !STAGES.some((stage) => stage === part));
  if (wrong !== undefined) {
    throw new UsageError(m.cli_usage_bad_value({ value: wrong, name: '--stages', wanted: m.cli_help_choices({ values: STAGES.join(', ') }) }));
  }
  return STAGES.filter((stage) => asked.includes(stage));
}

function examples(): string {
  const lines: [string, string][] = [
    ['rushes analyze holiday.mp4', m.cli_example_analyze()],
    ['rushes analyze --json a.mp4 b.mov > events.jsonl', m.cli_example_json()],
    ['rushes analyze holiday.mp4 --out found/', m.cli_example_out()],
    ['rushes cut holiday.mp4 --range 12.5-20 --out dog.mp4', m.cli_example_cut()],
    ['rushes cut holiday.mp4 --range 0:10-0:15 1:02:00-1:02:08 --join --out best.mp4', m.cli_example_join()],
    ['rushes cut talk.mp4 --range 0:10-1:30 --captions talk.en.srt --burn --out clip.mp4', m.cli_example_burn()],
    ['rushes transcribe talk.mp4 --out talk.srt', m.cli_example_transcribe()],
    ['rushes tighten talk.mp4 --fillers --dry-run', m.cli_example_tighten()],
    ['rushes highlights talk.mp4 --seconds 60 --out best.mp4', m.cli_example_highlights()],
    ['rushes highlights match.mp4 --seconds 30 --no-speech --weights energy=1,motion=1 --out goals.mp4', m.cli_example_highlights_game()],
    ['rushes summarize talk.srt --sentences 3', m.cli_example_summarize()],
    ['rushes search "dog on a beach" --limit 5', m.cli_example_search()],
    ['rushes ask "How much may it cost?" talk.srt', m.cli_example_ask()],
    ['rushes chapters talk.mp4 --out talk-chapters.mp4', m.cli_example_chapters()],
    ['rushes style walk.mp4 --style painter:6 --strength 0.8 --out painted.mp4', m.cli_example_style()],
    ['rushes enhance old.mp4 --scale 2 --out larger.mp4', m.cli_example_enhance()],
    ['rushes background me.mp4 --mode replace --with beach.jpg --out me-at-the-beach.mp4', m.cli_example_background()],
    ['rushes captions check film.srt --rules netflix-en --fix', m.cli_example_captions_check()],
    ['rushes captions convert film.ass film.vtt', m.cli_example_captions_convert()],
    ['rushes doctor', m.cli_example_doctor()],
  ];
  const body = lines.map(([command, what]) => `  ${command}\n      ${what}`).join('\n');
  return `\n${m.cli_help_examples()}\n${body}\n\n${m.cli_exit_codes()}`;
}

/** Commander's complaint as a sentence of ours; null when it only printed help or the version. */
export function usageSentence(error: CommanderError): string | null {
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.help':
    case 'commander.helpDisplayed':
    case 'commander.version':
      return null;
    case 'commander.unknownOption':
      return m.cli_usage_unknown_option({ name });
    case 'commander.unknownCommand':
      return m.cli_usage_unknown_command({ name });
    case 'commander.missingArgument':
    case 'commander.missingMandatoryOptionValue':
      return m.cli_usage_missing_argument({ name });
    case 'commander.optionMissingArgument':
      return m.cli_usage_missing_value({ name });
    case 'commander.conflictingOption':
      return m.cli_usage_conflicting({ name });
    case 'commander.excessArguments':
      return m.cli_usage_excess_arguments();
    default:
      return error.message;
  }
}
