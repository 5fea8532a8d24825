/**
 * The byte-level BPE of CLIP (Radford et al., 2021), out of a `tokenizer.json`: lower case, split into words, bytes as visible characters,
 * pairs merged in the order of the list, `</w>` at the end of a word.
 */
import { z } from 'zod';

const tokenizerSchema = z.object({
  model: z.object({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.number().int().nonnegative()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    end_of_word_suffix: z.string().nullish(),
  }),
});

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;

export interface TokenizedText {
  ids: BigInt64Array;
  /** 1 for a token, 0 for what fills up. */
  mask: BigInt64Array;
}

export class ClipTokenizer {
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #suffix: string;
  readonly #start: number;
  readonly #end: number;

  /** Throws when `json` is not the tokenizer of a CLIP model. */
  constructor(json: unknown) {
    const { vocab, merges, end_of_word_suffix: suffix } = tokenizerSchema.parse(json).model;
    this.#vocabulary = new Map(Object.entries(vocab));
    this.#ranks = new Map(merges.map((pair, rank) => [typeof pair === 'string' ? pair : pair.join(' '), rank]));
    this.#suffix = suffix ?? '</w>';
    this.#start = this.#idOf(START);
    this.#end = this.#idOf(END);
  }

  /** `length` tokens: start, text (cut off when too long), end, filled up with end. */
  encode(text: string, length: number): TokenizedText {
    const words = text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase().match(WORDS) ?? [];
    const inner = words.flatMap((word) => this.#tokensOf(word)).slice(0, Math.max(0, length - 2));
    const used = [this.#start, ...inner, this.#end];
    const ids = BigInt64Array.from({ length }, (_, index) => BigInt(used[index] ?? this.#end));
    return { ids, mask: BigInt64Array.from({ length }, (_, index) => (index < used.length ? 1n : 0n)) };
  }

  #idOf(token: string): number {
    const id = this.#vocabulary.get(token);
    if (id === undefined) throw new Error(`the vocabulary has no ${token}`);
    return id;
  }

  /** Pieces that the vocabulary lacks are left out. */
  #tokensOf(word: string): number[] {
    const symbols = [...new TextEncoder().encode(word)].map(visible);
    symbols.push((symbols.pop() ?? '') + this.#suffix);
    return this.#merged(symbols).flatMap((symbol) => this.#vocabulary.get(symbol) ?? []);
  }

  #merged(symbols: string[]): string[] {
    for (;;) {
      let best = -1;
      let bestRank = Infinity;
      for (let index = 0; index + 1 < symbols.length; index++) {
        const rank = this.#ranks.get(`${symbols[index] ?? ''} ${symbols[index + 1] ?? ''}`) ?? Infinity;
        if (rank < bestRank) [best, bestRank] = [index, rank];
      }
      if (best < 0) return symbols;
      symbols.splice(best, 2, (symbols[best] ?? '') + (symbols[best + 1] ?? ''));
    }
  }
}

/** GPT-2's table: printable bytes stand for themselves, the others for characters from 256 on, in order. */
const VISIBLE: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
})();

function visible(byte: number): string {
  return VISIBLE[byte] ?? '';
}
