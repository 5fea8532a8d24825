/**
 * Whisper's byte-level vocabulary. Encoding (for prompts) is @huggingface/tokenizers'; decoding goes by the bytes of each token, because words are cut
 * between tokens and a Chinese character may lie across two of them.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import type { WhisperConfig } from './whisperConfig.ts';

/** GPT-2's table: every byte has a printable character; those that are none themselves are moved to 256 and up. */
function byteOfCharacter(): Map<string, number> {
  const printable = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const table = new Map<string, number>();
  let moved = 256;
  for (let byte = 0; byte < 256; byte++) table.set(String.fromCharCode(printable(byte) ? byte : moved++), byte);
  return table;
}

export class SpeechTokenizer {
  readonly config: WhisperConfig;
  /** Languages the weights know, in the order of their tokens. */
  readonly languages: readonly string[];
  readonly #tokenizer: Tokenizer;
  readonly #bytes = byteOfCharacter();
  readonly #decoder = new TextDecoder('utf-8');
  #foreign: readonly number[] | null = null;

  /** `json`: the parsed tokenizer file. */
  constructor(json: object, config: WhisperConfig) {
    this.config = config;
    this.#tokenizer = new Tokenizer(json, {});
    this.languages = Array.from({ length: config.languages }, (_, i) => this.#piece(config.first_language + i).slice(2, -2));
  }

  /** Token ids of plain text, no special ones. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids.filter((id) => id < this.config.eot);
  }

  isText(id: number): boolean {
    return id < this.config.eot;
  }

  isTimestamp(id: number): boolean {
    return id >= this.config.timestamp_begin;
  }

  /** Seconds of a timestamp token. */
  timeOf(id: number): number {
    return (id - this.config.timestamp_begin) * 0.02;
  }

  /** Token of a language; null for one that the weights don't know. */
  languageToken(language: string): number | null {
    const index = this.languages.indexOf(language);
    return index < 0 ? null : this.config.first_language + index;
  }

  /** Text of tokens; what is no whole character at the ends becomes U+FFFD. Special tokens give nothing. */
  decode(ids: readonly number[]): string {
    const bytes: number[] = [];
    for (const id of ids) {
      if (this.isText(id)) bytes.push(...this.#bytesOf(id));
    }
    return this.#decoder.decode(Uint8Array.from(bytes));
  }

  /** Text tokens that English doesn't have: with letters other than Latin ones, or with the beginning of one (“ and £ lie across tokens, too). */
  get foreignToEnglish(): readonly number[] {
    return (this.#foreign ??= Array.from({ length: this.config.eot }, (_, id) => id).filter((id) => {
      const text = this.decode([id]);
      return /(?!\p{Script=Latin})\p{L}/u.test(text) || (text.includes('\uFFFD') && this.#bytesOf(id).some(beginsForeignLetter));
    }));
  }

  #bytesOf(id: number): number[] {
    return [...this.#piece(id)].map((character) => this.#bytes.get(character) ?? 0x3f);
  }

  #piece(id: number): string {
    return this.#tokenizer.id_to_token(id) ?? '';
  }
}

/** First bytes of UTF-8 characters from Greek on, but for E2, where punctuation and signs are. */
const beginsForeignLetter = (byte: number): boolean => byte >= 0xcd && byte <= 0xef && byte !== 0xe2;
