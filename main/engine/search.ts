/** The search over everything known so far: lists by words, meaning, tags, text in the picture and the picture, fused. */
import { searchTerms } from '../inference/labels.ts';
import type { EncoderName, KnownLabel, Library } from '../library/types.ts';
import { marksOf, queryWords } from '../library/words.ts';
import type { EngineArgs, Moment } from '../../shared/ipc/engine.ts';
import type { MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import { SEARCH_LISTS, type FoundMoment, type SearchList } from '../../shared/understanding/types.ts';
import { aboutOf } from './queryAbout.ts';
import { fuse, type Fused, type Hit, type RankedList } from './fusion.ts';

/** Sentences and shots taken of each list before they are fused. */
const DEPTH = 300;
/** Cosine below which a sentence is not about the query; how the encoders' cosines lie differs. */
const LEAST_ABOUT: Readonly<Record<EncoderName, number>> = { minilm: 0.2, e5: 0.83 };
/** Cosine from which a tag's name means a word of the query ("puppy" and "golden retriever, dog"). */
const LEAST_TAG: Readonly<Record<EncoderName, number>> = { minilm: 0.45, e5: 0.87 };
/** And how far below the likeliest tag's: "puppy" is not "horse", although both are animals. */
const TAG_MARGIN: Readonly<Record<EncoderName, number>> = { minilm: 0.12, e5: 0.02 };
/** Cosine of a picture and a query by the joint model, below which it does not show it. */
const LEAST_PICTURE = 0.2;
/** Words of the query that are compared with tags one by one. */
const MOST_PARTS = 4;
/** Characters of a snippet. */
const SNIPPET = 240;

export interface QueryEncoder {
  embed(texts: readonly string[], options: { language: EncoderName; kind: 'passage' | 'query'; signal?: AbortSignal }): Promise<Float32Array[]>;
}

export interface SearchTools {
  library: Library;
  /** Null: there is no encoder, so words alone count. */
  encoder: QueryEncoder | null;
  /** Vector of the query by the joint image-text model; null without one. */
  joint?: ((query: string) => Promise<Float32Array | null>) | null;
  /** Told when a list can't be made: the others are. */
  onMissing?: (list: SearchList, reason: unknown) => void;
  signal?: AbortSignal;
}
export type SearchRequest = EngineArgs<'search'>;

/** What was found; `start` is null in a text without times, which `line` then places. */
export interface FoundAnywhere extends Omit<FoundMoment, 'start' | 'end'> {
  start: Flicks | null;
  end: Flicks | null;
  line: number | null;
  speaker: string | null;
}

const hasSigns = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
const isCjk = (text: string): boolean => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
const isLatin = (text: string): boolean => /\p{Script=Latin}/u.test(text);

/** As the window asks: only what has a time. */
export async function search(request: SearchRequest, tools: SearchTools): Promise<FoundMoment[]> {
  const found = await searchAnywhere(request, tools);
  return found.flatMap(({ line: _line, speaker: _speaker, start, end, ...moment }) => (start === null || end === null ? [] : [{ ...moment, start, end }]));
}

/** Best first. A query without a letter or digit finds nothing. */
export async function searchAnywhere(request: SearchRequest, tools: SearchTools): Promise<FoundAnywhere[]> {
  const query = aboutOf(request.query.trim());
  if (!hasSigns(query)) return [];
  return new Query({ ...request, query }, tools).run();
}

class Query {
  readonly #request: SearchRequest;
  readonly #tools: SearchTools;
  readonly #words: string[];

  constructor(request: SearchRequest, tools: SearchTools) {
    this.#request = request;
    this.#tools = tools;
    this.#words = queryWords(request.query);
  }

  async run(): Promise<FoundAnywhere[]> {
    const makers: Record<SearchList, () => Promise<RankedList[]> | RankedList[]> = {
      words: () => [this.#byWords()],
      meaning: () => this.#byMeaning(),
      tags: () => this.#byTags(),
      text: () => [this.#byText()],
      picture: () => this.#byPicture(),
    };
    const lists: RankedList[] = [];
    for (const list of this.#request.lists ?? SEARCH_LISTS) {
      this.#tools.signal?.throwIfAborted();
      lists.push(...(await makers[list]()));
    }
    return fuse(lists, this.#request.limit).map((hit) => this.#shown(hit));
  }

  #byWords(): RankedList {
    const { media } = this.#request;
    return { list: 'words', hits: this.#sentences(this.#tools.library.found.words(this.#words, media, DEPTH)) };
  }

  /** One list for each encoder that has vectors here and knows the query's script. */
  async #byMeaning(): Promise<RankedList[]> {
    const { library, encoder, onMissing } = this.#tools;
    if (!encoder) return [];
    if (library.found.meaningMissing) {
      onMissing?.('meaning', library.found.meaningMissing);
      return [];
    }
    const { query, media } = this.#request;
    const lists: RankedList[] = [];
    for (const language of library.found.encoders()) {
      if (language === 'minilm' && !isLatin(query)) continue;
      const vector = await this.#embed([query], language, 'query', 'meaning');
      if (vector?.[0]) lists.push({ list: 'meaning', hits: this.#sentences(library.found.meaning(vector[0], language, media, DEPTH, LEAST_ABOUT[language])) });
    }
    return lists;
  }

  /** An encoder that can't run (its model is missing or damaged) costs its list, not the search. */
  async #embed(texts: readonly string[], language: EncoderName, kind: 'passage' | 'query', list: SearchList): Promise<Float32Array[] | null> {
    const { encoder, signal, onMissing } = this.#tools;
    try {
      return (await encoder?.embed(texts, { language, kind, signal })) ?? null;
    } catch (error) {
      signal?.throwIfAborted();
      onMissing?.(list, error);
      return null;
    }
  }

  #sentences(found: readonly { media: MediaId; sentence: number; id: number }[]): Hit[] {
    const sentences = this.#tools.library.found.sentences(found.map(({ id }) => id));
    return found.flatMap(({ media, sentence, id }) => {
      const row = sentences.get(id);
      if (!row) return [];
      const { start, end, line, speaker, text } = row;
      return [{ media, start, end, sentence, shot: null, line, speaker, kind: 'speech' as const, text }];
    });
  }

  /** By name and broader term, all words at once; after those, by what the words mean. */
  async #byTags(): Promise<RankedList[]> {
    const { query, media } = this.#request;
    const exact = this.#tools.library.searchTags(query.slice(0, 200), media, DEPTH);
    const hits = [...exact.map(hitOfTag), ...(await this.#byTagMeaning())];
    const seen = new Set<string>();
    const unique = hits.filter((hit) => {
      const name = `${hit.media}/${hit.shot ?? ''}`;
      return !seen.has(name) && seen.add(name);
    });
    return [{ list: 'tags', hits: unique.slice(0, DEPTH) }];
  }

  async #byTagMeaning(): Promise<Hit[]> {
    const { library, encoder } = this.#tools;
    const labels = library.found.labels();
    if (labels.length === 0 || !encoder) return [];
    const language = isCjk(this.#request.query) ? 'e5' : 'minilm';
    const parts = [...new Set([this.#request.query, ...this.#words.slice(0, MOST_PARTS)])];
    const names = labels.map((label) => nameToEmbed(label, language));
    const queries = await this.#embed(parts, language, 'query', 'tags');
    const vectors = queries && (await this.#embed(names, language, 'passage', 'tags'));
    if (!queries || !vectors) return [];
    const likely = queries.map((query) => likelyLabels(query, labels, vectors, language));
    return this.#taggedShots(likely, labels);
  }

  /** A shot is as good as the sum over the query's parts of its likeliest tag for each, so that one with both dog and sea comes first. */
  #taggedShots(likely: readonly ReadonlyMap<number, number>[], labels: readonly KnownLabel[]): Hit[] {
    const { library } = this.#tools;
    const wanted = [...new Set(likely.flatMap((part) => [...part.keys()]))];
    if (wanted.length === 0) return [];
    const shots = new Map<string, { media: MediaId; shot: number; parts: number[]; best: number; label: number }>();
    for (const { media, shot, label, score } of library.found.tagged(wanted, this.#request.media)) {
      const name = `${media}/${shot}`;
      const entry = shots.get(name) ?? { media, shot, parts: likely.map(() => 0), best: 0, label };
      shots.set(name, entry);
      likely.forEach((part, index) => {
        const weight = (part.get(label) ?? 0) * score;
        entry.parts[index] = Math.max(entry.parts[index] ?? 0, weight);
        if (weight > entry.best) Object.assign(entry, { best: weight, label });
      });
    }
    const named = new Map(labels.map((label) => [label.id, label.label]));
    const total = ({ parts }: { parts: readonly number[] }): number => parts.reduce((sum, part) => sum + part, 0);
    const best = [...shots.values()].sort((a, b) => total(b) - total(a)).slice(0, DEPTH);
    return best.flatMap(({ media, shot, label }) => this.#shotHit(media, shot, 'tag', named.get(label) ?? ''));
  }

  #byText(): RankedList {
    const found = this.#tools.library.found.pictureText(this.#words, this.#request.media, DEPTH);
    const hits = found.flatMap(({ media, shot, text }) => this.#shotHit(media, shot, 'text', text));
    return { list: 'text', hits };
  }

  async #byPicture(): Promise<RankedList[]> {
    const { joint, library, onMissing } = this.#tools;
    if (!joint) return [];
    try {
      const query = await joint(this.#request.query);
      if (!query) return [];
      const only = this.#request.media;
      const vectors = only === null ? library.shotVectors(null, 'joint') : only.flatMap((media) => library.shotVectors(media, 'joint'));
      const near = vectors.map((row) => ({ ...row, cosine: cosine(row.vector, query) })).filter((row) => row.cosine >= LEAST_PICTURE);
      near.sort((a, b) => b.cosine - a.cosine);
      return [{ list: 'picture', hits: near.slice(0, DEPTH).flatMap(({ media, shot }) => this.#shotHit(media, shot, 'picture', '')) }];
    } catch (error) {
      onMissing?.('picture', error);
      return [];
    }
  }

  #shotHit(media: MediaId, number: number, kind: Hit['kind'], text: string): Hit[] {
    const shot = this.#tools.library.found.shot(media, number);
    return shot ? [{ media, start: shot.start, end: shot.end, sentence: null, shot: number, line: null, speaker: null, kind, text }] : [];
  }

  #shown({ sentence: _sentence, text, ...hit }: Fused): FoundAnywhere {
    const { found } = this.#tools.library;
    const shot = hit.start === null ? null : found.shotAt(hit.media, hit.start);
    const snippet = snippetOf(text, this.#words);
    return {
      ...hit,
      start: hit.start as Flicks | null,
      end: hit.end as Flicks | null,
      shot: shot?.shot ?? null,
      mediaName: found.mediaName(hit.media) ?? '',
      snippet,
      marks: marksOf(snippet, this.#words),
      picture: shot?.picture ?? null,
    };
  }
}

const hitOfTag = ({ media, start, end, shot, label }: Moment): Hit => ({ media, start, end, sentence: null, shot, line: null, speaker: null, kind: 'tag', text: label });

/** With its nearest broader term: a name alone ("saluki") says little to an encoder of sentences. */
function nameToEmbed({ source, label }: KnownLabel, language: EncoderName): string {
  const terms = searchTerms(source, label);
  const chinese = terms.filter(isCjk);
  const english = [label, ...terms.filter((term) => !isCjk(term))];
  return (language === 'e5' && chinese.length > 0 ? chinese : english).slice(0, 2).join(', ');
}

/** Labels by id that mean the query, with how much. */
function likelyLabels(query: Float32Array, labels: readonly KnownLabel[], vectors: readonly Float32Array[], language: EncoderName): Map<number, number> {
  const near = labels.map(({ id }, index) => [id, cosine(vectors[index] ?? query, query)] as const);
  const least = Math.max(LEAST_TAG[language], Math.max(...near.map(([, value]) => value)) - TAG_MARGIN[language]);
  return new Map(near.filter(([, value]) => value >= least));
}

/** Of unit vectors. */
function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

/** A long text's part around its first word of the query. */
function snippetOf(text: string, words: readonly string[]): string {
  if (text.length <= SNIPPET) return text;
  const first = marksOf(text, words)[0]?.[0] ?? 0;
  const from = Math.max(0, Math.min(first - SNIPPET / 3, text.length - SNIPPET));
  // Whole words, and never half of a surrogate pair.
  const start = from === 0 ? 0 : from + Math.max(0, text.slice(from, from + 20).search(/\s/));
  const part = text.slice(start, start + SNIPPET).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/gu, '');
  return `${start > 0 ? '…' : ''}${part.trim()}${start + SNIPPET < text.length ? '…' : ''}`;
}
