/** Heard text as words of the media: without what nobody said, in the right script, at the right times. Pure. */
import type { Word } from '../../../shared/captions/types.ts';
import { flicks, maxTime, type Flicks } from '../../../shared/time.ts';
import { FLICKS_PER_SAMPLE } from '../../media/pcm.ts';
import { doubtOf } from './guards.ts';
import { speechOf, type Item } from './item.ts';
import { toSimplified } from './script.ts';
import { SPEECH_RATE, type RecognisedChunk, type RecognisedWord } from './types.ts';

/** No word begins later than this after the chunk's end; seconds. */
const BEYOND = 0.2;

export interface FinishedWords {
  words: Word[];
  /** Words left out because nobody said them. */
  invented: number;
}

/** `startTime`: of the media. `after`: end of the last word before these; none begins earlier. `translated`: the text is English, not the language spoken. */
export function finishWords(item: Item, heard: RecognisedChunk, where: { startTime: Flicks; after: Flicks; translated: boolean }): FinishedWords {
  if (doubtOf(heard, speechOf(item.audio)) !== null) return { words: [], invented: heard.words.length };
  const length = item.audio.pcm.length / SPEECH_RATE;
  const within = heard.words.filter((word) => word.text.trim() !== '' && word.start <= length + BEYOND);
  const written = heard.language === 'zh' && !where.translated ? toSimplified(within) : within;
  return { words: onMediaClock(written, item.audio.start, where.startTime, where.after), invented: 0 };
}

function onMediaClock(words: readonly RecognisedWord[], start: number, startTime: Flicks, after: Flicks): Word[] {
  let last = after;
  return words.map(({ text, space, confidence, start: from, end: to }) => {
    const at = (seconds: number): Flicks => flicks(startTime + Math.round((start + seconds * SPEECH_RATE) * FLICKS_PER_SAMPLE));
    const begin = maxTime(at(from), last);
    const end = maxTime(at(to), begin);
    last = end;
    return { text: text.trim(), start: begin, end, confidence: Math.min(1, Math.max(0, confidence)), space };
  });
}
