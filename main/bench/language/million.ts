/**
 * A library of many stored sentences, and a query over it. Text and vectors come from real meetings: halves of two turns are put together,
 * and an embedding is mixed with another one's and with noise, so that neighbours stay on one subject and no two are alike.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSeconds } from '../../../shared/time.ts';
import type { Sentence } from '../../../shared/understanding/types.ts';
import { searchAnywhere, type QueryEncoder } from '../../engine/search.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import { DIMENSIONS, mixedVectors, windowWeight } from '../../library/windows.ts';
import type { Figure } from '../table.ts';
import { turnsAsSentences, type SearchMeeting } from './search.ts';

/** Sentences of one made-up talk: about an hour and a half. */
const TALK = 1000;
/** Turns that are embedded. */
const POOL = 3000;
const QUERIES = 20;
const NEAREST = 10;
/** Of what is kept between runs: another number for other windows or other made-up talks. */
const VERSION = 3;
const TARGET_MS = 100;
const TARGET_RECALL = 0.95;

/** Numbers from 0 to 1 that are the same in every run (Numerical Recipes' linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

interface Made {
  sentences: Sentence[];
  vectors: Float32Array[];
}

class Maker {
  readonly #texts: readonly string[];
  readonly #pool: readonly Float32Array[];
  readonly #random = generator(7);

  constructor(texts: readonly string[], pool: readonly Float32Array[]) {
    this.#texts = texts;
    this.#pool = pool;
  }

  talk(): Made {
    const sentences: Sentence[] = [];
    const vectors: Float32Array[] = [];
    let at = 0;
    for (let index = 0; index < TALK; index += 1) {
      // A subject goes on for some forty sentences.
      at = index % 40 === 0 ? Math.floor(this.#random() * this.#texts.length) : (at + 1) % this.#texts.length;
      const other = Math.floor(this.#random() * this.#texts.length);
      sentences.push({ text: joined(this.#texts[at] ?? '', this.#texts[other] ?? ''), speaker: null, line: index, start: fromSeconds(index * 5), end: fromSeconds(index * 5 + 5) });
      vectors.push(this.#mixed(at, other));
    }
    return { sentences, vectors };
  }

  /** Mostly the first; cosine to it about 0.85. */
  #mixed(at: number, other: number): Float32Array {
    const one = this.#pool[at];
    const two = this.#pool[other];
    const vector = new Float32Array(DIMENSIONS);
    let norm = 0;
    for (let index = 0; index < DIMENSIONS; index += 1) {
      const value = (one?.[index] ?? 0) + 0.35 * (two?.[index] ?? 0) + 0.08 * (this.#random() - 0.5);
      vector[index] = value;
      norm += value * value;
    }
    norm = Math.sqrt(norm);
    return vector.map((value) => value / norm);
  }
}

function joined(one: string, other: string): string {
  const first = one.split(' ');
  const second = other.split(' ');
  return [...first.slice(0, Math.ceil(first.length / 2)), ...second.slice(Math.floor(second.length / 2))].slice(0, 40).join(' ');
}

/** Best cosines so far of one query, over the vectors as they were before they were stored. */
class Exact {
  readonly #query: Float32Array;
  #best: { name: string; score: number }[] = [];

  constructor(query: Float32Array) {
    this.#query = query;
  }

  add(talk: string, mixed: readonly Float32Array[]): void {
    const scored = mixed.map((vector, index) => {
      let score = 0;
      for (let at = 0; at < DIMENSIONS; at += 1) score += (vector[at] ?? 0) * (this.#query[at] ?? 0);
      return { name: `${talk}/${index}`, score };
    });
    this.#best = [...this.#best, ...scored].sort((a, b) => b.score - a.score).slice(0, NEAREST);
  }

  names(): string[] {
    return this.#best.map(({ name }) => name);
  }
}

/** What share of the exactly nearest was found. */
function recallOf(found: readonly string[], exact: readonly string[]): number {
  const names = new Set(found);
  return exact.filter((name) => names.has(name)).length / exact.length;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * The library is kept in the system's temporary folder for the next run.
 * @param count sentences that are stored, a multiple of a thousand
 */
export async function measureMillion(meetings: readonly SearchMeeting[], encoder: QueryEncoder, count: number, print: (line: string) => void): Promise<Figure[]> {
  const queries = meetings.flatMap(({ topics }) => topics.map(({ topic }) => topic)).slice(0, QUERIES);
  // Other words of the same kind for the exact ranking, so that the timed queries are embedded anew.
  const others = await encoder.embed(queries.map((query) => `${query}.`), { language: 'minilm', kind: 'query' });
  const folder = join(tmpdir(), 'rushes-bench', `sentences-v${VERSION}-${count}`);
  const known = join(folder, 'nearest.json');
  if (!existsSync(known)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(known, JSON.stringify(await build(folder, meetings, encoder, others, count, print)));
  }
  const nearest = JSON.parse(readFileSync(known, 'utf8')) as string[][];
  const library = openLibrary({ folder, searchTerms: () => [] });
  try {
    print(`${count} sentences, ${(library.bytes() / 1e6).toFixed(0)} MB`);
    return await queryFigures(library, encoder, queries, others.map((vector, index) => ({ vector, nearest: nearest[index] ?? [] })), count);
  } finally {
    library.close();
  }
}

/** Fills the library; returns the names of each query's nearest, found by comparing with every one. */
async function build(folder: string, meetings: readonly SearchMeeting[], encoder: QueryEncoder, queries: readonly Float32Array[], count: number, print: (line: string) => void): Promise<string[][]> {
  const texts = meetings.flatMap(({ turns }) => turnsAsSentences(turns).map(({ text }) => text.replace(/\s+/g, ' ').trim())).filter((text) => text.length > 20).slice(0, POOL);
  const maker = new Maker(texts, await encoder.embed(texts, { language: 'minilm', kind: 'passage' }));
  const exact = queries.map((query) => new Exact(query));
  const library = openLibrary({ folder, searchTerms: () => [] });
  try {
    const begun = performance.now();
    for (let talk = 0; talk * TALK < count; talk += 1) {
      const made = maker.talk();
      const media = (talk + 1).toString(16).padStart(32, '0');
      library.indexSentences(media, 'made', made.sentences, made.vectors, 'minilm');
      const mixed = mixedVectors(made.vectors, made.sentences.map(({ text }) => windowWeight(text.length)));
      for (const each of exact) each.add(media, mixed);
    }
    print(`stored in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    return exact.map((each) => each.names());
  } finally {
    library.close();
  }
}

interface Reference {
  vector: Float32Array;
  nearest: readonly string[];
}

async function queryFigures(library: Library, encoder: QueryEncoder, queries: readonly string[], references: readonly Reference[], count: number): Promise<Figure[]> {
  const times: number[] = [];
  const used: number[] = [];
  for (const query of queries) {
    const before = process.cpuUsage();
    const begun = performance.now();
    await searchAnywhere({ query, media: null, lists: ['words', 'meaning'], limit: 20 }, { library, encoder });
    times.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(before);
    used.push((user + system) / 1000);
  }
  const [cold = Number.NaN, ...warm] = times;
  const recalls = references.map(({ vector, nearest }) => recallOf(library.found.meaning(vector, 'minilm', null, NEAREST, -1).map(({ media, sentence }) => `${media}/${sentence}`), nearest));
  const name = `query over ${count.toLocaleString('en')} sentences`;
  return [
    { name: `${name}, words and meaning: median`, value: median(warm), unit: 'ms', target: { kind: 'at_most', value: TARGET_MS } },
    { name: `${name}: slowest of ${warm.length}`, value: Math.max(...warm), unit: 'ms', target: null },
    { name: `${name}: processor time, all threads, median`, value: median(used.slice(1)), unit: 'ms', target: null },
    { name: `${name}: the first one, which reads the index`, value: cold, unit: 'ms', target: null },
    { name: `recall of the ${NEAREST} nearest by meaning`, value: recalls.reduce((sum, value) => sum + value, 0) / recalls.length, unit: '', target: { kind: 'at_least', value: TARGET_RECALL } },
  ];
}
