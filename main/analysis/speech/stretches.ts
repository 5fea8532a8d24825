/** Stretches of speech out of the detector's probabilities, as they come. Pure; positions are samples (16 kHz) from the media's start. */
import { VAD_FRAME } from './vad.ts';
import { SPEECH_RATE } from './types.ts';

/**
 * Silero's own thresholds (0.5 in, 0.35 out); silence, padding and longest measured on spliced readings: error 7.4 % where a recogniser
 * that cuts every 30 s has 13.9 to 20.2 %.
 */
export const STRETCH_RULES = {
  begins: 0.5,
  ends: 0.35,
  /** Seconds of silence that end a stretch. */
  silence: 0.5,
  /** Seconds kept before and after, where no other stretch is. Short Chinese clips: 20.8 % of characters wrong with 0.4, 25.2 % with 0.2; English words 11.9 and 11.7 %. */
  pad: 0.4,
  /** Seconds; the recogniser hears 30 at once. */
  longest: 28,
  /** Seconds; shorter ones are clicks. */
  shortest: 0.2,
  /** An overlong stretch is cut in the last so many seconds of what fits. */
  cutWithin: 12,
  /** The first chunk ends at the first pause after so many seconds of speech, and is at most so long: its cues come soon. */
  first: { speech: 6, longest: 14 },
} as const;

/** Frames over which the probability is smoothed before the lowest is looked for: a cut wants a pause, not one odd frame. */
const CUT_SMOOTHING = 3;
/** A frame this much quieter (dB) is as good a place to cut as one 0.1 less probable. */
const DECIBELS_A_TENTH = 10;

const frames = (seconds: number): number => Math.round((seconds * SPEECH_RATE) / VAD_FRAME);

export interface Stretch {
  /** With padding; end exclusive. */
  start: number;
  end: number;
  /** Begins, or ends, in the midst of speech. */
  cutBefore: boolean;
  cutAfter: boolean;
}

interface Open {
  frame: number;
  cutBefore: boolean;
  probabilities: number[];
  levels: number[];
  lastSpeech: number;
}

export class StretchFinder {
  #open: Open | null = null;
  #frame: number;
  #previousEnd: number;
  readonly #first: number;
  /** Samples of speech until stretches may be as long as they like. */
  #hurry: number;
  readonly #pad = Math.round(STRETCH_RULES.pad * SPEECH_RATE);

  /** `first`: sample at which the first frame begins. `early`: the first stretches are to end soon (`STRETCH_RULES.first`). */
  constructor(first: number, early = false) {
    this.#first = first;
    this.#previousEnd = first;
    this.#frame = 0;
    this.#hurry = early ? STRETCH_RULES.first.speech * SPEECH_RATE : 0;
  }

  /** Sample before which nothing is undecided. */
  get settled(): number {
    return this.#open ? Math.max(this.#previousEnd, this.#sample(this.#open.frame) - this.#pad) : Math.max(this.#previousEnd, this.#sample(this.#frame) - this.#pad);
  }

  /** The next frame: probability of speech, and its level in dB. Gives the stretch that ended with it, if one did. */
  push(probability: number, level: number): Stretch | null {
    const frame = this.#frame;
    this.#frame += 1;
    const open = this.#open;
    if (!open) {
      if (probability >= STRETCH_RULES.begins) this.#open = { frame, cutBefore: false, probabilities: [probability], levels: [level], lastSpeech: frame };
      return null;
    }
    open.probabilities.push(probability);
    open.levels.push(level);
    if (probability >= STRETCH_RULES.ends) open.lastSpeech = frame;
    if (frame - open.lastSpeech >= frames(STRETCH_RULES.silence)) return this.#close(open);
    const longest = frames(this.#hurry > 0 ? STRETCH_RULES.first.longest : STRETCH_RULES.longest) - 2 * frames(STRETCH_RULES.pad);
    return frame - open.frame + 1 >= longest ? this.#cut(open) : null;
  }

  /** The last stretch; `end` is the sample at which the sound ends. */
  finish(end: number): Stretch | null {
    const stretch = this.#open ? this.#close(this.#open) : null;
    return stretch && { ...stretch, end: Math.min(stretch.end, end) };
  }

  #close(open: Open): Stretch | null {
    this.#open = null;
    const count = open.lastSpeech - open.frame + 1;
    if (count < frames(STRETCH_RULES.shortest) && !open.cutBefore) return null;
    const start = open.cutBefore ? this.#sample(open.frame) : Math.max(this.#previousEnd, this.#sample(open.frame) - this.#pad);
    return this.#tell({ start, end: this.#sample(open.lastSpeech + 1) + this.#pad, cutBefore: open.cutBefore, cutAfter: false });
  }

  /** Cuts where speech is least probable and quietest, and goes on from there. */
  #cut(open: Open): Stretch {
    const at = quietest(open, open.probabilities.length - Math.min(frames(STRETCH_RULES.cutWithin), Math.ceil(open.probabilities.length / 2)));
    const start = open.cutBefore ? this.#sample(open.frame) : Math.max(this.#previousEnd, this.#sample(open.frame) - this.#pad);
    this.#open = {
      frame: open.frame + at,
      cutBefore: true,
      probabilities: open.probabilities.slice(at),
      levels: open.levels.slice(at),
      lastSpeech: Math.max(open.lastSpeech, open.frame + at),
    };
    return this.#tell({ start, end: this.#sample(open.frame + at), cutBefore: open.cutBefore, cutAfter: true });
  }

  #tell(stretch: Stretch): Stretch {
    this.#previousEnd = stretch.end;
    this.#hurry -= stretch.end - stretch.start;
    return stretch;
  }

  #sample(frame: number): number {
    return this.#first + frame * VAD_FRAME;
  }
}

/** Index of the frame, from `from` on, at whose middle a cut harms least. */
function quietest({ probabilities, levels }: Open, from: number): number {
  const half = Math.floor(CUT_SMOOTHING / 2);
  let best = Math.max(1, from);
  let least = Infinity;
  for (let index = best; index < probabilities.length - half; index += 1) {
    let cost = 0;
    for (let near = index - half; near <= index + half; near += 1) {
      cost += (probabilities[near] ?? 0) + (levels[near] ?? 0) / (10 * DECIBELS_A_TENTH);
    }
    if (cost >= least) continue;
    least = cost;
    best = index;
  }
  return best;
}
