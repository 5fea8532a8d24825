/** Which encoder knows a text's language. */
import { primaryLanguage } from '../../../shared/captions/languageCodes.ts';
import type { EncoderLanguage } from './models.ts';

/** Languages whose word pieces e5 kept; English alone goes to MiniLM, which is four times as fast and better at it. */
const E5_LANGUAGES: ReadonlySet<string> = new Set(['zh', 'yue', 'ja', 'ko', 'pt', 'gl']);
/** Characters of a text that are looked at. */
const SAMPLE = 20_000;
/** From this share of East Asian characters on, a text isn't one that MiniLM can read. */
const EAST_ASIAN = 0.02;
/** From this share of letters that neither encoder has pieces of, words alone tell more. */
const UNKNOWN = 0.3;
/**
 * Share of an English text's words that are among these: .3 to .5 on meetings and news, below .1 in other languages written in Latin letters
 * ("in", "as", "do" are words of several).
 */
const ENGLISH_SHARE = 0.15;
const ENGLISH = new Set(
  'the of and to a in is it you that for on are was with this be have i they we not but what at there do or which from your would about will were can been has one all just so if'.split(' '),
);
const PORTUGUESE = new Set('que não uma os para com em por mais como mas ele ela isso foi ao das dos você são eu está muito tem também'.split(' '));

/** The encoder's language as BCP 47, for what works by language (word lists); `und` where none is known. */
export interface TextLanguage {
  encoder: EncoderLanguage | null;
  language: string;
}

/** The encoder that knows `language` (BCP 47), or with `auto` and `und` the one that knows the text; null: none does. */
export function encoderFor(language: string, sample: readonly string[]): EncoderLanguage | null {
  return languageOf(language, sample).encoder;
}

/**
 * The language as told, else as the text looks; and its encoder. A text told to be English that holds East Asian characters is a mixed one, for e5; one told to
 * be of a language that an encoder knows, but written in letters that it doesn't, has none.
 */
export function languageOf(told: string, sample: readonly string[]): TextLanguage {
  const seen = look(sample);
  const primary = primaryLanguage(told === 'auto' ? 'und' : told);
  const language = primary === 'und' ? seen.language : primary;
  if (seen.unknown >= UNKNOWN) return { encoder: null, language };
  if (seen.eastAsian >= EAST_ASIAN || E5_LANGUAGES.has(language)) return { encoder: 'e5', language };
  return { encoder: language === 'en' ? 'minilm' : null, language };
}

interface Looks {
  language: string;
  /** Shares of the letters. */
  eastAsian: number;
  unknown: number;
}

const LETTER = /\p{L}/u;
const HAN = /\p{Script=Han}/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;
const LATIN = /\p{Script=Latin}/u;

function look(sample: readonly string[]): Looks {
  const text = sampleOf(sample);
  const count = { letters: 0, han: 0, kana: 0, hangul: 0, latin: 0 };
  for (const character of text) {
    if (!LETTER.test(character)) continue;
    count.letters += 1;
    if (HAN.test(character)) count.han += 1;
    else if (KANA.test(character)) count.kana += 1;
    else if (HANGUL.test(character)) count.hangul += 1;
    else if (LATIN.test(character)) count.latin += 1;
  }
  if (count.letters === 0) return { language: 'und', eastAsian: 0, unknown: 0 };
  const eastAsian = (count.han + count.kana + count.hangul) / count.letters;
  const unknown = 1 - eastAsian - count.latin / count.letters;
  return { language: languageByLetters(count, text), eastAsian, unknown };
}

/** From all over the text, so that an introduction in another language doesn't decide. */
function sampleOf(sample: readonly string[]): string {
  const step = Math.max(1, Math.floor(sample.length / 200));
  let text = '';
  for (let i = 0; i < sample.length && text.length < SAMPLE; i += step) text += `${(sample[i] ?? '').slice(0, 1000)} `;
  return text;
}

function languageByLetters(count: { letters: number; han: number; kana: number; hangul: number; latin: number }, text: string): string {
  const eastAsian = count.han + count.kana + count.hangul;
  if (eastAsian / count.letters >= 0.1) {
    if (count.hangul > count.han) return 'ko';
    return count.kana > eastAsian * 0.1 ? 'ja' : 'zh';
  }
  if (count.latin / count.letters < 1 - UNKNOWN) return 'und';
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const share = (list: ReadonlySet<string>): number => words.filter((word) => list.has(word)).length / Math.max(1, words.length);
  const [english, portuguese] = [share(ENGLISH), share(PORTUGUESE)];
  if (portuguese >= 0.1 && portuguese > english) return 'pt';
  // A few words only ("Budget report 2024") are taken for English: nothing speaks for another language.
  const foreign = /[^\p{ASCII}\p{P}\p{S}\p{Z}\p{M}\p{Extended_Pictographic}]/u.test(text);
  return english >= ENGLISH_SHARE || (words.length < 12 && !foreign) ? 'en' : 'und';
}
