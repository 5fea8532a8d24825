/** Answers to a question: the sentences of a transcript that give it, with the part that does. */
import type { EngineArgs } from '../../../shared/ipc/engine.ts';
import type { Answer, AskResult, Sentence } from '../../../shared/understanding/types.ts';
import { readingLength, wordsOf } from '../../../shared/understanding/summary/words.ts';
import { wordListsOf } from '../../../shared/understanding/summary/wordLists.ts';
import { answerSpan, kindOfQuestion } from './answerSpan.ts';
import type { EncoderLanguage, LanguageEncoder } from './encoder.ts';
import { languageOf } from './language.ts';

export type AskRequest = EngineArgs<'ask'>;

/** Reciprocal rank fusion (Cormack et al. 2009). */
const FUSION = 60;
/** Sentences of each list that are fused. */
const DEPTH = 100;
/** What the neighbours' meaning counts beside a sentence's own: an answer often leaves out what the question named. */
const NEIGHBOURS = 0.25;
/** What a part of the kind that was asked for (a time for "when") counts. */
const KIND_BONUS = 0.05;
/** Answers nearer to a better one than this many sentences are part of it. */
const APART = 2;
/**
 * Least score of the best sentence to be an answer, by encoder; `words` is the share of the question's words, weighted by how rare they are. Chosen for the least
 * mean of both errors by `eval language --part answers`. English: the topics of the 20 QMSum validation meetings as questions, over their own meeting and over one
 * of another domain: 11 % of the answered are said to be not found, 1 % of the others to be found (words alone: 13 % and 12 %). Chinese: 20 questions of our own over
 * ten sentences with an answer in other words, and over ten without: 15 % and none; with so few, the rates are good to ten points only.
 */
export const LEAST: Readonly<Record<EncoderLanguage | 'words', number>> = { minilm: 0.42, e5: 0.865, words: 0.34 };

/** Best first, at most `limit`. A question or a transcript without words finds nothing. Rejects as `LanguageEncoder.embed`. */
export async function ask({ question, language, sentences, limit }: AskRequest, encoder: LanguageEncoder, signal?: AbortSignal): Promise<AskResult> {
  const texts = sentences.map(({ text }) => text);
  const known = languageOf(language, texts);
  const nothing: AskResult = { found: false, answers: [], method: known.encoder ? 'meaning' : 'words' };
  if (!/[\p{L}\p{N}]/u.test(question) || sentences.length === 0) return nothing;
  const byWords = scoresByWords(question, texts, known.language);
  const byMeaning = known.encoder === null ? null : await scoresByMeaning(question, texts, known.encoder, encoder, signal);
  const order = fuse([byMeaning, byWords]);
  const kind = kindOfQuestion(question);
  const certainty = byMeaning ?? byWords;
  const picked = spread(order, limit);
  const answers = picked.map((index): Answer => answerOf(index, sentences[index], certainty[index] ?? 0, question, known.language, kind));
  // Of equally good sentences the one with a part of the kind asked for answers.
  answers.sort((a, b) => rankOf(b, kind !== null) - rankOf(a, kind !== null));
  const best = Math.max(0, ...answers.map(({ score }) => score));
  return { found: best >= LEAST[known.encoder ?? 'words'], answers, method: known.encoder ? 'meaning' : 'words' };
}

const rankOf = (answer: Answer, wantsKind: boolean): number => answer.score + (wantsKind && answer.span[1] - answer.span[0] < answer.text.length ? KIND_BONUS : 0);

function answerOf(index: number, sentence: Sentence | undefined, score: number, question: string, language: string, kind: ReturnType<typeof kindOfQuestion>): Answer {
  const text = sentence?.text ?? '';
  const { start = null, end = null, speaker = null } = sentence ?? {};
  return { sentence: index, text, span: answerSpan(text, question, language, kind), start, end, speaker, score: Math.min(1, Math.max(0, score)) };
}

async function scoresByMeaning(question: string, texts: readonly string[], language: EncoderLanguage, encoder: LanguageEncoder, signal: AbortSignal | undefined): Promise<number[]> {
  const stop = signal ? { signal } : {};
  const vectors = await encoder.embed(texts, { language, kind: 'passage', ...stop });
  const [asked] = await encoder.embed([question], { language, kind: 'query', ...stop });
  const own = vectors.map((vector) => dot(vector, asked));
  return own.map((score, i) => {
    // A sentence of a word or two says nothing by itself, and a question is no answer.
    const weak = readingLength(texts[i] ?? '') < 4 || /[?？]\s*$/u.test(texts[i] ?? '');
    const around = Math.max(own[i - 1] ?? 0, own[i + 1] ?? 0);
    return (weak ? 0.8 : 1) * Math.max(score, (1 - NEIGHBOURS) * score + NEIGHBOURS * around);
  });
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b?.[k] ?? 0);
  return sum;
}

/** Share of the question's words that a sentence has, each weighted by how rare it is here (inverse document frequency): 0 to 1. */
function scoresByWords(question: string, texts: readonly string[], language: string): number[] {
  const stop = wordListsOf(language)?.stop;
  const wordsIn = (text: string): string[] => wordsOf(text.toLowerCase(), language).map(plain);
  const asked = [...new Set(wordsIn(question))];
  const content = asked.filter((word) => !stop?.has(word));
  const wanted = content.length > 0 ? content : asked;
  const bags = texts.map((text) => new Set(wordsIn(text)));
  const weights = wanted.map((word) => Math.log((1 + bags.length) / (1 + bags.filter((bag) => bag.has(word)).length)) + 0.1);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return bags.map((bag) => wanted.reduce((sum, word, i) => sum + (bag.has(word) ? (weights[i] ?? 0) : 0), 0) / whole);
}

/** Without English endings: "costs" is "cost". */
function plain(word: string): string {
  return /^[a-z]{4,}$/.test(word) ? word.replace(/(?:ies|es|s|ing|ed)$/u, '') : word;
}

/** Indices, best first, by the sum of reciprocal ranks. A sentence without any score is in no list. */
function fuse(lists: readonly (readonly number[] | null)[]): number[] {
  const sums = new Map<number, number>();
  for (const scores of lists) {
    if (!scores) continue;
    const ranked = scores.map((score, index) => ({ score, index })).filter(({ score }) => score > 0);
    ranked.sort((a, b) => b.score - a.score || a.index - b.index);
    for (const [rank, { index }] of ranked.slice(0, DEPTH).entries()) sums.set(index, (sums.get(index) ?? 0) + 1 / (FUSION + rank + 1));
  }
  return [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([index]) => index);
}

function spread(order: readonly number[], limit: number): number[] {
  const picked: number[] = [];
  for (const index of order) {
    if (picked.length >= limit) break;
    if (!picked.some((better) => Math.abs(better - index) < APART)) picked.push(index);
  }
  return picked;
}
