/** Words become cues: by dynamic programming over the cost of cueCost.ts, then timed by cueTimes.ts. */
import { Breaks } from './breaks.ts';
import { CueChoice, type WordRange } from './cueChoice.ts';
import { SpokenStretch } from './cueCost.ts';
import { CueTimer, LONG_PAUSE, type UntimedCue } from './cueTimes.ts';
import { FLICKS_PER_SECOND, flicks, frameDuration, maxTime } from '../time.ts';
import { cutAfter } from './measures.ts';
import { SpeechPieces, type SpeechPiece } from './speechPieces.ts';
import { visibleLength } from './text.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Cue, Word } from './types.ts';

export interface CueOptions {
  rules: CaptionRules;
  /** Read anew at each word: cuts found meanwhile count for what follows. */
  context: CaptionContext;
  /** Cue ids are this and a number from 1. */
  idPrefix: string;
}
export interface MakeOptions extends CueOptions {
  /** Speaker of each word; null, or missing, where nobody knows. */
  speakers: readonly (string | null)[];
}

/** A settled cue that waits for its times. */
interface Settled extends UntimedCue {
  text: string;
  speaker: string | null;
  words: Word[];
  /** Start of the first word after it; null while or when there is none. */
  next: number | null;
}

/**
 * Makes cues of words that come bit by bit. What `push` gives does not change any more, and all that is given by the pushes and `finish` together
 * is the same however the words were divided: `makeCues` is one push. A cue is given when the best cues agree on it and the cue after it is settled too,
 * or a pause of two seconds follows: mostly two cues late.
 * Words are in order of time; a cue never holds words of two known speakers nor a pause of two seconds.
 */
export class CueBuilder {
  readonly #options: CueOptions;
  readonly #pieces: SpeechPieces;
  readonly #breaks: Breaks;
  readonly #timer: CueTimer;
  #stretch: SpokenStretch;
  #choice: CueChoice;
  /** The stretch's, once known. */
  #speaker: string | null = null;
  /** Of each of its words. */
  #speakers: (string | null)[] = [];
  #waiting: Settled[] = [];
  #made = 0;
  #lastEnd = 0;

  constructor(options: CueOptions) {
    this.#options = options;
    this.#pieces = new SpeechPieces(options.context.language);
    this.#breaks = new Breaks(options.context.language);
    this.#timer = new CueTimer(options.rules, options.context);
    this.#stretch = this.#newStretch();
    this.#choice = new CueChoice(this.#stretch);
  }

  /** Takes more words, in order of time, with the speaker of each; gives the cues that later words can't change. */
  push(words: readonly Word[], speakers: readonly (string | null)[] = []): Cue[] {
    words.forEach((word, i) => {
      for (const piece of this.#pieces.push(word, speakers[i] ?? null)) this.#take(piece);
    });
    return this.#given(false);
  }

  /** The rest. After it the builder may go on with later words as after a long pause. */
  finish(): Cue[] {
    for (const piece of this.#pieces.finish()) this.#take(piece);
    this.#endStretch(null);
    return this.#given(true);
  }

  #newStretch(): SpokenStretch {
    const { rules, context } = this.#options;
    return new SpokenStretch(rules, this.#breaks, (rules.gapFrames * frameDuration(context.frameRate)) / FLICKS_PER_SECOND);
  }

  #take({ word, speaker, insideWord }: SpeechPiece): void {
    const before = this.#stretch.words.at(-1);
    const changed = speaker !== null && this.#speaker !== null && speaker !== this.#speaker;
    if (before && (changed || word.start - before.end >= LONG_PAUSE)) this.#endStretch(word.start);
    const at = this.#stretch.size;
    this.#stretch.add(word, { insideWord, ...this.#cutsAt(word) });
    this.#speakers.push(speaker);
    if (at > 0) this.#settle(this.#choice.reach(at), word.start);
    this.#speaker = speaker ?? this.#speaker;
  }

  #endStretch(next: number | null): void {
    this.#settle(this.#choice.end(next ?? Infinity), next);
    this.#stretch = this.#newStretch();
    this.#choice = new CueChoice(this.#stretch);
    this.#speaker = null;
    this.#speakers = [];
  }

  /** Shot cuts before the word's start, and whether one lies where it starts. */
  #cutsAt(word: Word): { cuts: number; cutNear: boolean } {
    const { context, rules } = this.#options;
    const reach = rules.snapSeconds * FLICKS_PER_SECOND;
    const low = cutAfter(context.cuts, word.start);
    const near = (cut: number | undefined): boolean => cut !== undefined && Math.abs(cut - word.start) < reach;
    return { cuts: low, cutNear: near(context.cuts[low]) || near(context.cuts[low - 1]) };
  }

  #settle(ranges: readonly WordRange[], next: number | null): void {
    for (const { from, to } of ranges) {
      const words = this.#stretch.words.slice(from, to);
      const starts = new Set(this.#stretch.linesOf(from, to).map((start) => start - from));
      const text = words.reduce((all, word, i) => all + (i === 0 ? '' : starts.has(i) ? '\n' : word.space ? ' ' : '') + word.text, '');
      const following = this.#stretch.words[to]?.start ?? next;
      const speaker = this.#speakers.slice(from, to).find((one) => one !== null) ?? null;
      this.#waiting.push({ words, text, length: visibleLength(text, this.#options.rules), speaker, next: following });
    }
  }

  /** Cues whose times are certain. */
  #given(all: boolean): Cue[] {
    const cues: Cue[] = [];
    let taken = 0;
    for (const cue of this.#waiting) {
      const end = cue.words.at(-1)?.end ?? 0;
      const pause = cue.next !== null && cue.next - end >= LONG_PAUSE ? cue.next : null;
      const following = this.#waiting[taken + 1] ?? null;
      if (!all && pause === null && (following === null || following.next === null)) break;
      const { start, end: until } = this.#timer.time(cue, following, following?.next ?? null, pause);
      cues.push(this.#cueOf(cue, start, until));
      taken += 1;
    }
    this.#waiting.splice(0, taken);
    return cues;
  }

  #cueOf(cue: Settled, start: Cue['start'], end: Cue['end']): Cue {
    this.#made += 1;
    const from = maxTime(start, flicks(this.#lastEnd));
    this.#lastEnd = Math.max(end, from + 1);
    return {
      id: `${this.#options.idPrefix}${this.#made}`,
      start: from,
      end: flicks(this.#lastEnd),
      text: cue.text,
      words: cue.words,
      speaker: cue.speaker,
      touched: false,
      spans: [],
      place: null,
      extras: {},
    };
  }
}

/**
 * Cues of words in order of time. Text is that of the words with line breaks; cues don't overlap, and keep the rules wherever the speech leaves time. Shot cuts
 * count in where cues end; `snapToCuts` moves their edges.
 */
export function makeCues(words: readonly Word[], options: MakeOptions): Cue[] {
  const builder = new CueBuilder(options);
  return [...builder.push(words, options.speakers), ...builder.finish()];
}
