/** Chinese as it is written on the mainland: Simplified script, full-width punctuation. Pure. */
import { Converter } from 'opencc-js/t2cn';
import type { RecognisedWord } from './types.ts';

/** Made at its first use: its dictionaries would cost every start of the engine time and memory. */
let convert: ((text: string) => string) | null = null;

/** A text in Simplified script. */
export function simplify(text: string): string {
  convert ??= Converter({ from: 't', to: 'cn' });
  return convert(text);
}

const FULL_WIDTH: Readonly<Record<string, string>> = { ',': '，', '.': '。', '?': '？', '!': '！', ':': '：', ';': '；', '(': '（', ')': '）', '｡': '。', '､': '、' };
const WIDE = /[\p{Script=Han}，。？！：；、（）“”‘’《》「」]/u;

/**
 * The words in Simplified script with full-width punctuation. Characters are converted with their neighbours in view (乾净, 皇后), so the whole
 * text is converted at once where that keeps its length, as it does for characters.
 */
export function toSimplified(words: readonly RecognisedWord[]): RecognisedWord[] {
  const whole = words.map(({ text }) => text).join('');
  const converted = simplify(whole);
  let at = 0;
  const simplified = words.map((word) => {
    const text = converted.length === whole.length ? converted.slice(at, at + word.text.length) : simplify(word.text);
    at += word.text.length;
    return { ...word, text };
  });
  return withFullWidth(simplified);
}

/** A mark is full-width when Chinese stands before it, or after it where none is before: "3.5" and "A.I." keep theirs. */
function withFullWidth(words: readonly RecognisedWord[]): RecognisedWord[] {
  let before = '';
  return words.map((word, index) => {
    const characters = [...word.text];
    const text = characters
      .map((character, position) => {
        const after = characters[position + 1] ?? words[index + 1]?.text ?? '';
        const wide = FULL_WIDTH[character];
        const changed = wide !== undefined && (WIDE.test(before.slice(-1)) || (character === '(' && WIDE.test(after.charAt(0)))) ? wide : character;
        before = changed;
        return changed;
      })
      .join('');
    // No space stands beside a Chinese character.
    const previous = words[index - 1]?.text.slice(-1) ?? '';
    const space = word.space && !(WIDE.test(previous) && WIDE.test(text.charAt(0))) && !WIDE.test(text.charAt(0)) ? word.space : false;
    return { ...word, text, space };
  });
}
