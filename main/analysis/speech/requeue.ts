/** What of a piece has to be heard again, and why. Pure. */
import { samplesOfSpeech, speechFrom } from './chunks.ts';
import { partOf, speechOf, type Item } from './item.ts';
import { doubtOf } from './guards.ts';
import { isBetterHearing, type LanguageTracker } from './language.ts';
import { punctuatedPrompt, lacksPunctuation } from './punctuation.ts';
import { SPEECH_RATE, type RecognisedChunk } from './types.ts';

/** More speech than this after the last time that the recogniser told is heard again: error 7.4 % with, 10.5 % without. Seconds. */
const REST_OF_SPEECH = 1;
/** Each rest begins later than the piece it is of, but a recogniser that gets nowhere must not be asked for ever. */
const MOST_DEPTH = 6;

export interface Verdict {
  /** The hearing to use; null when the piece is to be heard again first. */
  use: RecognisedChunk | null;
  /** Pieces to hear before any later one. */
  again: Item[];
}

/** Judges one hearing of a piece. */
export function judge(item: Item, heard: RecognisedChunk, tracker: LanguageTracker): Verdict {
  if (item.earlier) return settle(item, heard, item.earlier);
  const speech = speechOf(item.audio);
  const other = item.language === null ? tracker.otherFor(heard, speech) : null;
  if (other !== null) return { use: null, again: [{ ...item, language: other, earlier: { heard, why: 'language' } }] };
  const prompt = lacksPunctuation(heard) && doubtOf(heard, speech) === null ? punctuatedPrompt(heard.language) : null;
  if (prompt !== null) return { use: null, again: [{ ...item, prompt, language: heard.language, earlier: { heard, why: 'punctuation' } }] };
  return { use: heard, again: restOf(item, heard) };
}

/** The better of two hearings. */
function settle(item: Item, heard: RecognisedChunk, { heard: first, why }: NonNullable<Item['earlier']>): Verdict {
  const speech = speechOf(item.audio);
  const sound = doubtOf(heard, speech) === null;
  const better = why === 'language' ? isBetterHearing(first, heard) : !lacksPunctuation(heard) && heard.words.length >= 0.8 * first.words.length;
  const use = sound && better ? heard : first;
  return { use, again: restOf({ ...item, prompt: '', language: why === 'language' ? use.language : null, earlier: null }, use) };
}

/** Seconds of the chunk up to which a hearing goes. */
export function heardUntil(heard: RecognisedChunk): number {
  const last = heard.segments.at(-1);
  const word = heard.words.at(-1)?.end ?? 0;
  return last?.end ?? word;
}

/** The speech after the last time that was told, when it is more than a breath. */
function restOf(item: Item, heard: RecognisedChunk): Item[] {
  if (heard.words.length === 0 || item.depth >= MOST_DEPTH) return [];
  const { audio } = item;
  if (doubtOf(heard, speechOf(audio)) !== null) return halvesOf(item);
  const until = audio.start + Math.round(heardUntil(heard) * SPEECH_RATE);
  const rest = speechFrom(audio.stretches, until);
  const first = rest[0];
  if (!first || samplesOfSpeech(rest) <= REST_OF_SPEECH * SPEECH_RATE || first.start <= audio.start + SPEECH_RATE / 4) return [];
  return [{ ...item, audio: partOf(audio, first.start), depth: item.depth + 1, earlier: null }];
}


/** What gave no sound text as a whole may be speech beside noise: each side of the longest silence is heard by itself. */
function halvesOf(item: Item): Item[] {
  const { audio } = item;
  let widest = 0;
  for (let index = 1; index < audio.stretches.length; index += 1) if (gapBefore(audio, index) > gapBefore(audio, widest)) widest = index;
  const [before, after] = [audio.stretches[widest - 1], audio.stretches[widest]];
  if (!before || !after) return [];
  const depth = item.depth + MOST_DEPTH / 2;
  return [
    { ...item, audio: partOf(audio, audio.start, before.end), depth, earlier: null },
    { ...item, audio: partOf(audio, after.start), depth, earlier: null },
  ];
}

function gapBefore({ stretches }: Item['audio'], index: number): number {
  return (stretches[index]?.start ?? 0) - (stretches[index - 1]?.end ?? Infinity);
}
