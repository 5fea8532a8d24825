/** Words of a text for comparing and naming chapters. */

const ENGLISH = 'a about above actually after again all also am an and any anything are as at back be because been before being both but by can cannot come could did do does doing done down each else even ever every few first for from get gets getting give go goes going gone good got guess had has have having he her here hers him his how i if in into is it its just kind know last least less let like little look lot made make many may maybe me mean might mm more most much must my need never new no not nothing now of off oh ok okay on once one ones only or other our out over own people please point put quite rather really right said same say saying see seem she should since so some something sort still stuff such sure take tell than thank thanks that the their them then there these they thing things think this those though three through time to too two um under until up us use used uh very want was way we well were what when where which while who why will with without would yeah yep yes yet you your';
const CHINESE = '的 了 是 在 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 和 与 或 也 都 就 不 没 没有 有 很 还 吗 呢 吧 啊 嗯 一个 一些 什么 怎么 为什么 因为 所以 但是 可以 会 要 说 去 来 到 上 下 里 把 被 对 从 让 给 用 做 想 能 应该 现在 然后 如果 就是 时候 今天 大家 非常 其实 以及 之后 已经 可能 需要 知道 觉得 自己 个 们 着 过 得 地';
const STOP = new Set(`${ENGLISH} ${CHINESE}`.split(' '));

const segmenters = new Map<string, Intl.Segmenter>();

/** The text's words as they are written; `language` is BCP 47 or `auto`. Marks in braces and brackets are no words. */
export function wordsOf(text: string, language: string): string[] {
  const locale = language === 'auto' || language === '' ? (/[\u3040-\u30ff\u3400-\u9fff]/u.test(text) ? 'zh' : 'en') : language;
  let segmenter = segmenters.get(locale);
  if (!segmenter) segmenters.set(locale, (segmenter = new Intl.Segmenter(Intl.Segmenter.supportedLocalesOf([locale]).length > 0 ? locale : 'en', { granularity: 'word' })));
  const words: string[] = [];
  for (const piece of piecesOf(text.replace(/[{[<][^}\]>]*[}\]>]/gu, ' '))) for (const part of segmenter.segment(piece)) if (part.isWordLike) words.push(part.segment);
  return words;
}

/** Each step of a segmenter takes longer in a longer text. UTF-16 units. */
const PIECE = 1000;

/** Pieces that end at a space where there is one, at a whole character elsewhere. */
function piecesOf(text: string): string[] {
  if (text.length <= PIECE) return [text];
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    let end = Math.min(text.length, from + PIECE);
    if (end < text.length) {
      const space = text.lastIndexOf(' ', end);
      if (space > from) end = space;
      else if (/[\ud800-\udbff]/u.test(text.charAt(end - 1))) end += 1;
    }
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}

/** True for a word that says what the text is about: not a function word, a number or a single letter. */
export function isContent(word: string): boolean {
  const low = word.toLowerCase();
  if (STOP.has(low) || !/\p{L}/u.test(low) || low.includes('\'') || low.includes('’')) return false;
  return /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(low) ? low.length >= 2 : low.length >= 3;
}

/** One form for singular and plural, and for -ing and -ed: only for counting. */
export function stem(word: string): string {
  const low = word.toLowerCase();
  return low.length > 5 ? low.replace(/(?:ings?|ed|es|s)$/u, '') : low.replace(/(?<=...)s$/u, '');
}

/** In place. */
export function normalised(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const norm = Math.sqrt(square);
  if (norm > 0) for (let k = 0; k < vector.length; k += 1) vector[k] = (vector[k] as number) / norm;
  return vector;
}
