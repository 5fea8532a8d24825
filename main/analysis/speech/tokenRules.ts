/**
 * Chooses the next token from the decoder's scores under Whisper's rules (Radford et al., 2022, section 4.5; `ApplyTimestampRules` and
 * `SuppressTokens` of OpenAI's decoding): timestamps come in pairs, never go back, and win when together they are likelier than any text.
 */
import { VOCABULARY, type WhisperConfig } from './whisperConfig.ts';

const STAMPS_PER_SECOND = 50;
/** The first timestamp may not be later than this; speech begins near the start of a chunk that voice activity has cut. Seconds. */
const LATEST_START = 1;
/** A timestamp may lie this far behind the clip's end. Seconds. */
const BEYOND_END = 0.2;
/** Scores this far under the best are left out of sums: even 10,000 of them add less than 1 %, and most of the 51,865 lie there. */
const NEGLIGIBLE = 14;

export interface Choice {
  token: number;
  /** Natural logarithm of its probability among the allowed ones. */
  logProbability: number;
}

export interface Sampling {
  /** 0: the best one. */
  temperature: number;
  /** Numbers in [0, 1). */
  random: () => number;
}

/** Which timestamps and texts may follow. Token ids, ends inclusive; `first` above `last`: none. */
interface Allowed {
  text: boolean;
  end: boolean;
  first: number;
  last: number;
}

export class TokenRules {
  readonly #config: WhisperConfig;
  readonly #suppressed: readonly number[];

  constructor(config: WhisperConfig) {
    this.#config = config;
    const special = Array.from({ length: config.timestamp_begin - config.eot - 1 }, (_, i) => config.eot + 1 + i);
    this.#suppressed = [...new Set([...config.suppress_ids, ...special])];
  }

  /** `scores`: one row of logits, changed in place. `written`: tokens so far. `seconds`: the clip's length. */
  choose(scores: Float32Array, written: readonly number[], seconds: number, sampling: Sampling): Choice {
    const allowed = this.#allowed(written, seconds);
    this.#forbid(scores, written.length === 0, allowed);
    const { eot, timestamp_begin } = this.#config;
    const text = best(scores, 0, eot);
    const stamp = best(scores, allowed.first, allowed.last);
    const top = Math.max(scores[text] ?? -Infinity, scores[stamp] ?? -Infinity);
    const stampMass = massOf(scores, allowed.first, allowed.last, top);
    const onlyStamps = stampMass > 0 && Math.log(stampMass) + top > (scores[text] ?? -Infinity);
    const mass = stampMass + (onlyStamps ? 0 : massOf(scores, 0, eot, top));
    const token = sampling.temperature === 0 ? pickBest(scores, text, stamp, onlyStamps) : sample(scores, onlyStamps ? timestamp_begin : 0, Math.max(eot, allowed.last), top, sampling);
    return { token, logProbability: (scores[token] ?? -Infinity) - top - Math.log(mass) };
  }

  #allowed(written: readonly number[], seconds: number): Allowed {
    const { timestamp_begin: zero } = this.#config;
    const latest = Math.min(VOCABULARY - 1, zero + Math.floor((seconds + BEYOND_END) * STAMPS_PER_SECOND + 1e-6));
    if (written.length === 0) return { text: false, end: false, first: zero, last: Math.min(latest, zero + LATEST_START * STAMPS_PER_SECOND) };
    const isStamp = (token: number | undefined): boolean => token !== undefined && token >= zero;
    const lastIs = isStamp(written.at(-1));
    const secondLastIs = written.length < 2 || isStamp(written.at(-2));
    if (lastIs && secondLastIs) return { text: true, end: true, first: 1, last: 0 };
    const previous = written.findLast(isStamp) ?? zero;
    // After text and its timestamp the next segment may begin at once; otherwise time must have passed.
    return { text: !lastIs, end: true, first: lastIs ? previous : previous + 1, last: latest };
  }

  #forbid(scores: Float32Array, begin: boolean, allowed: Allowed): void {
    const { eot, suppress_ids_begin, timestamp_begin } = this.#config;
    if (!allowed.text) scores.fill(-Infinity, 0, eot);
    if (!allowed.end) scores[eot] = -Infinity;
    for (const id of this.#suppressed) scores[id] = -Infinity;
    if (begin) for (const id of suppress_ids_begin) scores[id] = -Infinity;
    scores.fill(-Infinity, timestamp_begin, Math.min(VOCABULARY, Math.max(timestamp_begin, allowed.first)));
  }
}

/** Index of the largest in [from, to]; -1 for none. */
function best(scores: Float32Array, from: number, to: number): number {
  let found = -1;
  let top = -Infinity;
  for (let i = from; i <= to; i++) {
    const score = scores[i] as number;
    if (score > top) {
      top = score;
      found = i;
    }
  }
  return found;
}

function massOf(scores: Float32Array, from: number, to: number, top: number): number {
  const floor = top - NEGLIGIBLE;
  let sum = 0;
  for (let i = from; i <= to; i++) {
    const score = scores[i] as number;
    if (score > floor) sum += Math.exp(score - top);
  }
  return sum;
}

function pickBest(scores: Float32Array, text: number, stamp: number, onlyStamps: boolean): number {
  if (onlyStamps || text < 0) return stamp;
  return stamp >= 0 && (scores[stamp] ?? 0) > (scores[text] ?? 0) ? stamp : text;
}

/** Draws one in [from, to] by softmax(scores / temperature). */
function sample(scores: Float32Array, from: number, to: number, top: number, { temperature, random }: Sampling): number {
  const weight = (i: number): number => {
    const below = ((scores[i] as number) - top) / temperature;
    return below > -NEGLIGIBLE ? Math.exp(below) : 0;
  };
  let total = 0;
  for (let i = from; i <= to; i++) total += weight(i);
  let left = random() * total;
  let drawn = -1;
  for (let i = from; i <= to; i++) {
    const mass = weight(i);
    if (mass === 0) continue;
    drawn = i;
    left -= mass;
    if (left < 0) break;
  }
  return drawn;
}
