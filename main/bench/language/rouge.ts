/** ROUGE (Lin 2004) with one reference: F1 of common words, pairs of words, and the longest common subsequence, all stemmed, as in the widely used Python package `rouge-score`. */
import { porterStem } from './porter.ts';

export interface Rouge {
  one: number;
  two: number;
  /** Of the whole texts' longest common subsequence. */
  longest: number;
}

/** Runs of letters and digits in lower case; those of more than three letters stemmed. */
export function rougeTokens(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) => (word.length > 3 ? porterStem(word) : word));
}

/** 0 to 1 each; 0 where either text has no words. */
export function rouge(reference: string, candidate: string): Rouge {
  const [wanted, got] = [rougeTokens(reference), rougeTokens(candidate)];
  const lcs = longestCommonSubsequence(wanted, got);
  return { one: common(wanted, got, 1), two: common(wanted, got, 2), longest: f1(lcs, wanted.length, got.length) };
}

const f1 = (hits: number, wanted: number, got: number): number => (hits === 0 ? 0 : (2 * hits) / (wanted + got));

function common(wanted: readonly string[], got: readonly string[], size: number): number {
  const runs = (words: readonly string[]): string[] => words.slice(0, Math.max(0, words.length - size + 1)).map((_, at) => words.slice(at, at + size).join(' '));
  const [left, right] = [runs(wanted), runs(got)];
  const counts = new Map<string, number>();
  for (const run of left) counts.set(run, (counts.get(run) ?? 0) + 1);
  let hits = 0;
  for (const run of right) {
    const count = counts.get(run) ?? 0;
    if (count === 0) continue;
    hits += 1;
    counts.set(run, count - 1);
  }
  return f1(hits, left.length, right.length);
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Int32Array(b.length + 1);
  for (const word of a) {
    const row = new Int32Array(b.length + 1);
    for (const [j, other] of b.entries()) row[j + 1] = word === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0);
    above = row;
  }
  return above[b.length] ?? 0;
}
