/** An hour of talk: how long its summary, chapters and index take, and a correction; and the memory of the command line that does it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSeconds } from '../../../shared/time.ts';
import { sentencesOfLines } from '../../../shared/understanding/sentences.ts';
import { DEFAULT_UNDERSTANDING, type Sentence } from '../../../shared/understanding/types.ts';
import { openEncoder, type LanguageEncoder } from '../../analysis/language/encoder.ts';
import { understand } from '../../analysis/language/understand.ts';
import type { Inference } from '../../inference/types.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import { commandLine } from '../commandLine.ts';
import type { Figure } from '../table.ts';
import type { SearchMeeting } from './search.ts';

const SENTENCES = 700;
const SECONDS = 3600;
const MEDIA = '1'.padStart(32, '0');
const CORRECTIONS = 7;
const TARGET_SECONDS = 3;
const TARGET_CORRECTION_MS = 200;
const TARGET_MEMORY_MB = 400;

/** An hour, from the first meetings that have enough; made-up sentences where there are no meetings. */
function hourOfTalk(meetings: readonly SearchMeeting[] | null): Sentence[] {
  const lines = meetings ? meetings.flatMap(({ turns }) => turns.map(({ speaker, text }) => `${speaker}: ${text.replace(/\{[a-z]+\}/g, ' ')}`)) : madeUp();
  const each = SECONDS / SENTENCES;
  return sentencesOfLines(lines, 'en').slice(0, SENTENCES).map((sentence, index) => ({ ...sentence, line: index, start: fromSeconds(index * each), end: fromSeconds((index + 1) * each) }));
}

function madeUp(): string[] {
  const who = ['The committee', 'Our neighbour', 'The new engineer', 'A visitor from the north', 'The youngest of the team', 'My sister', 'The captain'];
  const does = ['repaired', 'described in every detail', 'never understood', 'painted', 'wanted to buy', 'wrote a long letter about', 'carefully measured', 'laughed at'];
  const what = ['the old bridge', 'a recipe for bread', 'the budget of the year', 'the garden behind the school', 'a film about whales', 'the timetable of the trains', 'the storm of last winter', 'two violins', 'the remote control'];
  const when = ['in the morning', 'before the meeting began', 'although it was raining', 'with the help of the children', 'because nobody else had the time to do it', 'for the third time'];
  const pick = (list: readonly string[], number: number): string => list[number % list.length] ?? '';
  return Array.from({ length: SENTENCES }, (_, index) => `${pick(who, index)} ${pick(does, index >> 1)} ${pick(what, Math.floor(index / 60) + (index % 3))} ${pick(when, index * 5)}, as number ${index} says.`);
}

interface Run {
  seconds: number;
  /** Of all threads: what it takes on a busy machine too. */
  processor: number;
  embedded: number;
}

export async function measureHour(meetings: readonly SearchMeeting[] | null, inference: Inference, print: (line: string) => void): Promise<Figure[]> {
  const sentences = hourOfTalk(meetings);
  const words = sentences.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  print(`an hour of talk: ${sentences.length} sentences, ${words} words, ${meetings ? 'of meetings' : 'made up'}`);
  const first = await inNewLibrary((library) => once(sentences, library, openEncoder(inference, library), true));
  const again = await inNewLibrary(async (library) => {
    const own = openEncoder(inference, library);
    // The workers and their model are there, as after a first talk.
    await own.embed(['One.', 'Two.', 'Three.', 'Four.'], { language: 'minilm', kind: 'query' });
    const whole = await once(sentences, library, own, false);
    return { whole, corrections: await correct(sentences, library, own) };
  });
  return [
    { name: `summary, chapters and index of ${sentences.length} sentences, model to be opened`, value: first.seconds, unit: 's', target: { kind: 'at_most', value: TARGET_SECONDS } },
    { name: 'the same, model open', value: again.whole.seconds, unit: 's', target: { kind: 'at_most', value: TARGET_SECONDS } },
    { name: 'its processor time, all threads', value: again.whole.processor, unit: 's', target: null },
    { name: 'after one sentence is corrected, all of it anew: median', value: again.corrections.median * 1000, unit: 'ms', target: { kind: 'at_most', value: TARGET_CORRECTION_MS } },
    { name: `slowest of ${CORRECTIONS}`, value: again.corrections.slowest * 1000, unit: 'ms', target: null },
    { name: 'sentences embedded for a correction', value: again.corrections.embedded, unit: '', target: null },
  ];
}

async function inNewLibrary<T>(work: (library: Library) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rushes-bench-hour-'));
  const library = openLibrary({ folder, searchTerms: () => [] });
  try {
    return await work(library);
  } finally {
    library.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the window asks: summary, chapters, index. */
async function once(sentences: readonly Sentence[], library: Library, encoder: LanguageEncoder, close: boolean): Promise<Run> {
  const begun = performance.now();
  const before = process.cpuUsage();
  let embedded = 0;
  const { summaryLength: summary, chapterDetail: detail } = DEFAULT_UNDERSTANDING;
  for await (const event of understand({ media: MEDIA, language: 'en', sentences: [...sentences], summary, chapters: { detail }, index: true }, { encoder, library })) if (event.type === 'done') embedded = event.embedded;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (close) await encoder.close();
  return { seconds, processor: (user + system) / 1e6, embedded };
}

async function correct(sentences: readonly Sentence[], library: Library, encoder: LanguageEncoder): Promise<{ median: number; slowest: number; embedded: number }> {
  const runs: Run[] = [];
  try {
    for (let index = 0; index < CORRECTIONS; index += 1) {
      const at = Math.floor(((index + 0.5) * sentences.length) / CORRECTIONS);
      runs.push(await once(sentences.map((sentence, other) => (other === at ? { ...sentence, text: `${sentence.text} That was corrected.` } : sentence)), library, encoder, false));
    }
  } finally {
    await encoder.close();
  }
  const times = runs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return { median: times[times.length >> 1] ?? Number.NaN, slowest: times.at(-1) ?? Number.NaN, embedded: Math.max(...runs.map(({ embedded }) => embedded)) };
}

/** Highest resident size of the whole process: runtime, library, workers and model. */
export async function measureLanguageMemory(meetings: readonly SearchMeeting[] | null): Promise<Figure[]> {
  if (process.platform !== 'linux') throw new Error('the memory part reads /proc: it runs on Linux');
  const folder = mkdtempSync(join(tmpdir(), 'rushes-bench-memory-'));
  try {
    const text = join(folder, 'hour.txt');
    const sentences = hourOfTalk(meetings);
    writeFileSync(text, sentences.map((sentence) => sentence.text.replace(/\s+/g, ' ')).join('\n'));
    const megabytes = async (list: readonly string[]): Promise<number> => (await commandLine(list, () => undefined)).process / 1e6;
    const target = { kind: 'at_most', value: TARGET_MEMORY_MB } as const;
    return [
      { name: 'memory, an hour summarised (MiniLM)', value: await megabytes(['summarize', text, '--format', 'json']), unit: 'MB', target },
      { name: 'memory, an hour summarised (e5)', value: await megabytes(['summarize', text, '--language', 'zh', '--format', 'json']), unit: 'MB', target },
      { name: 'memory, an hour indexed and searched (MiniLM)', value: await megabytes(['search', 'what it costs', text, '--json']), unit: 'MB', target },
      { name: 'of which without a text: doctor', value: await megabytes(['doctor', '--json']), unit: 'MB', target: null },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
