/** Which language is spoken, found once and changed only on solid evidence. Pure. */
import type { RecognisedChunk } from './types.ts';

export const LANGUAGE_RULES = {
  /** Another language must be this sure, and the present one this unlikely … */
  sure: 0.8,
  unlikely: 0.15,
  /** … over at least so many seconds of speech … */
  leastSpeech: 2,
  /** … or, where the text makes no sense in the present one, only this sure … */
  likelier: 0.5,
  /** … and its text more probable by so much (mean log-probability of a token). */
  better: 0.1,
  /** Less sure than this after all that was heard: the person is told. Of a first chunk: the runner-up is tried too, if it is this likely. */
  unsure: 0.5,
  runnerUp: 0.15,
} as const;

export class LanguageTracker {
  readonly #asked: string;
  #current: string | null;
  /** Seconds of speech in it, and of them weighted by how likely the language was. */
  #heard = 0;
  #sureOf = 0;

  /** `asked`: 'auto' or a language, which is then never changed. `known`: what an earlier run had found. */
  constructor(asked: string, known: string | null = null) {
    this.#asked = asked;
    this.#current = asked === 'auto' ? known : asked;
  }

  get current(): string | null {
    return this.#current;
  }

  /** What to give to the recogniser with the next chunk. */
  get ask(): string {
    return this.#current ?? 'auto';
  }

  /**
   * Another language in which a chunk, heard in `result.language`, should be tried; null when it is fine as it is. `speech`: seconds. `doubtful`: what was
   * heard can't be used as it is.
   */
  otherFor(result: RecognisedChunk, speech: number, doubtful = false): string | null {
    if (this.#asked !== 'auto' || (this.#current !== null && !doubtful && speech < LANGUAGE_RULES.leastSpeech)) return null;
    const [best, second] = result.languages;
    if (this.#current === null) return best && second && best.probability < LANGUAGE_RULES.unsure && second.probability >= LANGUAGE_RULES.runnerUp ? second.language : null;
    if (!best || best.language === result.language) return null;
    const own = result.languages.find(({ language }) => language === result.language)?.probability ?? 0;
    const solid = doubtful ? best.probability >= LANGUAGE_RULES.likelier : best.probability >= LANGUAGE_RULES.sure && own < LANGUAGE_RULES.unlikely;
    return solid ? best.language : null;
  }

  /** Takes in a chunk whose text is used. True when the language is another one now. `speech`: seconds. */
  accept(result: RecognisedChunk, speech: number): boolean {
    const { language } = result;
    // A short chunk that was heard otherwise stands for itself: the language of what follows stays.
    if (this.#current !== null && language !== this.#current && speech < LANGUAGE_RULES.leastSpeech) return false;
    const changed = language !== this.#current;
    if (changed) [this.#current, this.#heard, this.#sureOf] = [language, 0, 0];
    this.#heard += speech;
    this.#sureOf += speech * (result.languages.find((each) => each.language === language)?.probability ?? result.languageProbability);
    return changed;
  }

  /** How sure it is of the current language over all that was heard in it, 0 to 1; 1 when the person said it. */
  get certainty(): number {
    return this.#asked !== 'auto' || this.#heard === 0 ? 1 : this.#sureOf / this.#heard;
  }
}

/** Of two hearings of one chunk, whether the second is to be taken. */
export function isBetterHearing(first: RecognisedChunk, second: RecognisedChunk): boolean {
  return second.words.length > 0 && second.meanLogProbability > first.meanLogProbability + LANGUAGE_RULES.better;
}
