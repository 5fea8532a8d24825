/** Who speaks: runs of words are given to speakers as they come, and sorted anew once all voices were heard. Pure. */
import type { Speaker, Word } from '../../../shared/captions/types.ts';
import type { Turn } from '../../../shared/speech.ts';
import { FLICKS_PER_SECOND, type Flicks } from '../../../shared/time.ts';
import { clusters } from './clusters.ts';
import { cosine, meanOf, VECTOR } from './voices.ts';

export const SPEAKER_RULES = {
  /** Average linkage ends here: cosine distance (models' notes). */
  apart: 0.35,
  /** As they come: a voice less like every known one than this is a new one, once it has spoken for `leastNew` seconds. */
  alike: 0.6,
  leastNew: 2.5,
  /** Somebody heard for fewer seconds in all is taken for the speaker most like. */
  leastSpeaker: 3,
  /** Seconds of silence that end a run of words, and the longest run. */
  pause: 0.5,
  longest: 10,
  /** Runs shorter than this say too little of their voice to shape the clusters. */
  leastShaping: 1.2,
} as const;

/** A run of words by one voice. */
export interface Voice {
  start: Flicks;
  end: Flicks;
  vector: Float32Array;
}

const seconds = ({ start, end }: { start: Flicks; end: Flicks }): number => (end - start) / FLICKS_PER_SECOND;

/** A, B, … Z, AA, … */
function speakerId(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : speakerId(Math.floor(index / 26) - 1) + letter;
}

/** The words in runs that one person says: ended by a pause, the end of a sentence, or the longest a run may be. Gives [from, to) of each. */
export function runsOf(words: readonly Word[]): [number, number][] {
  const runs: [number, number][] = [];
  let from = 0;
  for (let index = 1; index <= words.length; index += 1) {
    const [previous, next, first] = [words[index - 1], words[index], words[from]];
    if (!previous || !first) break;
    const ends =
      !next ||
      next.start - previous.end >= SPEAKER_RULES.pause * FLICKS_PER_SECOND ||
      next.end - first.start > SPEAKER_RULES.longest * FLICKS_PER_SECOND ||
      /[.?!。？！…]["'”’」』)]*$/u.test(previous.text);
    if (!ends) continue;
    runs.push([from, index]);
    from = index;
  }
  return runs;
}

interface Known {
  sum: Float32Array;
  seconds: number;
}

/** Speakers while the sound is still being heard. */
export class SpeakerBook {
  readonly #voices: Voice[] = [];
  readonly #known: Known[] = [];

  /** The speaker of one more run. */
  add(voice: Voice): string {
    this.#voices.push(voice);
    const length = seconds(voice);
    let best = -1;
    let most = -Infinity;
    for (const [index, { sum }] of this.#known.entries()) {
      const alike = cosine(meanOf([sum]), voice.vector);
      if (alike > most) [best, most] = [index, alike];
    }
    if (best < 0 || (most < SPEAKER_RULES.alike && length >= SPEAKER_RULES.leastNew)) {
      this.#known.push({ sum: new Float32Array(VECTOR), seconds: 0 });
      best = this.#known.length - 1;
    }
    const known = this.#known[best];
    if (known) {
      known.seconds += length;
      known.sum = known.sum.map((value, index) => value + length * (voice.vector[index] ?? 0));
    }
    return speakerId(best);
  }

  /** Everybody met so far. */
  get speakers(): Speaker[] {
    return this.#known.map((_, index) => ({ id: speakerId(index), name: speakerId(index) }));
  }

  /** Who speaks when, from all voices at once; names in order of first words. */
  settle(): { turns: Turn[]; speakers: Speaker[] } {
    const labels = labelsOf(this.#voices);
    const order = [...new Set(labels)];
    const turns = this.#voices.map(({ start, end }, index) => ({ start, end, speaker: speakerId(order.indexOf(labels[index] ?? 0)) }));
    return { turns, speakers: order.map((_, index) => ({ id: speakerId(index), name: speakerId(index) })) };
  }
}

/** A cluster's number for each voice. */
function labelsOf(voices: readonly Voice[]): number[] {
  const shaping = voices.filter((voice) => seconds(voice) >= SPEAKER_RULES.leastShaping);
  const used = shaping.length > 0 ? shaping : voices;
  const found = clusters(used.map(({ vector }) => vector), SPEAKER_RULES.apart);
  const count = Math.max(-1, ...found) + 1;
  const spoken = Array.from({ length: count }, (_, cluster) => used.reduce((sum, voice, index) => sum + (found[index] === cluster ? seconds(voice) : 0), 0));
  const longest = Math.max(0, ...spoken);
  const means = spoken.flatMap((total, cluster) =>
    total >= Math.min(SPEAKER_RULES.leastSpeaker, longest) ? [{ cluster, mean: meanOf(used.filter((_, index) => found[index] === cluster).map(({ vector }) => vector)) }] : [],
  );
  const nearest = (vector: Float32Array): number =>
    means.reduce((best, each) => (cosine(each.mean, vector) > best.alike ? { cluster: each.cluster, alike: cosine(each.mean, vector) } : best), { cluster: 0, alike: -Infinity }).cluster;
  const kept = new Set(means.map(({ cluster }) => cluster));
  const known = new Map(used.map((voice, index) => [voice, found[index] ?? 0]));
  return voices.map((voice) => {
    const cluster = known.get(voice);
    return cluster !== undefined && kept.has(cluster) ? cluster : nearest(voice.vector);
  });
}

/** The speaker at a time: of the turn that holds it, else the nearest one. `turns` in order. */
export function speakerAt(turns: readonly Turn[], time: Flicks): string | null {
  let best: { speaker: string; distance: number } | null = null;
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle]?.end ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  for (const turn of turns.slice(Math.max(0, low - 1), low + 1)) {
    const distance = Math.max(turn.start - time, time - turn.end, 0);
    if (!best || distance < best.distance) best = { speaker: turn.speaker, distance };
  }
  return best?.speaker ?? null;
}
