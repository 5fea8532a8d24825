/** Texts as the encoder takes them: token ids, in pieces when they don't fit into its window. */
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';

/** The first and the last token of every run: [CLS] and [SEP], or <s> and </s>. */
const SPECIAL_TOKENS = 2;

const tokenizerSchema = z.object({ added_tokens: z.array(z.object({ content: z.string() })) });

export class TextTokens {
  readonly #tokenizer: Tokenizer;
  readonly #window: number;
  readonly #special: RegExp;

  /** `json`: the parsed tokenizer file. `window`: tokens of one run. */
  constructor(json: object, window: number) {
    const { added_tokens: added } = tokenizerSchema.parse(json);
    // Splitting is done here: nothing may be cut off by the tokenizer.
    this.#tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, {});
    this.#window = window;
    this.#special = new RegExp(added.map(({ content }) => content.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('|') || '(?!)', 'gu');
  }

  /**
   * Token ids of `prefix + text` with the special tokens. A text that is longer than the window is split into pieces of like length, each
   * with the prefix: nothing of it is cut off.
   */
  pieces(written: string, prefix: string): number[][] {
    // What a text happens to say ("[SEP]") must not be taken for a control token.
    const text = written.replace(this.#special, (token) => `${token.slice(0, 1)} ${token.slice(1)}`);
    const whole = this.#tokenizer.encode(prefix + text).ids;
    if (whole.length <= this.#window) return [whole];
    const [first, last] = [whole[0] ?? 0, whole.at(-1) ?? 0];
    const before = prefix === '' ? [] : this.#tokenizer.encode(prefix, { add_special_tokens: false }).ids;
    const ids = this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
    const room = this.#window - SPECIAL_TOKENS - before.length;
    const count = Math.max(1, Math.ceil(ids.length / room));
    return Array.from({ length: count }, (_, i) => {
      const part = ids.slice(Math.round((i * ids.length) / count), Math.round(((i + 1) * ids.length) / count));
      return [first, ...before, ...part, last];
    });
  }
}
