/** Packs stretches of speech into chunks that the recogniser hears at once. Pure; positions are samples from the media's start. */
import { STRETCH_RULES, type Stretch } from './stretches.ts';
import { SPEECH_RATE } from './types.ts';

/** Seconds of silence that may lie between two stretches of one chunk. */
export const LONGEST_GAP = 3;

export interface ChunkRange {
  start: number;
  end: number;
  /** What of it is speech, in order. */
  stretches: Stretch[];
}

export class ChunkPacker {
  #open: ChunkRange | null = null;
  #early: boolean;

  /** `early`: the first chunk is to end soon (`STRETCH_RULES.first`). */
  constructor(early = false) {
    this.#early = early;
  }

  /** Begin of the chunk that is still being filled; null when there is none. */
  get openFrom(): number | null {
    return this.#open?.start ?? null;
  }

  /** The next stretch. Gives the chunk that it no longer fits into. */
  push(stretch: Stretch): ChunkRange | null {
    const open = this.#open;
    const longest = this.#early ? STRETCH_RULES.first.longest : STRETCH_RULES.longest;
    const fits = open && !this.#isEnough(open) && stretch.end - open.start <= longest * SPEECH_RATE && stretch.start - open.end <= LONGEST_GAP * SPEECH_RATE;
    if (open && fits) {
      open.stretches.push(stretch);
      open.end = stretch.end;
      return null;
    }
    this.#open = { start: stretch.start, end: stretch.end, stretches: [stretch] };
    if (open) this.#early = false;
    return open;
  }

  /** No stretch begins before `sample`: gives the chunk that then can't grow any more. */
  advance(sample: number): ChunkRange | null {
    const open = this.#open;
    if (!open || (!this.#isEnough(open) && sample - open.end <= LONGEST_GAP * SPEECH_RATE && sample - open.start <= STRETCH_RULES.longest * SPEECH_RATE)) return null;
    return this.finish();
  }

  finish(): ChunkRange | null {
    const open = this.#open;
    this.#open = null;
    if (open) this.#early = false;
    return open;
  }

  #isEnough({ stretches }: ChunkRange): boolean {
    return this.#early && samplesOfSpeech(stretches) >= STRETCH_RULES.first.speech * SPEECH_RATE;
  }
}

/** The parts of a chunk's speech from `from` on. */
export function speechFrom(stretches: readonly Stretch[], from: number): Stretch[] {
  return stretches.flatMap((stretch) => (stretch.end <= from ? [] : [{ ...stretch, start: Math.max(stretch.start, from) }]));
}

export function samplesOfSpeech(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0);
}
