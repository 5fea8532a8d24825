/** `npm run bench -- NAME` and `npm run eval -- NAME`: what the project promises, measured. Exit code 1 when a target is missed. */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createInference } from '../inference/index.ts';
import type { Inference } from '../inference/types.ts';
import { openLibrary } from '../library/library.ts';
import type { Library } from '../library/types.ts';
import * as evalLanguage from './evalLanguage.ts';
import * as evalShots from './evalShots.ts';
import * as evalSpeech from './evalSpeech.ts';
import * as language from './language.ts';
import * as memory from './memory.ts';
import * as open from './open.ts';
import { projectRoot } from './place.ts';
import * as shots from './shots.ts';
import * as speech from './speech.ts';
import * as style from './style.ts';
import * as timeline from './timeline.ts';

const root = projectRoot();
const clips = shots.sampleClips(root);
const speechData = join(root, '..', 'shared', 'eval', 'speech');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}

function pair(text: string): [number, number] {
  const [short, long] = text.split(',').map(positive);
  if (short === undefined || long === undefined) throw new InvalidArgumentError('two numbers are needed: 20,120');
  return [short, long];
}

/** What was measured about this machine is kept between runs, apart from the person's library. */
async function withInference<T>(work: (inference: Inference, library: Library) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), 'rushes-bench', 'data');
  mkdirSync(folder, { recursive: true });
  const library = openLibrary({ folder, searchTerms: () => [] });
  const inference = createInference({ facts: library });
  try {
    return await work(inference, library);
  } finally {
    await inference.close();
    library.close();
  }
}

const passed = (met: boolean): void => {
  if (!met) process.exitCode = 1;
};

function addBench(program: Command): void {
  const bench = program.command('bench').description('how fast and how large, beside the reference and the target');
  bench
    .command('shots')
    .description("shots of a 5-minute 720p film beside the plain TransNetV2 pipeline and ffmpeg's own decode rate")
    .option('--film <path>', 'a film of your own')
    .option('--minutes <n>', 'length of the film that is put together', positive, 5)
    .action(async (options: { film?: string; minutes: number }) => passed(await withInference((inference) => shots.run({ ...options, clips, inference, print }))));
  bench
    .command('open')
    .description('from launch to a usable window, from opening to the first keyframe, and opening again')
    .option('--minutes <n>', 'length of the 720p film', positive, 60)
    .option('--analyse-for <seconds>', 'time for the analysis before the film is opened again', positive, 900)
    .option('--rounds <n>', 'how often; the median is told', positive, 1)
    .action(async (options: { minutes: number; analyseFor: number; rounds: number }) => passed(await open.run({ ...options, clips, print })));
  bench
    .command('memory')
    .description("the engine's memory on a long film beside a short one")
    .option('--minutes <short,long>', 'lengths of the two films', pair, [20, 120] as [number, number])
    .action(async (options: { minutes: [number, number] }) => passed(await memory.run({ ...options, clips, print })));
  const speechOptions = (command: Command): Command => command.option('--data <dir>', 'folder with refs.tsv and its clips', speechData);
  speechOptions(bench.command('speech'))
    .description('transcription beside faster-whisper, first cue, invented words, silences')
    .option('--rounds <n>', 'how often; the fastest of each is compared', positive, 3)
    .option('--quiet-minutes <n>', 'minutes of each sound without words', positive, 10)
    .action(async (options: { data: string; rounds: number; quietMinutes: number }) =>
      passed(await withInference((inference) => speech.run({ ...options, bundled: speech.bundledSpeech(root), inference, print }))),
    );
  speechOptions(bench.command('speech-memory'))
    .description('peak memory while hours of speech are transcribed')
    .option('--hours <n>', 'length', positive, 3)
    .action(async (options: { data: string; hours: number }) =>
      passed(await withInference((inference) => speech.runMemory({ ...options, rounds: 1, quietMinutes: 1, bundled: speech.bundledSpeech(root), inference, print }))),
    );
  bench
    .command('language')
    .description('an hour of talk understood, a correction, memory, and a query over very many stored sentences')
    .addOption(new Option('--part <name>', 'one part alone').choices(language.LANGUAGE_BENCH_PARTS))
    .option('--data <file>', 'meetings of QMSum', join(root, '..', 'shared', 'eval', 'qmsum-val.json.gz'))
    .option('--sentences <n>', 'how many are stored', positive, 1_000_000)
    .action(async ({ part, ...options }: { part?: string; data: string; sentences: number }) =>
      passed(await withInference((inference) => language.run({ ...options, part: part ?? null, inference, print }))),
    );
  bench
    .command('style')
    .description('styles rendered the fast way beside the plain one, waits, and memory at 3840x2160')
    .addOption(new Option('--part <name>', 'one part alone').choices(style.STYLE_BENCH_PARTS))
    .option('--only <name>', 'only clips whose name holds this')
    .option('--tuning', 'on the clips that parameters were chosen on', false)
    .option('--kept-plain', 'plain frames of an earlier run serve again', false)
    .option('--published <file>', 'the CycleGAN generator with direct convolutions (models/tools/cyclegan.py), as the plain way of vintage')
    .action(async ({ part, only, published, ...rest }: { part?: string; only?: string; published?: string; tuning: boolean; keptPlain: boolean }) =>
      passed(await withInference((inference) => style.run({ ...rest, part: part ?? null, only: only ?? null, published: published ?? null, clips, inference, print }))),
    );
  bench
    .command('timeline')
    .description('scrolling and zooming a timeline of 10,000 shots')
    .action(async () => passed((await timeline.run({ print })).passed));
}

function addEval(program: Command): void {
  const evaluation = program.command('eval').description('how right, against labels and reference predictions');
  evaluation
    .command('shots')
    .description('cuts against the reference predictions of TransNetV2 and against labels')
    .option('--data <dir>', 'folder with predictions and labels', join(root, '..', 'shared', 'eval', 'shots'))
    .action(({ data }: { data: string }) => withInference((inference) => evalShots.run({ data, clips: evalShots.clipFolders(data, root), inference, print })));
  evaluation
    .command('speech')
    .description('word and character error rates beside faster-whisper, and how far word times are off')
    .option('--data <dir>', 'folder with refs.tsv and its clips', speechData)
    .option('--no-reference', 'leave faster-whisper out')
    .option('--texts', 'print what was heard', false)
    .action(async (options: { data: string; reference: boolean; texts: boolean }) => {
      const [path, text] = speech.bundledSpeech(root);
      passed(await withInference((inference) => evalSpeech.run({ ...options, clips: [[path, text, 'en']], inference, print })));
    });
  evaluation
    .command('language')
    .description('summaries, chapters, search and answers beside plain methods')
    .addOption(new Option('--part <name>', 'one part alone').choices(evalLanguage.LANGUAGE_PARTS))
    .option('--data <dir>', 'folder with qmsum-val.json.gz and choi-resampled.json.gz', join(root, '..', 'shared', 'eval'))
    .option('--texts', 'print what was written and found', false)
    .action(async ({ part, ...options }: { part?: string; data: string; texts: boolean }) =>
      passed(await withInference((inference, library) => evalLanguage.run({ ...options, part: part ?? null, inference, cache: library, print }))),
    );
}

const program = new Command('rushes').helpCommand(false);
addBench(program);
addEval(program);
if (!existsSync(clips)) throw new Error(`${clips} is not there: the benchmarks run from a checkout`);
// `npm run bench -- shots` arrives as "--bench shots".
const [group = 'bench', ...rest] = process.argv.slice(2);
await program.parseAsync([group.replace(/^--/, ''), ...rest], { from: 'user' });
// A runtime library's own thread must not keep a finished measurement waiting.
setTimeout(() => process.exit(), 1000).unref();
