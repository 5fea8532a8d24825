/** What of a piece has to be heard again, and why. Pure. */
import { joinWords } from '../../../shared/captions/text.ts';
import { samplesOfSpeech, speechFrom } from './chunks.ts';
import { doubtOf } from './guards.ts';
import { partOf, speechOf, type Item } from './item.ts';
import { isBetterHearing, type LanguageTracker } from './language.ts';
import { lacksPunctuation, punctuatedPrompt } from './punctuation.ts';
import { SPEECH_RATE, type RecognisedChunk } from './types.ts';

export const REQUEUE_RULES = {
  /** More speech than this after the last time that the recogniser told is heard again, seconds: error 7.4 % with, 10.5 % without. */
  rest: 1,
  /** Speech without any word in it, wherever it is, seconds: Whisper passes over what is in another language or after a change of voice. */
  passedOver: 2,
  /** Left between such speech and the words beside it, seconds. */
  margin: 0.1,
  /** A shorter bit of a stretch is the end of a word beside it, or the breath before one; seconds. */
  bit: 0.4,
  /** Each piece is shorter than the one it is of, but a recogniser that gets nowhere must not be asked for ever. */
  depth: 6,
} as const;

export interface HeardPiece {
  item: Item;
  heard: RecognisedChunk;
}

export interface Verdict {
  /** What can be used, in order. */
  pieces: HeardPiece[];
  /** What is to be heard before any later piece. */
  again: Item[];
}

/** Judges one hearing of a piece; its words have their times at the sound. */
export function judge(item: Item, heard: RecognisedChunk, tracker: LanguageTracker): Verdict {
  if (item.earlier) return settle(item, heard, item.earlier);
  const speech = speechOf(item.audio);
  const other = item.language === null ? tracker.otherFor(heard, speech, doubtOf(heard, speech) !== null) : null;
  if (other !== null) return { pieces: [], again: [{ ...item, language: other, earlier: { heard, why: 'language' } }] };
  const prompt = lacksPunctuation(heard) && doubtOf(heard, speech) === null ? punctuatedPrompt(heard.language) : null;
  if (prompt !== null) return { pieces: [], again: [{ ...item, prompt, language: heard.language, earlier: { heard, why: 'punctuation' } }] };
  return parted(item, heard);
}

/** The better of two hearings. */
function settle(item: Item, heard: RecognisedChunk, { heard: first, why }: NonNullable<Item['earlier']>): Verdict {
  const sound = doubtOf(heard, speechOf(item.audio)) === null;
  const better = why === 'language' ? isBetterHearing(first, heard) : !lacksPunctuation(heard) && heard.words.length >= 0.8 * first.words.length;
  return parted({ ...item, prompt: '', language: null, earlier: null }, sound && better ? heard : first);
}

/** The hearing, without the speech that it passed over, which is heard by itself. */
function parted(item: Item, heard: RecognisedChunk): Verdict {
  const { audio } = item;
  if (heard.words.length === 0 || item.depth >= REQUEUE_RULES.depth) return { pieces: [{ item, heard }], again: [] };
  if (doubtOf(heard, speechOf(audio)) !== null) {
    const again = halvesOf(item);
    return again.length > 0 ? { pieces: [], again } : { pieces: [{ item, heard }], again };
  }
  const pieces: HeardPiece[] = [];
  const again: Item[] = [];
  let cursor = audio.start;
  for (const { start, end } of passedOver(item, heard)) {
    if (start > cursor) pieces.push(pieceOf(item, heard, cursor, start));
    again.push({ ...item, audio: partOf(audio, start, end), depth: item.depth + 1 });
    cursor = end;
  }
  if (cursor < audio.end) pieces.push(pieceOf(item, heard, cursor, audio.end));
  return { pieces: pieces.filter((piece) => piece.heard.words.length > 0), again };
}

interface Range {
  start: number;
  end: number;
}

/** Speech without words, in samples of the media. */
function passedOver({ audio }: Item, heard: RecognisedChunk): Range[] {
  const at = (seconds: number): number => audio.start + Math.round(seconds * SPEECH_RATE);
  const margin = REQUEUE_RULES.margin * SPEECH_RATE;
  const ranges: Range[] = [];
  let last = audio.start;
  for (const word of heard.words) {
    ranges.push({ start: last, end: at(word.start) - margin });
    last = at(word.end) + margin;
  }
  const missed = ranges.flatMap((range) => trimmed(audio, range, REQUEUE_RULES.passedOver) ?? []);
  // A segment may be said to end before its last word does: what was heard is not asked for again.
  const final = heard.words.at(-1);
  const told = at(Math.max(heardUntil(heard), final ? Math.min(final.end, final.start + REQUEUE_RULES.rest) : 0));
  const rest = trimmed(audio, { start: told, end: audio.end }, REQUEUE_RULES.rest) ?? trimmed(audio, { start: last, end: audio.end }, REQUEUE_RULES.passedOver);
  return rest ? [...missed, rest] : missed;
}

/** Seconds of the chunk up to which a hearing goes by its own account. */
function heardUntil(heard: RecognisedChunk): number {
  return heard.segments.at(-1)?.end ?? heard.words.at(-1)?.end ?? 0;
}

/** The range from where its speech begins, when there is more of that than `least` seconds. */
function trimmed(audio: Item['audio'], { start, end }: Range, least: number): Range | null {
  const speech = speechFrom(audio.stretches, start)
    .map((stretch) => ({ ...stretch, end: Math.min(stretch.end, end) }))
    .filter((stretch) => stretch.end - stretch.start >= REQUEUE_RULES.bit * SPEECH_RATE);
  const first = speech[0];
  const last = speech.at(-1);
  if (!first || !last || samplesOfSpeech(speech) <= least * SPEECH_RATE) return null;
  return { start: first.start, end: last.end };
}

/** The words of a hearing whose middle is in the range, as a hearing of that range. */
function pieceOf(item: Item, heard: RecognisedChunk, start: number, end: number): HeardPiece {
  const { audio } = item;
  if (start === audio.start && end === audio.end) return { item, heard };
  const shift = (start - audio.start) / SPEECH_RATE;
  const length = (end - start) / SPEECH_RATE;
  const words = heard.words
    .map((word) => ({ ...word, start: word.start - shift, end: word.end - shift }))
    .filter((word) => word.start + word.end >= 0 && word.start + word.end < 2 * length);
  return { item: { ...item, audio: partOf(audio, start, end) }, heard: { ...heard, words, text: joinWords(words) } };
}

/** What gave no sound text as a whole may be speech beside noise: each side of the longest silence is heard by itself. */
function halvesOf(item: Item): Item[] {
  const { audio } = item;
  let widest = 0;
  for (let index = 1; index < audio.stretches.length; index += 1) if (gapBefore(audio, index) > gapBefore(audio, widest)) widest = index;
  const [before, after] = [audio.stretches[widest - 1], audio.stretches[widest]];
  if (!before || !after) return [];
  const depth = item.depth + REQUEUE_RULES.depth / 2;
  return [
    { ...item, audio: partOf(audio, audio.start, before.end), depth },
    { ...item, audio: partOf(audio, after.start), depth },
  ];
}

function gapBefore({ stretches }: Item['audio'], index: number): number {
  return (stretches[index]?.start ?? 0) - (stretches[index - 1]?.end ?? Infinity);
}
