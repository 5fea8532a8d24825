/** Sentences of transcripts: kept, found by words (FTS5) and by meaning (signs, then sqlite-vec). */
import type { Sentence } from '../../shared/understanding/types.ts';
import type { MediaId } from '../../shared/media.ts';
import { blobOf, bytesOf } from './blobs.ts';
import type { Database } from './database.ts';
import type { EncoderName, FoundSentence, StoredSentence } from './types.ts';
import { toInt8 } from './vectors.ts';
import { compareSigns, distanceOfNearest, mixedVectors, placesWithin, productOf, REACH, signsOf, signTable, windowWeight } from './windows.ts';
import { indexedText, wordExpression } from './words.ts';

/** Sentences of which signs alone tell, first by how many differ, then by the query's product with them; the rest is ranked exactly. */
const COARSE = 20_000;
/** `bench language` tells what is found among so many. */
const CANDIDATES = 2500;
/** Matching sentences that the words' ranking looks at, about 1 µs each: rarer words first until they are that many. */
const MOST_MATCHES = 20_000;
/** Sentences taken from the words' ranking. */
const MOST_HITS = 300;
/** A sentence's own part of its BM25 score; the rest is its window's mean. */
const OWN = 0.5;

interface Talk {
  id: number;
  media: MediaId;
  encoder: EncoderName | null;
  first: number;
  sentences: number;
}

interface SentenceRow {
  id: number;
  start_time: number | null;
  end_time: number | null;
  line: number;
  speaker: string | null;
  text: string;
}

/** Talks of one open library. The signs are held in memory: 48 MB for a million sentences. */
export class Talks {
  readonly #database: Database;
  readonly #signs = new Map<number, Uint32Array>();
  /** Null after a write of this process, which the file's version does not tell. */
  #known: { version: number; all: readonly Talk[] } | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  has(media: MediaId, key: string): boolean {
    return this.#database.prepare('SELECT 1 FROM talk WHERE media = ? AND key = ?').get(media, key) !== undefined;
  }

  put(media: MediaId, key: string, sentences: readonly Sentence[], vectors: readonly Float32Array[] | null, encoder: EncoderName | null): void {
    this.#known = null;
    this.#database.transaction(() => {
      this.#remove(media);
      const { first } = this.#database.prepare('SELECT coalesce(max(first + sentences), 1) AS first FROM talk').get() as { first: number };
      const row = this.#database.prepare('INSERT INTO sentence (id, start_time, end_time, line, speaker, text, vector) VALUES (?, ?, ?, ?, ?, ?, ?)');
      const words = this.#database.prepare('INSERT INTO sentence_words (rowid, words, characters) VALUES (?, ?, ?)');
      const mixed = vectors && mixedVectors(vectors, sentences.map(({ text }) => windowWeight(text.length)));
      sentences.forEach((sentence, index) => {
        const vector = mixed?.[index];
        row.run(first + index, sentence.start, sentence.end, sentence.line, sentence.speaker, sentence.text, vector ? toInt8(vector) : null);
        const text = indexedText(sentence.text);
        words.run(first + index, text.words, text.characters);
      });
      const bits = mixed && encoder ? bytesOf(signsOf(mixed)) : null;
      this.#database
        .prepare('INSERT INTO talk (media, key, encoder, first, sentences, bits) VALUES (?, ?, ?, ?, ?, ?)')
        .run(media, key, bits ? encoder : null, first, sentences.length, bits);
    });
  }

  remove(media: MediaId): void {
    this.#known = null;
    this.#database.transaction(() => this.#remove(media));
  }

  #remove(media: MediaId): void {
    const talk = this.#database.prepare('SELECT id, first, sentences FROM talk WHERE media = ?').get(media) as Talk | undefined;
    if (!talk) return;
    const last = talk.first + talk.sentences - 1;
    this.#database.prepare('DELETE FROM sentence_words WHERE rowid BETWEEN ? AND ?').run(talk.first, last);
    this.#database.prepare('DELETE FROM sentence WHERE id BETWEEN ? AND ?').run(talk.first, last);
    this.#database.prepare('DELETE FROM talk WHERE id = ?').run(talk.id);
    this.#signs.delete(talk.id);
  }

  /** Encoders whose vectors are here. */
  encoders(): EncoderName[] {
    const rows = this.#database.prepare('SELECT DISTINCT encoder FROM talk WHERE encoder IS NOT NULL ORDER BY encoder').all() as { encoder: EncoderName }[];
    return rows.map(({ encoder }) => encoder);
  }

  /** Media that have sentences here. */
  media(): MediaId[] {
    return (this.#database.prepare('SELECT media FROM talk').all() as { media: MediaId }[]).map((row) => row.media);
  }

  /** By BM25 over windows, best first: a sentence counts with what its neighbours have of the query. */
  byWords(words: readonly string[], media: readonly MediaId[] | null, limit: number): FoundSentence[] {
    if (words.length === 0) return [];
    const talks = this.#talks(media);
    const { terms, above } = this.#rarest(words);
    // bm25 is the better the lower; single characters say less than pairs.
    const rows = this.#database
      .prepare(`SELECT rowid AS id, bm25(sentence_words, 1.0, 0.5) AS rank FROM sentence_words
        WHERE sentence_words MATCH ?1 AND rowid >= ?2 AND (?3 IS NULL OR rowid IN (SELECT sentence.id FROM json_each(?3) JOIN sentence ON sentence.id BETWEEN value ->> 0 AND value ->> 1))
        ORDER BY rank LIMIT ${MOST_HITS}`)
      .all(terms.map(wordExpression).map((term) => `(${term})`).join(' OR '), above, media === null ? null : JSON.stringify(talks.map(spanOf))) as { id: number; rank: number }[];
    const own = new Map(rows.map(({ id, rank }) => [id, -rank]));
    return this.#best(own, talks, limit);
  }

  /** The rarest words whose matches are not too many together, and the id from which they are looked for. */
  #rarest(words: readonly string[]): { terms: string[]; above: number } {
    const count = this.#database.prepare('SELECT count(*) AS matches FROM (SELECT 1 FROM sentence_words WHERE sentence_words MATCH ? LIMIT ?)');
    const matchesOf = (word: string, most: number): number => (count.get(wordExpression(word), most) as { matches: number }).matches;
    const counted = words.map((word) => ({ word, matches: matchesOf(word, MOST_MATCHES + 1) }));
    counted.sort((a, b) => a.matches - b.matches);
    const terms: string[] = [];
    let matches = 0;
    for (const term of counted) {
      if (matches > 0 && matches + term.matches > MOST_MATCHES) break;
      terms.push(term.word);
      matches += term.matches;
    }
    if (matches <= MOST_MATCHES) return { terms, above: 0 };
    const { last } = this.#database.prepare('SELECT coalesce(max(first + sentences), 0) AS last FROM talk').get() as { last: number };
    // One word that is everywhere: the newest sentences with it.
    return { terms, above: Math.round(last * (1 - MOST_MATCHES / matchesOf(terms[0] ?? '', last))) };
  }

  /** By cosine to the query's vector of the same encoder, best first, none below `least`. Empty where sqlite-vec can't be loaded. */
  byMeaning(query: Float32Array, encoder: EncoderName, media: readonly MediaId[] | null, limit: number, least: number): FoundSentence[] {
    if (this.#database.vectorsMissing) return [];
    const talks = this.#talks(media).filter((talk) => talk.encoder === encoder);
    const rows = this.#database
      .prepare(`SELECT sentence.id, 1 - vec_distance_cosine(vec_int8(sentence.vector), vec_int8(?1)) AS cosine
        FROM json_each(?2) JOIN sentence ON sentence.id = value ORDER BY cosine DESC, sentence.id LIMIT ?3`)
      .all(toInt8(query), JSON.stringify(this.#nearest(query, talks)), limit) as { id: number; cosine: number }[];
    return rows.flatMap(({ id, cosine }) => {
      const talk = talkAt(talks, id);
      return talk && cosine >= least ? [{ media: talk.media, sentence: id - talk.first, id, score: cosine }] : [];
    });
  }

  /** Ids of the sentences whose signs are nearest. */
  #nearest(query: Float32Array, talks: readonly Talk[]): number[] {
    const distances = new Uint16Array(talks.reduce((sum, talk) => sum + talk.sentences, 0));
    const signs = signsOf([query]);
    let at = 0;
    for (const talk of talks) {
      compareSigns(this.#signsOf(talk), signs, distances, at);
      at += talk.sentences;
    }
    const places = placesWithin(distances, distanceOfNearest(distances, COARSE));
    const ids = new Uint32Array(places.length);
    const products = new Float32Array(places.length);
    const table = signTable(query);
    let number = 0;
    let passed = 0;
    for (const talk of talks) {
      const own = this.#signsOf(talk);
      for (; number < places.length && places[number]! < passed + talk.sentences; number += 1) {
        const index = places[number]! - passed;
        ids[number] = talk.first + index;
        products[number] = productOf(table, own, index);
      }
      passed += talk.sentences;
    }
    const least = products.slice().sort().at(-CANDIDATES) ?? Number.NEGATIVE_INFINITY;
    return [...ids].filter((_id, index) => products[index]! >= least).slice(0, 2 * CANDIDATES);
  }

  #signsOf(talk: Talk): Uint32Array {
    const known = this.#signs.get(talk.id);
    if (known) return known;
    const row = this.#database.prepare('SELECT bits FROM talk WHERE id = ?').get(talk.id) as { bits: unknown };
    const signs = new Uint32Array(blobOf(row.bits).buffer);
    this.#signs.set(talk.id, signs);
    return signs;
  }

  /** Ranks sentences by their own score and their window's mean; neighbours are all there, for the fusion to choose from. */
  #best(own: ReadonlyMap<number, number>, talks: readonly Talk[], limit: number): FoundSentence[] {
    const scored = [...own].flatMap(([id, itself]) => {
      const talk = talkAt(talks, id);
      if (!talk) return [];
      let sum = 0;
      for (let near = id - REACH; near <= id + REACH; near += 1) if (talkAt([talk], near)) sum += own.get(near) ?? 0;
      return [{ media: talk.media, sentence: id - talk.first, id, score: OWN * itself + ((1 - OWN) * sum) / (2 * REACH + 1) }];
    });
    return scored.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit);
  }

  sentences(ids: readonly number[]): Map<number, StoredSentence> {
    const rows = this.#database
      .prepare('SELECT sentence.id, start_time, end_time, line, speaker, text FROM json_each(?) JOIN sentence ON sentence.id = value')
      .all(JSON.stringify(ids)) as unknown as SentenceRow[];
    return new Map(rows.map((row) => [row.id, { start: row.start_time, end: row.end_time, line: row.line, speaker: row.speaker, text: row.text }]));
  }

  /** In order of their ids. Read again when this or another process has written; signs of talks that are there no more are let go. */
  #talks(media: readonly MediaId[] | null): readonly Talk[] {
    const { data_version: version } = this.#database.prepare('PRAGMA data_version').get() as { data_version: number };
    if (this.#known?.version !== version) {
      const all = this.#database.prepare('SELECT id, media, encoder, first, sentences FROM talk ORDER BY first').all() as unknown as Talk[];
      const ids = new Set(all.map(({ id }) => id));
      for (const id of this.#signs.keys()) if (!ids.has(id)) this.#signs.delete(id);
      this.#known = { version, all };
    }
    if (media === null) return this.#known.all;
    const wanted = new Set(media);
    return this.#known.all.filter((talk) => wanted.has(talk.media));
  }
}

const spanOf = (talk: Talk): [number, number] => [talk.first, talk.first + talk.sentences - 1];

/** The talk that holds a sentence, by bisection. */
function talkAt(talks: readonly Talk[], id: number): Talk | null {
  let low = 0;
  let high = talks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((talks[middle]?.first ?? 0) <= id) low = middle;
    else high = middle - 1;
  }
  const talk = talks[low];
  return talk && id >= talk.first && id < talk.first + talk.sentences ? talk : null;
}
