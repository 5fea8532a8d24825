/** How good the place between two pieces of text is to end a line or a cue. */
import { ABBREVIATIONS, CHINESE, ENGLISH, JAPANESE_TRAILING } from './functionWords.ts';
import { isWide } from './text.ts';

/**
 * Costs of a break, best first. The order is that of Netflix's line treatment (General Requirements 5) and of the BBC guidelines (3.4: the ideal break is
 * at a full stop, comma or dash; else before what begins a clause or phrase).
 */
export const BREAK = { sentence: 0, clause: 1, conjunction: 2, preposition: 3, plain: 4, bad: 10, never: 30 } as const;

interface Traits {
  key: string;
  sentence: boolean;
  clause: boolean;
  /** Ends with a wide character, begins with one. */
  wideEnd: boolean;
  wideStart: boolean;
  capital: boolean;
  number: boolean;
}

/** Closing punctuation, small kana and marks that never begin a line (JIS X 4051; Unicode UAX 14 classes CL, CP, EX, IS, NS). */
const NEVER_FIRST = /^[\p{Pe}\p{Pf}!?,.:;%，。！？；：、…—～·％‰℃ー々ゝヽぁぃぅぇぉっゃゅょァィゥェォッャュョ،؛؟।]/u;
/** Opening punctuation never ends a line (UAX 14 classes OP, PR). */
const NEVER_LAST = /[\p{Ps}\p{Pi}¿¡#$£€¥]$/u;
const CLOSERS = String.raw`["'”’)\]」』】》〉）]*$`;
const SENTENCE_END = new RegExp(String.raw`[.?!…。？！｡؟।]+${CLOSERS}`, 'u');
const CLAUSE_END = new RegExp(String.raw`[,;:，；：、،؛–—]${CLOSERS}|^[-–—]$|--$`, 'u');

const mostTraits = 20_000;

/** Knows a language's words; remembers what it has seen. */
export class Breaks {
  readonly #language: string;
  readonly #seen = new Map<string, Traits>();

  /** @param language BCP 47 or ISO 639. */
  constructor(language: string) {
    this.#language = language.toLowerCase().split(/[-_]/)[0] ?? 'und';
  }

  /** The piece ends a sentence: its last mark is a full stop and the like, and no abbreviation's. */
  endsSentence(text: string): boolean {
    return this.#traits(text).sentence;
  }

  /** Cost of a break between two neighbours, from `BREAK`; `space`: a space stands between them. */
  cost(before: string, after: string, space: boolean): number {
    const left = this.#traits(before);
    const right = this.#traits(after);
    if (NEVER_FIRST.test(after) && !space) return BREAK.never;
    if (NEVER_LAST.test(before) && !space) return BREAK.never;
    if (!space && !left.wideEnd && !right.wideStart && !this.#isUnspaced()) return BREAK.never;
    if (left.sentence) return BREAK.sentence;
    if (left.clause) return BREAK.clause;
    if (left.wideEnd || right.wideStart) return this.#wideCost(left, right);
    return this.#language === 'en' || this.#language === 'und' ? englishCost(left, right) : generalCost(left, right);
  }

  #isUnspaced(): boolean {
    return ['th', 'lo', 'km', 'my', 'bo'].includes(this.#language);
  }

  #wideCost(left: Traits, right: Traits): number {
    if (this.#language === 'ja') return JAPANESE_TRAILING.has(right.key) ? BREAK.bad : BREAK.plain;
    if (this.#language === 'ko') return BREAK.plain;
    if (CHINESE.trailing.has(right.key)) return BREAK.bad;
    if (CHINESE.conjunction.has(right.key)) return BREAK.conjunction;
    if (CHINESE.leading.has(left.key) || CHINESE.conjunction.has(left.key)) return BREAK.bad;
    if (left.number) return BREAK.bad;
    return CHINESE.leading.has(right.key) ? BREAK.preposition : BREAK.plain;
  }

  #traits(text: string): Traits {
    const known = this.#seen.get(text);
    if (known) return known;
    if (this.#seen.size > mostTraits) this.#seen.clear();
    const made = traitsOf(text);
    this.#seen.set(text, made);
    return made;
  }
}

function traitsOf(text: string): Traits {
  const bare = text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '').replace(/’/g, "'");
  const key = bare.toLowerCase();
  const stop = SENTENCE_END.test(text);
  const abbreviated = stop && /\.["'”’)]*$/.test(text) && (ABBREVIATIONS.has(key) || /^(\p{Lu}|(\p{Lu}\.)+\p{Lu})$/u.test(bare)) && bare !== 'I';
  return {
    key,
    sentence: stop && !abbreviated,
    clause: CLAUSE_END.test(text),
    wideEnd: isWide([...text].at(-1) ?? ''),
    wideStart: isWide([...text].at(0) ?? ''),
    capital: /^\p{Lu}[\p{Ll}'’]/u.test(bare) || abbreviated,
    number: /^[\p{Sc}]?\p{N}[\p{N}.,:]*$/u.test(bare) || /^[一二三四五六七八九十百千万亿两]+$/u.test(bare),
  };
}

function englishCost(left: Traits, right: Traits): number {
  const { article, pointer, adjective, preposition, conjunction, auxiliary, pronoun, eitherPronoun, title } = ENGLISH;
  if (article.has(left.key) || preposition.has(left.key) || conjunction.has(left.key) || pronoun.has(left.key) || title.has(left.key)) {
    // A particle or a lone pointer before a new clause (“come on | and”, “do it for them | because”).
    return conjunction.has(right.key) && preposition.has(left.key) ? BREAK.preposition : BREAK.bad;
  }
  if (conjunction.has(right.key)) return BREAK.conjunction;
  if (auxiliary.has(left.key) || /n't$|'(re|ve|ll|m|d)$/.test(left.key)) return BREAK.bad;
  const opens = preposition.has(right.key);
  if (pointer.has(left.key) || adjective.has(left.key)) return opens ? BREAK.preposition + 1 : BREAK.bad;
  if (eitherPronoun.has(left.key)) return auxiliary.has(right.key) ? BREAK.bad : BREAK.plain + 2;
  if (left.number && !opens) return BREAK.bad;
  if (left.capital && right.capital && left.key !== 'i' && right.key !== 'i' && !/^i'/.test(right.key)) return BREAK.bad;
  if (opens) return BREAK.preposition;
  return pronoun.has(right.key) || article.has(right.key) ? BREAK.preposition + 0.5 : BREAK.plain;
}

/**
 * For languages without a list here: short words in small letters are articles, prepositions and conjunctions in most languages written with spaces
 * and lean on what follows; two words with capitals are a name.
 */
function generalCost(left: Traits, right: Traits): number {
  if (/^\p{Ll}{1,3}['’]?$/u.test(left.key) && /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}'’]+$/u.test(left.key)) return BREAK.bad;
  if (left.number || (left.capital && right.capital)) return BREAK.bad;
  return /^\p{Ll}{1,3}$/u.test(right.key) ? BREAK.preposition : BREAK.plain;
}
