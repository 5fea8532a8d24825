/**
 * Text for the word index, and queries over it. FTS5's own tokenizer parts what has spaces; Chinese, Japanese and Korean have none (or
 * particles in place of them), so their runs are written as overlapping pairs, and single characters in a column of their own. A
 * word of several characters is then its pairs in a row, found wherever it stands, whatever a word breaker would make of its surroundings.
 */

const PAIRED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}ー々';
const RUN = new RegExp(`[${PAIRED}]+`, 'gu');
const TOKEN = new RegExp(`[${PAIRED}]+|[\\p{L}\\p{N}\\p{M}]+`, 'gu');
const IS_PAIRED = new RegExp(`^[${PAIRED}]`, 'u');

/** Most words of a query that are looked for. */
const MOST_WORDS = 24;

/** English words that tell nothing about a subject: left out of a query that has others. */
const EMPTY_WORDS = new Set(
  'a about all also an and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it its just like me my no not of on or our she so some than that the their them then there these they this those to us was we were what when where which who why will with would you your talk talks talking'.split(' '),
);
const EMPTY_HAN = new Set('的 了 是 在 和 与 就 都 也 很 吗 呢 吧 啊 这 那 我 你 他 她 它 们 有 不 我们 你们 他们 什么 怎么 哪里 一个 这个 那个 关于'.split(' '));

const pairsOf = (characters: readonly string[]): string[] => characters.slice(1).map((character, index) => (characters[index] ?? '') + character);
const normal = (text: string): string => text.normalize('NFKC');

/** The two columns of the index. */
export function indexedText(text: string): { words: string; characters: string } {
  const characters: string[] = [];
  const words = normal(text).replace(RUN, (run) => {
    const each = [...run];
    characters.push(...each);
    return ` ${pairsOf(each).join(' ')} `;
  });
  return { words, characters: characters.join(' ') };
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Words of a query, those without content left out unless there are no others. */
export function queryWords(query: string): string[] {
  const found: string[] = [];
  for (const [token] of normal(query).toLowerCase().matchAll(TOKEN)) {
    if (!IS_PAIRED.test(token)) found.push(token);
    else for (const { segment } of segmenter.segment(token)) found.push(segment);
  }
  const all = [...new Set(found)];
  const content = all.filter((word) => !EMPTY_WORDS.has(word) && !EMPTY_HAN.has(word) && (/\p{Script=Han}|\p{N}/u.test(word) || word.length > 1));
  return (content.length > 0 ? content : all).slice(0, MOST_WORDS);
}

/** One word as FTS5 asks for it; quoted, so that nothing in it is syntax. */
export function wordExpression(word: string): string {
  if (!IS_PAIRED.test(word)) return `words : "${word.replaceAll('"', '')}"`;
  const characters = [...word];
  return characters.length === 1 ? `characters : "${word}"` : `words : "${pairsOf(characters).join(' ')}"`;
}

const SUFFIX = /(?:ies|es|s|ing|ed|er|ers|ly)$/;
const stemOf = (word: string): string => (word.length > 4 ? word.replace(SUFFIX, '') : word);
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();

/** UTF-16 ranges of `text` that are words of the query, by the beginning they share; in order, none overlapping. */
export function marksOf(text: string, words: readonly string[]): [number, number][] {
  const marks: [number, number][] = [];
  const paired = words.filter((word) => IS_PAIRED.test(word)).sort((a, b) => b.length - a.length);
  const stems = words.filter((word) => !IS_PAIRED.test(word)).map((word) => ({ word: plain(word), stem: stemOf(plain(word)) }));
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (!IS_PAIRED.test(token)) {
      const own = plain(token);
      if (stems.some(({ word, stem }) => own === word || stemOf(own) === stem)) marks.push([match.index, match.index + token.length]);
      continue;
    }
    for (let at = 0; at < token.length; ) {
      const word = paired.find((candidate) => token.startsWith(candidate, at));
      if (word) marks.push([match.index + at, match.index + at + word.length]);
      at += word?.length ?? 1;
    }
  }
  return marks;
}
