/** Spoken sentences made fit for reading: what was said, without what nobody would write. */
import { hasNoSpaces } from './words.ts';
import { wordListsOf, type WordLists } from './wordLists.ts';

/** A token and what stands before it. */
interface Token {
  before: string;
  text: string;
  /** In lower case, without marks around it. */
  word: string;
}

const HAS_WORD = /[\p{L}\p{N}]/u;
const OPENING_MARKS = /^[\s,.;:!?…、，。；：！？–—-]+/u;

/**
 * The sentence without marks of the transcriber (in braces and brackets), fillers, openers and words said twice; spaces and the first letter as
 * one writes them. Never another word than was said; empty when nothing was said.
 */
export function cleanSentence(text: string, language: string): string {
  const plain = tidySpaces(text.replace(/\{[^{}]*\}|\[[^[\]]*\]|<[^<>]*>|\((?:laughter|laughs|applause|music|inaudible|crosstalk|笑|鼓掌|掌声|音乐)\)|♪+/giu, ' '));
  const lists = wordListsOf(language);
  const cleaned = hasNoSpaces(plain) ? cleanUnspaced(plain, lists) : cleanSpaced(plain, lists);
  return finish(cleaned);
}

/** Spaces before marks, inside contractions, hyphens and quotes, as tokenised transcripts have them ("we 're , uh , the " far - field " one ."). */
function tidySpaces(text: string): string {
  const tokenised = / [.,?!](?:\s|$)/u.test(text);
  const joined = tokenised ? text.replace(/(\p{L}) - (?=\p{L})/gu, '$1-').replace(/" ([^"]*?) "/gu, '"$1"') : text;
  return joined
    .replace(/\s+/gu, ' ')
    .replace(/(\p{L}) (['’](?:s|re|ve|ll|d|m|t|em)\b)/giu, '$1$2')
    .replace(/\b(\w+n) ['’]t\b/giu, "$1't")
    .replace(/\b(do|does|did|is|are|was|were|have|has|had|ca|wo|could|would|should|must) n['’]t\b/giu, "$1n't")
    .replace(/ ([,.;:!?…%)\]])/gu, '$1')
    .trim();
}

function cleanSpaced(text: string, lists: WordLists | null): string {
  let tokens: Token[] = [...text.matchAll(/(\s*)(\S+)/gu)].map((match) => ({ before: match[1] ?? '', text: match[2] ?? '', word: bare(match[2] ?? '') }));
  if (lists) {
    tokens = tokens.flatMap((token, index) => withoutFiller(token, tokens[index - 1], lists));
    tokens = dropOpeners(tokens, lists);
    tokens = dropHedges(dropFalseStarts(tokens, lists));
  }
  tokens = dropRepeats(tokens);
  return tokens.map(({ before, text: word }) => before + word).join('');
}

const PLAIN = /^[a-z]+$/;
const bare = (token: string): string => (PLAIN.test(token) ? token : token.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').replaceAll('’', "'"));

function withoutFiller(token: Token, before: Token | undefined, lists: WordLists): Token[] {
  if (!lists.fillers.has(token.word)) return [token];
  // "The other side is, uh, a revision": the comma before it goes too, unless it parts more than the filler from the rest.
  if (before && before.text.endsWith(',') && isCommon(before.word, lists)) before.text = before.text.slice(0, -1);
  // Its end mark stays where it closes the sentence.
  const mark = /[.!?]+$/u.exec(token.text)?.[0];
  if (mark && before && !/[.!?,]$/u.test(before.text)) return [{ before: '', text: mark, word: '' }];
  return [];
}

/** Up to four openers one after another, while enough is left to be a sentence. */
function dropOpeners(tokens: readonly Token[], lists: WordLists): Token[] {
  let rest = [...tokens];
  for (let round = 0; round < 4; round++) {
    const opener = lists.openers.find((phrase) => phrase.every((word, i) => rest[i]?.word === word) && endsOpener(rest, phrase));
    if (!opener || rest.length - opener.length < 3) break;
    rest = rest.slice(opener.length);
    while (rest[0] && !HAS_WORD.test(rest[0].text)) rest = rest.slice(1);
  }
  return rest;
}

/** "Well designed things" and "So many people" begin with no opener: those are set off by a comma, or are of the sure kind. */
const NEEDS_COMMA: ReadonlySet<string> = new Set(['well', 'right', 'like', 'no', 'now', 'then', 'first of all', 'of course', 'kind of', 'sort of', 'sure', 'exactly', 'at the moment', 'also', 'as i said', 'as i say', 'that is', 'thank you', 'thanks', 'because', 'cause', 'i see']);
const NOT_BEFORE: ReadonlySet<string> = new Set(['many', 'much', 'far', 'long', 'few', 'that']);
const BEFORE_CLAUSE = /^(?:i|we|you|they|he|she|it|that|there)(?:'\p{L}+)?$/u;
function endsOpener(tokens: readonly Token[], phrase: readonly string[]): boolean {
  const comma = /[,.!?…]$/u.test(tokens[phrase.length - 1]?.text ?? '');
  if (comma) return true;
  if (phrase.join(' ') === 'well' && BEFORE_CLAUSE.test(tokens[1]?.word ?? '')) return true;
  if (NEEDS_COMMA.has(phrase.join(' '))) return false;
  return !(phrase.join(' ') === 'so' && NOT_BEFORE.has(tokens[phrase.length]?.word ?? ''));
}

/** "th that" and "w way": up to three letters that are no common word and begin the next one. */
function dropFalseStarts(tokens: readonly Token[], lists: WordLists): Token[] {
  return tokens.filter(({ text, word }, i) => {
    const next = tokens[i + 1]?.word ?? '';
    const start = text.toLowerCase();
    // "a Additionally": before an "a" one says "an".
    if (start === 'a' && /^a\p{L}/u.test(next)) return false;
    // "in ge in": a piece of a word, and again from the word before it.
    if (/^\p{Ll}{1,3}$/u.test(text) && next !== '' && next === tokens[i - 1]?.word && !isCommon(start, lists) && text === word) return false;
    const isStart = /^\p{Ll}{1,3}$/u.test(i === 0 ? start : text) && next.length > start.length && next.startsWith(start);
    return !isStart || isCommon(start, lists);
  });
}

const isCommon = (word: string, { stop, pronouns, written }: WordLists): boolean => stop.has(word) || pronouns.has(word) || written.has(word);

/** "sort of" and "kind of", but not where they name a kind ("some kind of name"); "you know" and "I mean" between commas. */
const KINDS: ReadonlySet<string> = new Set(['a', 'an', 'the', 'some', 'this', 'that', 'what', 'which', 'any', 'each', 'every', 'no', 'same', 'other', 'another', 'new', 'different', 'certain', 'one', 'of', 'all', 'these', 'those']);
const HEDGES: ReadonlySet<string> = new Set(['sort of', 'kind of', 'you know', 'i mean']);
function dropHedges(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const [token, next] = [tokens[i], tokens[i + 1]];
    if (!token) continue;
    const pair = next ? `${token.word} ${next.word}` : '';
    const before = kept.at(-1);
    const apart = /[,.!?]$/u.test(before?.text ?? ',') && /,$/u.test(next?.text ?? '');
    const isHedge = HEDGES.has(pair) && (pair.endsWith(' of') ? !KINDS.has(before?.word ?? '') && tokens.length > i + 2 && /^\p{L}+$/u.test(next?.text ?? '') : apart);
    if (isHedge) i += 1;
    else kept.push(token);
  }
  return kept;
}

/** "the the" and "we need we need": a run of up to four words said twice in a row is said once. */
function dropRepeats(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    kept.push(token);
    for (let size = 1; size <= 4 && size * 2 <= kept.length; size++) {
      if (!isSaidTwice(kept, size)) continue;
      kept.splice(-size * 2, size);
      break;
    }
  }
  return kept;
}

/** The last `size` tokens are the same words as those before them; numbers ("five five five") are meant. */
function isSaidTwice(tokens: readonly Token[], size: number): boolean {
  for (let back = 1; back <= size; back++) {
    const word = tokens[tokens.length - back]?.word ?? '';
    if (word === '' || word !== tokens[tokens.length - back - size]?.word || /^\d+$/u.test(word)) return false;
  }
  return size > 1 || !MEANT_TWICE.has(tokens.at(-1)?.word ?? '');
}
const MEANT_TWICE: ReadonlySet<string> = new Set(['very', 'had', 'that', 'many', 'far', 'again', 'bye', 'no', 'really']);

function cleanUnspaced(text: string, lists: WordLists | null): string {
  let rest = text;
  if (lists) {
    const fillers = [...lists.fillers].join('|');
    // A filler is set off by marks, or stands at the beginning.
    rest = rest.replace(new RegExp(`(^|[，、。！？\\s…])(?:(?:${fillers})+[，、。！？\\s…]*)+`, 'gu'), '$1').replace(OPENING_MARKS, '');
    for (let round = 0; round < 4; round++) {
      const opener = lists.openers.map((phrase) => phrase.join('')).find((word) => new RegExp(`^${word}[，、。！？\\s]`, 'u').test(rest));
      if (opener === undefined || [...rest].length - [...opener].length < 6) break;
      rest = rest.slice(opener.length).replace(OPENING_MARKS, '');
    }
  }
  return rest.replace(/([\p{Script=Han}]{2,6})[，、]?\1(?=[^\p{Script=Han}]|[\p{Script=Han}])/gu, (whole, part: string) => (whole.includes('，') || [...part].length > 2 ? part : whole));
}

function finish(text: string): string {
  const trimmed = text
    .replace(OPENING_MARKS, '')
    .replace(/\s*([,;:，、；：–—-])+\s*$/u, '')
    .replace(/,\s*(?=[,.;!?])/gu, '')
    .replace(/\s{2,}/gu, ' ')
    .trim();
  if (!HAS_WORD.test(trimmed)) return '';
  const first = [...trimmed][0] ?? '';
  const upper = first.toLocaleUpperCase('en');
  const capital = upper.length === first.length ? upper + trimmed.slice(first.length) : trimmed;
  return /[\p{L}\p{N}%)]$/u.test(capital) ? capital + (hasNoSpaces(capital) ? '。' : '.') : capital;
}
