/** Where sentences of a text end. */
import { primaryLanguage } from '../captions/languageCodes.ts';

/** A part of a text: UTF-16 offsets, and whether a mark at its end closes a sentence. */
export interface TextPiece {
  text: string;
  from: number;
  to: number;
  ends: boolean;
}

/** Marks that end a sentence, quotes and brackets after them included. */
const END = /[.!?…。！？؟۔।｡]["'”’»」』）)\]]*$/u;
/** Abbreviations whose dot ends no sentence (English, and titles that other languages share). */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof sr jr st vs etc e.g i.e a.m p.m u.s u.k no vol fig inc ltd co corp gen col sgt capt lt rep sen gov hon rev approx dept est min max jan feb mar apr jun jul aug sep sept oct nov dec'.split(' '),
);

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language: string): Intl.Segmenter {
  const primary = primaryLanguage(language === 'auto' ? 'und' : language);
  const known = segmenters.get(primary);
  if (known) return known;
  const made = new Intl.Segmenter(primary === 'und' ? undefined : primary, { granularity: 'sentence' });
  segmenters.set(primary, made);
  return made;
}

/** Quotes and brackets that open: Unicode's rules leave them with the sentence before. */
const OPENING = /[「『（《〈【([“‘]+\s*$/u;

/** The sentences of a text by Unicode's rules (UAX #29), but not after abbreviations and initials. None for an empty text; nothing but white space is lost between them. */
export function splitText(text: string, language: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let begun = 0;
  for (const { segment, index } of segmenterOf(language).segment(text)) {
    const whole = index + segment.length;
    const opened = whole < text.length ? (OPENING.exec(segment)?.[0].length ?? 0) : 0;
    const range = text.slice(begun, whole - opened);
    const from = begun + (range.length - range.trimStart().length);
    const to = begun + range.trimEnd().length;
    begun = whole - opened;
    if (to <= from) continue;
    const before = pieces.at(-1);
    if (before && goesOn(before.text, text.slice(from, to))) {
      before.to = to;
      before.text = text.slice(before.from, to);
      before.ends = END.test(before.text);
    } else {
      const piece = text.slice(from, to);
      pieces.push({ text: piece, from, to, ends: END.test(piece) });
    }
  }
  return pieces.map((piece) => (endsInAbbreviation(piece.text) ? { ...piece, ends: false } : piece));
}

/** After an abbreviation, before marks alone, and after what a Japanese sentence quotes (「…！」と言った). */
function goesOn(before: string, next: string): boolean {
  return endsInAbbreviation(before) || !startsSentence(next) || (/[」』]$/u.test(before) && /^\p{Script=Hiragana}/u.test(next));
}

function endsInAbbreviation(text: string): boolean {
  const last = /(?:^|[\s("“])([\p{L}.]+)\.$/u.exec(text)?.[1]?.toLowerCase();
  return last !== undefined && (ABBREVIATIONS.has(last) || /^\p{L}$/u.test(last) && last !== 'i');
}

/** Marks alone (a lone "." or closing quotes) belong to what stands before. */
function startsSentence(text: string): boolean {
  return /[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u.test(text);
}

const WIDE_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？，、；：」』）…]$/u;
const WIDE_START = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}「『（]/u;

/** Pieces of one sentence as one text: a space between them, but none between East Asian characters. */
export function joinPieces(pieces: readonly string[]): string {
  let joined = '';
  for (const piece of pieces) joined += joined === '' || (WIDE_END.test(joined) && WIDE_START.test(piece)) ? piece : ` ${piece}`;
  return joined;
}
