/** Tokens to words and segments: text, times and confidence. */
import { alignTokens } from './alignment.ts';
import type { Written } from './decoding.ts';
import type { SpeechTokenizer } from './tokenizer.ts';
import type { RecognisedSegment, RecognisedWord } from './types.ts';
import { FRAMES_PER_SECOND } from './whisperConfig.ts';

/** Written without spaces between words: each character (with what is attached to it) is a word of its own. */
const UNSPACED = new Set(['zh', 'yue', 'ja', 'th', 'lo', 'my']);
/** Punctuation that belongs to the word after it, and to the one before it (OpenAI's `add_word_timestamps`, with the full-width marks of Chinese and Japanese). */
const BEFORE = '"\'“‘¿([{-「『《〈（【';
const AFTER = '"\'.。,，!！?？:：;；”’)]}、」』》〉）】…';

/** Some tokens that make whole characters together. */
interface Piece {
  text: string;
  /** Indices into the text tokens. */
  from: number;
  to: number;
}

/** The text tokens of a clip with the segment that each lies in. */
interface TextTokens {
  ids: number[];
  /** Index of each in `Written.tokens`. */
  at: number[];
  segment: number[];
}

interface SegmentTokens {
  start: number;
  end: number | null;
  at: number[];
}

/** Splits at the timestamps. A segment without text is left out. */
function segmentTokens(written: Written, tokenizer: SpeechTokenizer): SegmentTokens[] {
  const found: SegmentTokens[] = [];
  let open: SegmentTokens = { start: 0, end: null, at: [] };
  for (const [index, token] of written.tokens.entries()) {
    if (tokenizer.isText(token)) {
      open.at.push(index);
      continue;
    }
    const time = tokenizer.timeOf(token);
    if (open.at.length > 0) found.push({ ...open, end: time });
    open = { start: time, end: null, at: [] };
  }
  return open.at.length > 0 ? [...found, open] : found;
}

export interface Transcript {
  words: RecognisedWord[];
  segments: RecognisedSegment[];
  text: string;
}

/** `seconds`: the clip's length, which no time exceeds. */
export function transcriptOf(written: Written, tokenizer: SpeechTokenizer, { language, seconds }: { language: string; seconds: number }): Transcript {
  const parts = segmentTokens(written, tokenizer);
  const text: TextTokens = { ids: [], at: [], segment: [] };
  for (const [segment, { at }] of parts.entries()) {
    for (const index of at) {
      text.ids.push(written.tokens[index] ?? 0);
      text.at.push(index);
      text.segment.push(segment);
    }
  }
  const segments = parts.map(({ start, end, at }) => ({
    start,
    end,
    text: tokenizer.decode(at.map((index) => written.tokens[index] ?? 0)).trim(),
    meanLogProbability: mean(at.map((index) => written.logProbabilities[index] ?? 0)),
  }));
  return { words: wordsOf(written, text, tokenizer, language, seconds), segments, text: tokenizer.decode(text.ids).trim() };
}

function wordsOf(written: Written, text: TextTokens, tokenizer: SpeechTokenizer, language: string, seconds: number): RecognisedWord[] {
  const pieces = piecesOf(text, tokenizer, UNSPACED.has(language));
  const times = timesOf(written, text, tokenizer, seconds);
  return attachPunctuation(pieces, text).flatMap(({ text: raw, from, to }) => {
    const trimmed = raw.trim();
    if (trimmed === '') return [];
    const confidence = mean(text.at.slice(from, to).map((index) => Math.exp(written.logProbabilities[index] ?? 0)));
    const start = times[from] ?? 0;
    return [{ text: trimmed, space: /^\s/.test(raw), start, end: Math.max(start, times[to] ?? seconds), confidence, segment: text.segment[from] ?? 0 }];
  });
}

/** Seconds at which each text token begins, and last at which the text is over. */
function timesOf(written: Written, text: TextTokens, tokenizer: SpeechTokenizer, seconds: number): number[] {
  const heads = tokenizer.config.alignment_heads.length;
  const after = written.attention[(text.at.at(-1) ?? -1) + 1];
  const attention = text.at.flatMap((index) => written.attention[index] ?? []);
  const frames = alignTokens(after ? [...attention, after] : attention, heads);
  return frames.map((frame) => Math.min(seconds, frame / FRAMES_PER_SECOND));
}

/** Whole characters first; joined up to the next space where words are parted by spaces. */
function piecesOf(text: TextTokens, tokenizer: SpeechTokenizer, unspaced: boolean): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let to = 1; to <= text.ids.length; to++) {
    const decoded = tokenizer.decode(text.ids.slice(from, to));
    const split = decoded.includes('\uFFFD') && to < text.ids.length && text.segment[to] === text.segment[from];
    if (split) continue;
    const last = pieces.at(-1);
    const joins = last && text.segment[from] === text.segment[last.from] && isContinuation(decoded, last.text, unspaced);
    if (joins) {
      last.text += decoded;
      last.to = to;
    } else {
      pieces.push({ text: decoded, from, to });
    }
    from = to;
  }
  return pieces;
}

/** Whether a piece goes on the word before it. In unspaced languages only Latin letters and digits do. */
function isContinuation(piece: string, before: string, unspaced: boolean): boolean {
  if (/^\s/.test(piece)) return false;
  if (!unspaced) return !isPunctuation(piece.trim(), AFTER) || before.trim() === '';
  return /[\p{Script=Latin}\p{Nd}.,'’%-]$/u.test(before) && /^[\p{Script=Latin}\p{Nd}]/u.test(piece);
}

const isPunctuation = (text: string, marks: string): boolean => text !== '' && [...text].every((character) => marks.includes(character));

/** Marks that stand alone go to their word; never over the border of a segment. */
function attachPunctuation(pieces: readonly Piece[], text: TextTokens): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const together = last && text.segment[last.from] === text.segment[piece.from];
    const opens = last && /^\s*\S+$/.test(last.text) && isPunctuation(last.text.trim(), BEFORE) && !isPunctuation(piece.text.trim(), AFTER);
    const closes = !/^\s/.test(piece.text) && isPunctuation(piece.text.trim(), AFTER);
    if (together && (closes || (opens && !/^\s/.test(piece.text)))) {
      last.text += piece.text;
      last.to = piece.to;
    } else {
      joined.push({ ...piece });
    }
  }
  return joined;
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);
