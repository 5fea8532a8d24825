/**
 * `eval language`, search: the name of a topic of a QMSum meeting as the query over that meeting's turns, by the app's own index and search
 * in a temporary library. A hit is right that lies in one of the topic's spans.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSeconds } from '../../../shared/time.ts';
import type { SearchList, Sentence } from '../../../shared/understanding/types.ts';
import { searchAnywhere, type QueryEncoder } from '../../engine/search.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import type { Figure } from '../table.ts';

/** A QMSum meeting. Spans are first and last turn, both in it. */
export interface SearchMeeting {
  id: string;
  turns: readonly { speaker: string; text: string }[];
  topics: readonly { topic: string; spans: readonly (readonly [number, number])[] }[];
}

const TARGET_FIRST = 0.6;
const TARGET_RANK = 0.72;
/** Results looked at for the reciprocal rank. */
const DEPTH = 50;
const WAYS: readonly [name: string, lists: readonly SearchList[]][] = [
  ['words', ['words']],
  ['meaning', ['meaning']],
  ['both', ['words', 'meaning']],
];

interface Score {
  queries: number;
  first: number;
  five: number;
  reciprocal: number;
}

/** One turn a sentence; a second each, so that each has a time. */
export function turnsAsSentences(turns: SearchMeeting['turns']): Sentence[] {
  return turns.map(({ speaker, text }, line) => ({ text: text.replace(/\{[a-z]+\}/g, ' '), speaker, line, start: fromSeconds(line), end: fromSeconds(line + 1) }));
}

const mediaId = (number: number): string => (number + 1).toString(16).padStart(32, '0');

/** Figures with their targets; prints nothing. */
export async function evaluateSearch(meetings: readonly SearchMeeting[], encoder: QueryEncoder): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-eval-search-'));
  const library = openLibrary({ folder, searchTerms: () => [] });
  try {
    for (const [number, { turns }] of meetings.entries()) {
      const sentences = turnsAsSentences(turns);
      const vectors = await encoder.embed(sentences.map(({ text }) => text), { language: 'minilm', kind: 'passage' });
      library.indexSentences(mediaId(number), 'eval', sentences, vectors, 'minilm');
    }
    const figures: Figure[] = [];
    for (const [name, lists] of WAYS) figures.push(...figuresOf(name, await scoreOf(meetings, lists, library, encoder)));
    return [...figures, ...chanceOf(meetings)];
  } finally {
    library.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function scoreOf(meetings: readonly SearchMeeting[], lists: readonly SearchList[], library: Library, encoder: QueryEncoder): Promise<Score> {
  const score = { queries: 0, first: 0, five: 0, reciprocal: 0 };
  for (const [number, { topics }] of meetings.entries()) {
    for (const { topic, spans } of topics) {
      const found = await searchAnywhere({ query: topic, media: [mediaId(number)], lists: [...lists], limit: DEPTH }, { library, encoder });
      const right = found.findIndex(({ line }) => spans.some(([first, last]) => line !== null && line >= first && line <= last));
      score.queries += 1;
      if (right === 0) score.first += 1;
      if (right >= 0 && right < 5) score.five += 1;
      if (right >= 0) score.reciprocal += 1 / (right + 1);
    }
  }
  return score;
}

function figuresOf(name: string, { queries, first, five, reciprocal }: Score): Figure[] {
  const judged = name === 'both';
  return [
    { name: `search, ${name}: first right`, value: first / queries, unit: '', target: judged ? { kind: 'at_least', value: TARGET_FIRST } : null },
    { name: `search, ${name}: mean reciprocal rank`, value: reciprocal / queries, unit: '', target: judged ? { kind: 'at_least', value: TARGET_RANK } : null },
    { name: `search, ${name}: one of five right`, value: five / queries, unit: '', target: null },
  ];
}

/** Turns drawn at random, at least five apart being near enough to any: the expected values by each topic's share of its meeting. */
function chanceOf(meetings: readonly SearchMeeting[]): Figure[] {
  const shares = meetings.flatMap(({ turns, topics }) =>
    topics.map(({ spans }) => new Set(spans.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))).size / turns.length),
  );
  const mean = (value: (share: number) => number): number => shares.reduce((sum, share) => sum + value(Math.min(1, share)), 0) / shares.length;
  // The first right one is at rank r with share (1 - share)^(r - 1).
  const reciprocal = (share: number): number => Array.from({ length: DEPTH }, (_, index) => (share * (1 - share) ** index) / (index + 1)).reduce((sum, value) => sum + value, 0);
  return [
    { name: 'search, chance: first right', value: mean((share) => share), unit: '', target: null },
    { name: 'search, chance: mean reciprocal rank', value: mean(reciprocal), unit: '', target: null },
    { name: 'search, chance: one of five right', value: mean((share) => 1 - (1 - share) ** 5), unit: '', target: null },
  ];
}
