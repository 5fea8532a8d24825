/** Words on their way into cues, told where a dictionary word goes on over the place between two of them (recognisers cut Chinese anywhere). */
import { isUnspacedJoint, wordStarts } from './pieces.ts';
import { FLICKS_PER_SECOND } from '../time.ts';
import type { Word } from './types.ts';

export interface SpeechPiece {
  word: Word;
  speaker: string | null;
  /** Inside a dictionary word: no cue and no line ends before it. */
  insideWord: boolean;
}

/** Words held back at most until the dictionary is asked. */
const MOST_HELD = 40;
/** Seconds of pause that end what is looked at together. */
const REST = 0.3;

export class SpeechPieces {
  readonly #language: string;
  #held: { word: Word; speaker: string | null }[] = [];

  constructor(language: string) {
    this.#language = language;
  }

  /** Takes a word; gives those that are certain now. Words in scripts with spaces are given at once. */
  push(word: Word, speaker: string | null): SpeechPiece[] {
    const last = this.#held.at(-1);
    const joined =
      last !== undefined &&
      this.#held.length < MOST_HELD &&
      last.speaker === speaker &&
      word.start - last.word.end < REST * FLICKS_PER_SECOND &&
      isUnspacedJoint(last.word.text, word.text, word.space) &&
      !/[\p{P}]$/u.test(last.word.text);
    const given = joined ? [] : this.finish();
    this.#held.push({ word, speaker });
    return isUnspacedJoint(word.text, word.text, false) ? given : [...given, ...this.finish()];
  }

  /** Those still held back. */
  finish(): SpeechPiece[] {
    const held = this.#held;
    this.#held = [];
    const [only] = held;
    if (held.length < 2) return only ? [{ ...only, insideWord: false }] : [];
    const starts = wordStarts(held.map(({ word }) => word.text).join(''), this.#language);
    let at = 0;
    return held.map(({ word, speaker }) => {
      const insideWord = !starts.has(at);
      at += word.text.length;
      return { word, speaker, insideWord };
    });
  }
}
