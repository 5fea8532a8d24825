/** Word and character error rates: edit distance over the reference's length, after the usual normalisation. */
import { simplify } from '../../analysis/speech/script.ts';

export interface ErrorCount {
  errors: number;
  length: number;
}

/** Lower case, one kind of apostrophe, no other punctuation; words of letters, digits and apostrophes. Digits stay digits. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'");
  return plain.match(/[\p{L}\p{M}\p{N}']+/gu) ?? [];
}

/** Characters of a Chinese text in Simplified script, without punctuation and spaces; Latin in lower case. */
function charactersOf(text: string): string[] {
  return [...simplify(text.normalize('NFKC').toLowerCase()).replace(/[^\p{L}\p{N}]/gu, '')];
}

/** Units that a language's errors are counted in: characters for Chinese and Japanese, else words. */
export function unitsOf(text: string, language: string): string[] {
  return /^(zh|ja|yue)/.test(language) ? charactersOf(text) : wordsOf(text);
}

const ENGLISH_DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const CHINESE_DIGITS = '零一二三四五六七八九';

/** Digits said one by one are the same however they are written: each a unit of its own, 0 to 9 ("oh" is 0, 幺 is 1). Larger numbers stay. */
function digitsAlike(units: readonly string[]): string[] {
  return units.flatMap((unit) => {
    if (/^\d+$/.test(unit)) return [...unit];
    const spoken = unit === 'oh' ? 0 : unit === '幺' ? 1 : Math.max(ENGLISH_DIGITS.indexOf(unit), unit.length === 1 ? CHINESE_DIGITS.indexOf(unit) : -1);
    return [spoken >= 0 ? String(spoken) : unit];
  });
}

/** Levenshtein distance. Time is the product of the lengths, memory the second's. */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      row[j] = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}

/** `digits`: numbers said digit by digit count as right in words and in figures. */
export function countErrors(reference: string, heard: string, language: string, digits: 'strict' | 'alike' = 'strict'): ErrorCount {
  const prepare = (text: string): string[] => (digits === 'alike' ? digitsAlike(unitsOf(text, language)) : unitsOf(text, language));
  const wanted = prepare(reference);
  return { errors: editDistance(wanted, prepare(heard)), length: wanted.length };
}

export function rateOf(counts: readonly ErrorCount[]): number {
  const length = counts.reduce((sum, count) => sum + count.length, 0);
  return length === 0 ? 0 : counts.reduce((sum, count) => sum + count.errors, 0) / length;
}

/** Pairs of equal words on a cheapest path between two lists: [index in a, index in b]. */
export function alignWords(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const cost = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => cost[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) cost[i * width + j] = i + j;
      else cost[i * width + j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = a.length, j = b.length; i > 0 && j > 0; ) {
    const equal = a[i - 1] === b[j - 1];
    if (at(i, j) === at(i - 1, j - 1) + (equal ? 0 : 1)) {
      i -= 1;
      j -= 1;
      if (equal) pairs.push([i, j]);
    } else if (at(i, j) === at(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return pairs.reverse();
}
