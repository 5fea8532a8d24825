/** A chapter's title, of its own key phrases. */
import type { Sentence } from '../types.ts';
import { isEmptyWord } from '../summary/wordLists.ts';
import { isContent, stem, wordsOf } from './words.ts';

const LONGEST = 60;
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

interface Phrase {
  text: string;
  stems: string[];
  count: number;
}

/**
 * Titles of consecutive parts of a text, one each: the two phrases that are frequent in the part and rare in the others. Never empty, at most 60 characters, and
 * no two alike. `starts` are the parts' first sentences, `words` those of each sentence.
 */
export function titlesOf(sentences: readonly Sentence[], starts: readonly number[], language: string, words = sentences.map(({ text }) => wordsOf(text, language))): string[] {
  const parts = starts.map((start, i) => phrasesOf(words.slice(start, starts[i + 1] ?? sentences.length)));
  const spread = new Map<string, number>();
  for (const part of parts) for (const key of part.keys()) spread.set(key, (spread.get(key) ?? 0) + 1);
  const taken = new Set<string>();
  return parts.map((part, i) => {
    const ranked = [...part].map(([key, phrase]) => ({ phrase, score: scoreOf(phrase, parts.length, spread.get(key) ?? 1) })).sort((a, b) => b.score - a.score);
    const title = distinct(titleFrom(ranked.map(({ phrase }) => phrase)) || fallback(sentences, starts[i] ?? 0), taken);
    taken.add(title);
    return title;
  });
}

/** The title of one chapter among all sentences of its text. */
export function titleOf(chapter: readonly Sentence[], all: readonly Sentence[], language: string): string {
  const from = Math.max(0, all.findIndex((sentence) => sentence === chapter[0]));
  const end = from + chapter.length;
  const starts = [...new Set([0, from, end])].filter((start) => start === 0 || start < all.length);
  return titlesOf(all, starts, language)[starts.indexOf(from)] ?? '1';
}

const isTitleWord = (word: string): boolean => isContent(word) && !isEmptyWord(word.toLowerCase());

function phrasesOf(sentences: readonly (readonly string[])[]): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  const note = (words: readonly string[]): void => {
    const stems = words.map(stem);
    const key = stems.join(' ');
    const phrase = phrases.get(key) ?? { text: words.join(EAST_ASIAN.test(words[0] ?? '') ? '' : ' '), stems, count: 0 };
    phrase.count += 1;
    phrases.set(key, phrase);
  };
  for (const words of sentences) {
    words.forEach((word, i) => {
      if (!isTitleWord(word)) return;
      note([word]);
      const next = words[i + 1];
      if (next !== undefined && isTitleWord(next) && stem(next) !== stem(word)) note([word, next]);
    });
  }
  return phrases;
}

/** A pair of words counts when it is said more than once; rare in the other chapters is better. */
function scoreOf({ stems, count }: Phrase, parts: number, holding: number): number {
  const rare = Math.log(1 + parts / holding);
  return stems.length === 1 ? count * rare : count > 1 ? 2 * count * rare : 0.5 * rare;
}

function titleFrom(ranked: readonly Phrase[]): string {
  const [first] = ranked;
  if (!first) return '';
  const second = ranked.find(({ stems }) => stems.every((word) => !first.stems.includes(word)));
  const east = EAST_ASIAN.test(first.text);
  const both = second ? `${first.text}${east ? '与' : ' and '}${second.text}` : first.text;
  const title = both.length <= LONGEST ? both : first.text;
  return clip(title.charAt(0).toUpperCase() + title.slice(1));
}

function fallback(sentences: readonly Sentence[], start: number): string {
  return clip((sentences[start]?.text ?? '').replace(/\s+/gu, ' ').trim()) || String(start + 1);
}

function distinct(title: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const next = number === 1 ? title : `${clip(title, LONGEST - 6)} (${number})`;
    if (!taken.has(next)) return next;
  }
}

/** At most `longest` UTF-16 units, no character cut in half. */
function clip(text: string, longest = LONGEST): string {
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > longest) break;
    kept += character;
  }
  return kept.trim();
}
