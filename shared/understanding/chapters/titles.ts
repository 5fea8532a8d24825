/** A chapter's title, of its own key phrases. */
import type { Sentence } from '../types.ts';
import { isEmptyWord, wordListsOf } from '../summary/wordLists.ts';
import { isContent, stem, wordsOf } from './words.ts';

const LONGEST = 60;
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Said often in talk, and never what a chapter is about. */
const TALK = new Set(
  'gonna wanna gotta cause cos yup nope mmm mhm hmm hey wow huh blah bye hello hi alright guys guy anyway anyways basically obviously definitely basic bit lot lots kinda sorta dunno today tomorrow yesterday minute minutes hour hours moment slide slides question questions example examples idea ideas part parts case cases number numbers person problem problems start stuff half good bad nice big small different interesting important able certain another usually suggests suggest suggested thought says meeting meetings week year years month mean means talk talking talked zero one two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety hundred thousand monday tuesday wednesday thursday friday saturday sunday 讨论 增加 减少 需要 采用 遇到 进行 开始 显示 提高 降低 使用 正在 去年 今年 明年 下周 上周 本周 先生 女士 部分 方面 情况 问题 东西 事情 成为 属于 出现 发现 认为 包括 具有 得到 看到 负责 困难'.split(' '),
);
/** 十名, 五千: an amount. */
const HAN_NUMBER = /^[第百分之零一二两三四五六七八九十千万亿几]+.?$/u;
/** A word after one of the first is a verb there, after one of the second a noun. */
const BEFORE_VERBS = new Set("to i you we they he she it who will would can could should shall may might must let's don't didn't doesn't i'll we'll you'll can't gonna wanna and not".split(' '));
const BEFORE_NOUNS = new Set('the a an this that these those my your our their his her its of in on at for with from by about into some any each every no more other same new'.split(' '));

interface Phrase {
  /** How it is written, and how often so. */
  forms: Map<string, number>;
  stems: string[];
  count: number;
}

/**
 * Titles of consecutive parts of a text, one each: the two phrases that are frequent in the part and rarer in the others. Never empty, at most 60 characters, and
 * no two alike. `starts` are the parts' first sentences, `words` those of each sentence.
 */
export function titlesOf(sentences: readonly Sentence[], starts: readonly number[], language: string, words = sentences.map(({ text }) => wordsOf(text, language))): string[] {
  const isWord = titleWords(words, language);
  const parts = starts.map((start, i) => phrasesOf(words.slice(start, starts[i + 1] ?? sentences.length), isWord));
  const whole = new Map<string, number>();
  for (const part of parts) for (const [key, { count }] of part) whole.set(key, (whole.get(key) ?? 0) + count);
  const sizeOf = (from: number, to = sentences.length): number => words.slice(from, to).reduce((sum, said) => sum + said.length, 0);
  const size = sizeOf(0);
  const taken = new Set<string>();
  return parts.map((part, i) => {
    const share = Math.max(1, sizeOf(starts[i] ?? 0, starts[i + 1])) / Math.max(1, size);
    const ranked = [...part].map(([key, phrase]) => ({ phrase, score: scoreOf(phrase, phrase.count / (whole.get(key) ?? 1) / share) })).sort((x, y) => y.score - x.score);
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

/** Tells words that can stand in a title: about something, no filler, and not mostly a verb in this text. */
function titleWords(sentences: readonly (readonly string[])[], language: string): (word: string) => boolean {
  const fillers = wordListsOf(language)?.fillers;
  const verbs = new Map<string, number>();
  for (const words of sentences) {
    for (let i = 1; i < words.length; i += 1) {
      const before = (words[i - 1] as string).toLowerCase();
      const lean = BEFORE_VERBS.has(before) ? 1 : BEFORE_NOUNS.has(before) ? -1 : 0;
      const word = (words[i] as string).toLowerCase();
      if (lean !== 0) verbs.set(word, (verbs.get(word) ?? 0) + lean);
    }
  }
  const known = new Map<string, boolean>();
  return (word) => {
    const low = word.toLowerCase();
    let is = known.get(low);
    if (is === undefined) known.set(low, (is = isContent(word) && !isEmptyWord(low) && !TALK.has(low) && !HAN_NUMBER.test(low) && fillers?.has(low) !== true && (verbs.get(low) ?? 0) <= 0));
    return is;
  };
}

function phrasesOf(sentences: readonly (readonly string[])[], isWord: (word: string) => boolean): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  const note = (words: readonly string[]): void => {
    const stems = words.map(stem);
    const key = stems.join(' ');
    const form = words.join(EAST_ASIAN.test(words[0] ?? '') ? '' : ' ');
    const phrase = phrases.get(key) ?? { forms: new Map<string, number>(), stems, count: 0 };
    phrase.count += 1;
    phrase.forms.set(form, (phrase.forms.get(form) ?? 0) + 1);
    phrases.set(key, phrase);
  };
  for (const words of sentences) {
    words.forEach((word, i) => {
      if (!isWord(word)) return;
      note([word]);
      const next = words[i + 1];
      if (next !== undefined && isWord(next) && stem(next) !== stem(word)) note([word, next]);
    });
  }
  return phrases;
}

/** A pair of words counts when it is said more than once; `lift`: how much more often it is said here than in the whole text. */
function scoreOf({ stems, count }: Phrase, lift: number): number {
  const weight = stems.length === 1 ? count : count > 1 ? 2 * count : 0.25;
  return weight * (0.3 + Math.max(0, Math.log(lift)));
}

/** As it is mostly written. */
function textOf({ forms }: Phrase): string {
  return [...forms].reduce((best, form) => (form[1] > best[1] ? form : best))[0];
}

function titleFrom(ranked: readonly Phrase[]): string {
  const [first] = ranked;
  if (!first) return '';
  const second = ranked.find(({ stems }) => stems.every((word) => !first.stems.includes(word)));
  const text = textOf(first);
  const both = second ? `${text}${EAST_ASIAN.test(text) ? '与' : ' and '}${textOf(second)}` : text;
  const title = both.length <= LONGEST ? both : text;
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
