/** Words become cues. */
import { joinWords, visibleLength } from './text.ts';
import { FLICKS_PER_SECOND } from '../time.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Cue, Word } from './types.ts';

export interface MakeOptions {
  rules: CaptionRules;
  context: CaptionContext;
  /** Speaker of each word; shorter than the words means null for the rest. */
  speakers: readonly (string | null)[];
  /** Cue ids are this and a number. */
  idPrefix: string;
}

export class CueBuilder {
  #pending: { word: Word; speaker: string | null }[] = [];
  #made = 0;
  readonly #options: Omit<MakeOptions, 'speakers'>;
  constructor(options: Omit<MakeOptions, 'speakers'>) {
    this.#options = options;
  }
  /** Takes more words; gives the cues that later words can't change. */
  push(words: readonly Word[], speakers: readonly (string | null)[] = []): Cue[] {
    const cues: Cue[] = [];
    const { rules } = this.#options;
    words.forEach((word, i) => {
      const last = this.#pending.at(-1);
      const speaker = speakers[i] ?? null;
      const first = this.#pending[0];
      const text = joinWords([...this.#pending.map((item) => item.word), word]);
      const full = visibleLength(text, rules) > rules.lineLength || (rules.words !== null && this.#pending.length >= rules.words);
      const late = first !== undefined && word.end - first.word.start > rules.longest * FLICKS_PER_SECOND;
      if (last && (full || late || last.speaker !== speaker || word.start - last.word.end > FLICKS_PER_SECOND || /[.?!。？！]$/.test(last.word.text))) cues.push(...this.finish());
      this.#pending.push({ word, speaker });
    });
    return cues;
  }
  /** The rest. */
  finish(): Cue[] {
    const first = this.#pending[0];
    const last = this.#pending.at(-1);
    if (!first || !last) return [];
    const words = this.#pending.map((item) => item.word);
    this.#pending = [];
    const end = last.word.end > first.word.start ? last.word.end : ((first.word.start + 1) as typeof last.word.end);
    return [
      { id: `${this.#options.idPrefix}${++this.#made}`, start: first.word.start, end, text: joinWords(words), words, speaker: first.speaker, touched: false, spans: [], place: null, extras: {} },
    ];
  }
}

/** All words at once. */
export function makeCues(words: readonly Word[], options: MakeOptions): Cue[] {
  const builder = new CueBuilder(options);
  return [...builder.push(words, options.speakers), ...builder.finish()];
}
