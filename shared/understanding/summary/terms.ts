/** Words and phrases that a text is about. */
import type { KeyTerm, Sentence } from '../types.ts';
import { cleanSentence } from './clean.ts';
import { hasNoSpaces, wordsOf } from './words.ts';
import { isEmptyWord, wordListsOf } from './wordLists.ts';

/** Words of one term. */
const LONGEST = 3;
const MOST_SENTENCES_A_TERM = 200;

interface Counted {
  /** As written, with how often. */
  forms: Map<string, number>;
  sentences: number[];
  count: number;
  words: number;
}

/**
 * Runs of words between stop words and marks (as in RAKE, Rose et al. 2010), scored by how often they are said, how many words they are, and how unevenly they are spread; a term that is
 * said only within a longer one gives way to it. Best first. In a language without a list of stop words, the words of over a tenth of the sentences are those.
 */
export function keyTerms(sentences: readonly Sentence[], language: string, limit: number): KeyTerm[] {
  return termsOf(sentences.map(({ text }) => cleanSentence(text, language)), sentences, language, limit);
}

/** The same of sentences that are cleaned already; '' where nothing was said. */
export function termsOf(cleaned: readonly string[], sentences: readonly Sentence[], language: string, limit: number): KeyTerm[] {
  const stop = wordListsOf(language)?.stop ?? commonWords(sentences, language);
  const terms = new Map<string, Counted>();
  for (const [index, text] of cleaned.entries()) {
    for (const run of runsOf(text, language, stop)) countRun(terms, run, index, language);
  }
  const scored = [...terms.entries()].flatMap(([key, counted]) => scoreOf(key, counted, sentences.length));
  scored.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
  const kept: typeof scored = [];
  for (const term of scored) {
    if (kept.length >= limit) break;
    const inside = kept.some((better) => contains(better.key, term.key) || contains(term.key, better.key));
    if (!inside) kept.push(term);
  }
  const highest = kept[0]?.score ?? 1;
  return kept.map(({ term, score, sentences: places }) => ({ term, score: score / highest, sentences: places.slice(0, MOST_SENTENCES_A_TERM) }));
}

const contains = (longer: string, shorter: string): boolean => (hasNoSpaces(longer) ? longer.includes(shorter) : ` ${longer} `.includes(` ${shorter} `));

function commonWords(sentences: readonly Sentence[], language: string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { text } of sentences) for (const word of new Set(wordsOf(text.toLowerCase(), language))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const many = Math.max(3, sentences.length * 0.1);
  return new Set([...counts].flatMap(([word, count]) => (count > many || word.length < 4 ? [word] : [])));
}

/** Runs of words with nothing between them that parts them. */
function runsOf(text: string, language: string, stop: ReadonlySet<string>): string[][] {
  const runs: string[][] = [];
  for (const part of text.split(/[,.;:!?…()"“”、，。；：！？「」《》—]+|\s[-–]\s/u)) {
    let run: string[] = [];
    for (const word of wordsOf(part, language)) {
      const lower = word.toLowerCase().replaceAll('’', "'");
      const isStop = stop.has(lower) || isEmptyWord(lower) || /^\d+$/u.test(word) || (!hasNoSpaces(word) && word.length < 3 && word !== word.toUpperCase()) || /^\p{L}$/u.test(word);
      if (!isStop) run.push(word);
      else if (run.length > 0) {
        runs.push(run);
        run = [];
      }
    }
    if (run.length > 0) runs.push(run);
  }
  return runs;
}

/** Every part of the run of up to three words is a term. */
function countRun(terms: Map<string, Counted>, run: readonly string[], sentence: number, language: string): void {
  for (let from = 0; from < run.length; from++) {
    for (let words = 1; words <= Math.min(LONGEST, run.length - from); words++) {
      const part = run.slice(from, from + words);
      const written = part.join(part.some(hasNoSpaces) ? '' : ' ');
      const key = stemmed(written.toLowerCase(), language);
      const counted = terms.get(key) ?? { forms: new Map<string, number>(), sentences: [], count: 0, words };
      counted.forms.set(written, (counted.forms.get(written) ?? 0) + 1);
      counted.count += 1;
      if (counted.sentences.at(-1) !== sentence) counted.sentences.push(sentence);
      terms.set(key, counted);
    }
  }
}

/** English plurals are the same term as the singular. */
function stemmed(term: string, language: string): string {
  return language === 'en' ? term.replace(/(?<=[a-z]{3})(?<!s|u|i)s$/u, '') : term;
}

function scoreOf(key: string, { forms, sentences, count, words }: Counted, total: number): { key: string; term: string; score: number; sentences: number[] }[] {
  if (hasNoSpaces(key) && [...key].length < 2) return [];
  // Said once is no theme, unless there is so little text that all is said once.
  if (count < 2 && total >= 12) return [];
  const written = [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? key;
  const spread = Math.log((1 + total) / (1 + sentences.length));
  return [{ key, term: written, score: Math.log2(1 + count) * spread ** 0.5 * (words === 1 ? 1 : 1.35 + 0.15 * words), sentences }];
}
