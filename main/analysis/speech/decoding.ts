/** Writes down a batch of clips: token after token, all rows together, until each has ended. */
import { loopAtEnd } from './loops.ts';
import { TokenRules, type Sampling } from './tokenRules.ts';
import { CONTEXT, FRAMES_PER_SECOND, VOCABULARY } from './whisperConfig.ts';
import type { Cache, Heard, Step, WhisperGraphs } from './whisperGraphs.ts';

/** Tokens of a prompt that are fed at once: each takes 200 kB of scores for each row. */
const PROMPT_STEP = 16;
/** No speaker is faster than this; what would be is invention. Tokens a second, and some for the shortest clips. */
const MOST_TOKENS_PER_SECOND = 16;
const TOKENS_AT_LEAST = 24;

export interface Written {
  /** Texts and timestamps, without the end token. */
  tokens: number[];
  /** Natural logarithms of their probabilities. */
  logProbabilities: number[];
  /** For each token, and last for what would come after them: where the alignment heads looked, [heads, frames of the clip]. */
  attention: Float32Array[];
  /** Sum of the logarithms over the tokens and the end, divided by their number. */
  meanLogProbability: number;
  /** It began to repeat itself and was stopped. */
  looped: boolean;
}

export interface DecodeOptions {
  /** Special tokens to begin with, the prompt before them. */
  begin: readonly number[];
  /** Length of each row's clip in seconds. */
  seconds: readonly number[];
  sampling: Sampling;
  dropped: () => boolean;
}

/** One clip's text as it grows. */
class Row {
  readonly written: Written = { tokens: [], logProbabilities: [], attention: [], meanLogProbability: 0, looped: false };
  readonly seconds: number;
  readonly #most: number;
  #sum = 0;
  done = false;

  constructor(seconds: number, room: number) {
    this.seconds = seconds;
    this.#most = Math.min(room, TOKENS_AT_LEAST + Math.ceil(seconds * MOST_TOKENS_PER_SECOND));
  }

  /** Where the token that is written next was heard. */
  take(token: number, logProbability: number, attention: Float32Array, end: number): void {
    const { written } = this;
    written.attention.push(attention);
    this.#sum += logProbability;
    if (token === end) return this.#finish(written.tokens.length + 1);
    written.tokens.push(token);
    written.logProbabilities.push(logProbability);
    if (loopAtEnd(written.tokens) > 0) written.looped = true;
    if (written.looped || written.tokens.length >= this.#most) this.#finish(written.tokens.length);
  }

  #finish(count: number): void {
    this.written.meanLogProbability = this.#sum / Math.max(1, count);
    this.done = true;
  }
}

/** What the decoder says about the sound before it writes: probabilities of each language, and that nobody speaks; a row each. */
export interface FirstLook {
  languages: Float32Array[];
  noSpeech: number[];
}

export class BatchDecoder {
  readonly #graphs: WhisperGraphs;
  readonly #rules: TokenRules;

  constructor(graphs: WhisperGraphs) {
    this.#graphs = graphs;
    this.#rules = new TokenRules(graphs.config);
  }

  async look(heard: Heard): Promise<FirstLook> {
    const { sot, first_language, languages, no_speech } = this.#graphs.config;
    const tokens = new BigInt64Array(heard.rows).fill(BigInt(sot));
    const { logits } = await this.#graphs.step(tokens, heard, this.#graphs.emptyCache(heard.rows));
    const rows = Array.from({ length: heard.rows }, (_, row) => logits.subarray(row * VOCABULARY, (row + 1) * VOCABULARY));
    return {
      languages: rows.map((row) => softmax(row.subarray(first_language, first_language + languages))),
      noSpeech: rows.map((row) => softmax(row)[no_speech] ?? 0),
    };
  }

  /** Texts of the rows of `heard`, in order; null when dropped on the way. */
  async decode(heard: Heard, options: DecodeOptions): Promise<Written[] | null> {
    const rows = options.seconds.map((seconds) => new Row(seconds, CONTEXT - options.begin.length));
    let active = rows;
    let view = heard;
    let next = await this.#begin(heard, options);
    while (next) {
      if (options.dropped()) return null;
      const tokens = this.#write(active, next, view, options.sampling);
      if (active.every(({ done }) => done)) return rows.map(({ written }) => written);
      let { cache } = next;
      const going = active.flatMap(({ done }, index) => (done ? [] : [index]));
      // Rows that have ended cost as much as the others; taking them out costs a copy of the rest.
      if (going.length <= active.length / 2) {
        cache = this.#graphs.keepCache(cache, going);
        view = this.#graphs.keepHeard(view, going);
        active = going.flatMap((index) => active[index] ?? []);
        next = await this.#graphs.step(BigInt64Array.from(going, (index) => tokens[index] ?? 0n), view, cache);
      } else {
        next = await this.#graphs.step(tokens, view, cache);
      }
    }
    return null;
  }

  async #begin(heard: Heard, { begin, dropped }: DecodeOptions): Promise<Step | null> {
    let cache: Cache = this.#graphs.emptyCache(heard.rows);
    let step: Step | null = null;
    for (let at = 0; at < begin.length; at += PROMPT_STEP) {
      if (dropped()) return null;
      const piece = begin.slice(at, at + PROMPT_STEP).map(BigInt);
      const tokens = BigInt64Array.from(Array.from({ length: heard.rows }, () => piece).flat());
      step = await this.#graphs.step(tokens, heard, cache);
      ({ cache } = step);
    }
    return step;
  }

  /** Chooses each row's next token; rows that have ended get the end token again. */
  #write(rows: readonly Row[], step: Step, heard: Heard, sampling: Sampling): BigInt64Array {
    const { eot } = this.#graphs.config;
    const n = step.logits.length / (rows.length * VOCABULARY);
    return BigInt64Array.from(rows, (row, index) => {
      if (row.done) return BigInt(eot);
      const last = (index + 1) * n * VOCABULARY;
      const choice = this.#rules.choose(step.logits.subarray(last - VOCABULARY, last), row.written.tokens, row.seconds, sampling);
      row.take(choice.token, choice.logProbability, this.#attentionOf(step, heard, index, n, row.seconds), eot);
      return BigInt(choice.token);
    });
  }

  #attentionOf({ attention }: Step, { frames }: Heard, row: number, n: number, seconds: number): Float32Array {
    const heads = this.#graphs.alignmentHeads;
    const kept = Math.min(frames, Math.max(1, Math.ceil(seconds * FRAMES_PER_SECOND)));
    const copy = new Float32Array(heads * kept);
    for (let head = 0; head < heads; head++) {
      const at = ((row * heads + head) * n + n - 1) * frames;
      copy.set(attention.subarray(at, at + kept), head * kept);
    }
    return copy;
  }
}

function softmax(scores: Float32Array): Float32Array {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const weights = scores.map((score) => Math.exp(score - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
