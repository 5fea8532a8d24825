/** Writes down a batch of clips: token after token, all rows together, until each has ended. */
import { loopAtEnd } from './loops.ts';
import { TokenRules, type Sampling } from './tokenRules.ts';
import { CONTEXT, FRAMES_PER_SECOND, VOCABULARY } from './whisperConfig.ts';
import type { Heard, Step, WhisperGraphs } from './whisperGraphs.ts';

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
  /** Tokens that are not written. */
  barred: readonly number[];
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
      noSpeech: rows.map((row) => shareOf(row, no_speech)),
    };
  }

  /** Texts of the rows of `heard`, in order; null when dropped on the way. Takes rows out of `heard` as they end. */
  async decode(heard: Heard, options: DecodeOptions): Promise<Written[] | null> {
    const { begin, seconds, dropped } = options;
    const rows = seconds.map((length) => new Row(length, CONTEXT - begin.length));
    let active = rows;
    let view = heard;
    const first = BigInt64Array.from(rows.flatMap(() => begin.map(BigInt)));
    let step = await this.#graphs.step(first, view, this.#graphs.emptyCache(rows.length));
    for (;;) {
      if (dropped()) return null;
      let tokens = this.#write(active, step, view, options);
      let { cache } = step;
      const left = leftRows(active);
      if (left.length === 0) return rows.map(({ written }) => written);
      if (left.length < active.length) {
        ({ heard: view, cache } = this.#graphs.keepRows(view, cache, left));
        active = left.flatMap((row) => active[row] ?? []);
        tokens = BigInt64Array.from(left, (row) => tokens[row] ?? 0n);
      }
      step = await this.#graphs.step(tokens, view, cache);
    }
  }

  /** Chooses each row's next token. */
  #write(rows: readonly Row[], step: Step, heard: Heard, { sampling, barred }: DecodeOptions): BigInt64Array {
    const { eot } = this.#graphs.config;
    return BigInt64Array.from(rows, (row, index) => {
      const scores = step.logits.subarray(index * VOCABULARY, (index + 1) * VOCABULARY);
      for (const token of barred) scores[token] = -Infinity;
      const choice = this.#rules.choose(scores, row.written.tokens, row.seconds, sampling);
      row.take(choice.token, choice.logProbability, this.#attentionOf(step, heard, index, row.seconds), eot);
      return BigInt(choice.token);
    });
  }

  #attentionOf({ attention }: Step, { frames, rows }: Heard, row: number, seconds: number): Float32Array {
    const heads = this.#graphs.alignmentHeads;
    const n = attention.length / (rows * heads * frames);
    const kept = Math.min(frames, Math.max(1, Math.ceil(seconds * FRAMES_PER_SECOND)));
    const copy = new Float32Array(heads * kept);
    for (let head = 0; head < heads; head++) {
      const at = ((row * heads + head) * n + n - 1) * frames;
      copy.set(attention.subarray(at, at + kept), head * kept);
    }
    return copy;
  }
}

/** Rows that go on, each with the place it has now: those behind fill the places of those that have ended, so that few are moved. */
function leftRows(rows: readonly Row[]): number[] {
  const count = rows.filter(({ done }) => !done).length;
  const behind = rows.flatMap(({ done }, row) => (!done && row >= count ? [row] : []));
  return rows.slice(0, count).flatMap(({ done }, row) => (done ? (behind.shift() ?? []) : row));
}

function softmax(scores: Float32Array): Float32Array {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const weights = scores.map((score) => Math.exp(score - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** One token's part of the softmax. */
function shareOf(scores: Float32Array, token: number): number {
  let top = -Infinity;
  for (let i = 0; i < scores.length; i++) top = Math.max(top, scores[i] as number);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp((scores[i] as number) - top);
  return Math.exp((scores[token] as number) - top) / sum;
}
