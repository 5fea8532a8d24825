/** The text of an ASS event: override tags as runs of style, place and karaoke. */
import type { CuePlace, StyleSpan, Word } from '../types.ts';
import { flicks, type Flicks } from '../../time.ts';
import { JOINER } from './assParts.ts';
import { fromCentiseconds } from './assTime.ts';
import { StyledText, type RunStyle } from './styled.ts';
import { wordsOfPieces, type TimedPiece } from './words.ts';

export interface AssContext {
  start: Flicks | null;
  /** What the event's own style is beyond the track's. */
  base: RunStyle;
  place: CuePlace | null;
  /** Size of the script's picture, in which \pos counts. */
  width: number;
  height: number;
  /** `\n` breaks lines (WrapStyle 2); else it is a space. */
  softBreaks: boolean;
}

export interface AssText {
  text: string;
  spans: StyleSpan[];
  words: Word[];
  place: CuePlace | null;
  /** A tag was there that nothing here can hold: a fade, a font, a drawing. */
  lost: boolean;
}

export function readAssText(raw: string, context: AssContext): AssText {
  const reader = new EventReader(context);
  let at = 0;
  while (at < raw.length) {
    const next = nextSpecial(raw, at);
    reader.push(raw.slice(at, next));
    if (next >= raw.length) break;
    at = raw.charAt(next) === '{' ? reader.block(raw, next) : reader.escape(raw, next);
  }
  return reader.finish();
}

const SPECIAL = /[{\\]/g;
function nextSpecial(raw: string, at: number): number {
  SPECIAL.lastIndex = at;
  return SPECIAL.exec(raw)?.index ?? raw.length;
}

class EventReader {
  readonly #context: AssContext;
  readonly #built = new StyledText();
  readonly #syllables: { at: number; length: number }[] = [];
  #place: CuePlace | null;
  #lost = false;
  #drawing = false;
  /** No brace closes any more: the rest is text. */
  #unclosed = false;

  constructor(context: AssContext) {
    this.#context = context;
    this.#built.style = context.base;
    this.#place = context.place;
  }

  push(text: string): void {
    if (!this.#drawing) this.#built.push(text);
  }

  /** Reads a block from its brace on; the answer is where it ends. */
  block(raw: string, at: number): number {
    const end = this.#unclosed ? -1 : raw.indexOf('}', at);
    if (end < 0) {
      this.#unclosed = true;
      this.push('{');
      return at + 1;
    }
    const body = raw.slice(at + 1, end);
    const tags = tagsOf(body);
    // Text in braces without a tag is a comment.
    if (tags.length === 0 && body.trim() !== '') this.#lost = true;
    for (const tag of tags) this.#tag(tag);
    return end + 1;
  }

  escape(raw: string, at: number): number {
    const next = raw.charAt(at + 1);
    if (next === 'N') this.push('\n');
    else if (next === 'n') this.push(this.#context.softBreaks ? '\n' : ' ');
    else if (next === 'h') this.push('\u00a0');
    else if (next === '{' || next === '}') this.push(next);
    else if (next === JOINER) this.push('\\');
    else {
      this.push('\\');
      return at + 1;
    }
    return at + 2;
  }

  #tag(tag: string): void {
    if (this.#styleTag(tag) || this.#placeTag(tag)) return;
    const karaoke = /^(?:k|K|kf|ko)(\d{1,6})$/.exec(tag)?.[1];
    if (karaoke !== undefined) {
      this.#syllables.push({ at: this.#built.length, length: Number(karaoke) });
      return;
    }
    const drawing = /^p(\d)$/.exec(tag)?.[1];
    if (drawing !== undefined) this.#drawing = drawing !== '0';
    this.#lost = true;
  }

  #styleTag(tag: string): boolean {
    const style = this.#built.style;
    const [, name = '', value = ''] = /^([ibu])(\d{0,3})$/.exec(tag) ?? [];
    const own = value === '';
    const on = value === '1' || Number(value) > 500;
    const colour = /^(1?c|2c)(?:&?H?([0-9a-fA-F]{1,8})&?)?$/.exec(tag);
    if (name === 'i') this.#built.style = { ...style, italic: own ? this.#context.base.italic : on };
    else if (name === 'b') this.#built.style = { ...style, bold: own ? this.#context.base.bold : on };
    else if (name === 'u') this.#built.style = { ...style, underline: own ? this.#context.base.underline : on };
    else if (tag === 'r') this.#built.style = this.#context.base;
    else if (colour) this.#built.style = { ...style, colour: colour[2] === undefined ? this.#context.base.colour : rgbOf(colour[2]) };
    else return false;
    return true;
  }

  #placeTag(tag: string): boolean {
    const pad = /^an([1-9])$/.exec(tag)?.[1];
    const legacy = /^a(\d{1,2})$/.exec(tag)?.[1];
    const point = /^(pos|move)\(\s{0,4}(-?[\d.]{1,12})\s{0,4},\s{0,4}(-?[\d.]{1,12})/.exec(tag);
    if (pad !== undefined) this.#place = { ...this.#place, align: Number(pad) };
    else if (legacy !== undefined) this.#place = { ...this.#place, align: alignOfSsa(Number(legacy)) };
    else if (point) {
      const share = (value: string | undefined, whole: number): number => Number(((Number(value) / whole) * 100).toFixed(3));
      const [x, y] = [share(point[2], this.#context.width), share(point[3], this.#context.height)];
      if (Number.isFinite(x) && Number.isFinite(y)) this.#place = { align: this.#place?.align ?? 2, x, y };
      this.#lost ||= point[1] === 'move';
    } else return false;
    return true;
  }

  finish(): AssText {
    const { text, spans, cut } = this.#built.finish();
    const place = this.#place && this.#place.align === 2 && this.#place.x === undefined ? null : this.#place;
    return { text, spans, words: this.#words(text, cut), place, lost: this.#lost };
  }

  #words(text: string, cut: number): Word[] {
    const { start } = this.#context;
    if (start === null || this.#syllables.length === 0) return [];
    const within = (at: number): number => Math.max(0, Math.min(text.length, at - cut));
    const pieces: TimedPiece[] = [];
    // Text before the first tag has no time of its own: it belongs to the first syllable.
    let at = 0;
    let from: Flicks = start;
    for (const [index, { length }] of this.#syllables.entries()) {
      const next = this.#syllables[index + 1];
      const to = within(next?.at ?? text.length + cut);
      const until = flicks(from + fromCentiseconds(length));
      pieces.push({ text: text.slice(at, to), start: from, end: until });
      at = to;
      from = until;
    }
    return wordsOfPieces(pieces);
  }
}

/** Tags of an override block, without their backslashes. Those inside \t(…) are its own. */
function tagsOf(body: string): string[] {
  const tags: string[] = [];
  let depth = 0;
  let from = -1;
  for (let at = 0; at < body.length; at++) {
    const character = body.charAt(at);
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (character === '\\' && depth === 0) {
      if (from >= 0) tags.push(body.slice(from, at).trim());
      from = at + 1;
    }
  }
  if (from >= 0) tags.push(body.slice(from).trim());
  return tags;
}

/** #rrggbb of ASS's hexadecimal BBGGRR or AABBGGRR. */
export function rgbOf(digits: string): string {
  const bgr = digits.padStart(8, '0').slice(-6).toLowerCase();
  return `#${bgr.slice(4, 6)}${bgr.slice(2, 4)}${bgr.slice(0, 2)}`;
}

/** SSA's alignment (1 to 3 below, +4 above, +8 in the middle) as on the numeric keypad. */
export function alignOfSsa(value: number): number {
  const column = ((value - 1) % 4) % 3;
  const row = value >= 9 ? 1 : value >= 5 ? 2 : 0;
  return Math.max(1, Math.min(9, row * 3 + Math.max(0, column) + 1));
}
