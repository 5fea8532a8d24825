/** The content of a TTML paragraph: spans, line breaks, white space, and words with times. */
import type { StyleSpan, Word } from '../types.ts';
import type { Flicks } from '../../time.ts';
import { StyledText, type RunStyle } from './styled.ts';
import type { StyleSheet, Styles } from './ttmlStyles.ts';
import { runStyleOf } from './ttmlStyles.ts';
import { intervalOf, type Interval, type TtmlClock } from './ttmlTimes.ts';
import type { XmlNode } from './ttmlXml.ts';
import { wordsOfPieces, type TimedPiece } from './words.ts';

export interface ParagraphContext {
  sheet: StyleSheet;
  clock: TtmlClock;
  base: Styles;
}

export interface ParagraphText {
  text: string;
  spans: StyleSpan[];
  words: Word[];
  agent: string | null;
}

export function readParagraph(node: XmlNode, styles: Styles, interval: Interval, preserve: boolean, context: ParagraphContext): ParagraphText {
  const reader = new ParagraphReader(context, preserve);
  reader.children(node, styles, interval);
  return reader.finish();
}

class ParagraphReader {
  readonly #context: ParagraphContext;
  readonly #built = new StyledText();
  readonly #timed: { from: number; to: number; start: Flicks; end: Flicks }[] = [];
  readonly #preserve: boolean;
  #agent: string | null = null;
  /** A space that is written once something follows it in its line. */
  #space: RunStyle | null = null;
  #lineBegun = false;

  constructor(context: ParagraphContext, preserve: boolean) {
    this.#context = context;
    this.#preserve = preserve;
  }

  children(node: XmlNode, styles: Styles, interval: Interval): void {
    for (const child of node.children) {
      if (child.name === '') this.#text(child.text, runStyleOf(styles, this.#context.base));
      else if (child.name === 'br') this.#break(runStyleOf(styles, this.#context.base));
      else if (child.name === 'span') this.#span(child, styles, interval);
    }
  }

  #span(node: XmlNode, around: Styles, parent: Interval): void {
    this.#agent ??= node.attributes['ttm:agent']?.split(/\s+/)[0] ?? null;
    const { sheet, clock } = this.#context;
    const interval = intervalOf(node.attributes, parent, null, clock);
    const from = this.#built.length + (this.#space && !this.#preserve ? 1 : 0);
    this.children(node, sheet.of(node, around), interval);
    const to = this.#built.length;
    if (interval.own && interval.begin !== null && interval.end !== null && interval.end >= interval.begin && to > from) {
      this.#timed.push({ from, to, start: interval.begin, end: interval.end });
    }
  }

  #break(style: RunStyle): void {
    this.#built.style = style;
    this.#space = null;
    this.#lineBegun = false;
    this.#built.push('\n');
  }

  #text(text: string, style: RunStyle): void {
    if (this.#preserve) {
      this.#built.style = style;
      this.#built.push(text);
      return;
    }
    // Default white space: runs of it are one space, and none at the ends of lines. A no-break space is a letter here.
    for (const [index, part] of text.split(/[ \t\r\n]+/).entries()) {
      if (index > 0 && this.#lineBegun) this.#space ??= style;
      if (part === '') continue;
      if (this.#space) {
        this.#built.style = this.#space;
        this.#built.push(' ');
        this.#space = null;
      }
      this.#built.style = style;
      this.#built.push(part);
      this.#lineBegun = true;
    }
  }

  finish(): ParagraphText {
    const { text, spans, cut } = this.#built.finish();
    const pieces: TimedPiece[] = [];
    let at = 0;
    for (const { from, to, start, end } of this.#timed) {
      const [left, right] = [Math.max(at, from - cut), Math.min(text.length, to - cut)];
      if (right <= left) continue;
      // What stands between has no time: only its white space counts, for the words around it.
      if (left > at && text.slice(at, left).trim() === '') pieces.push({ text: text.slice(at, left), start, end: start });
      pieces.push({ text: text.slice(left, right), start, end });
      at = right;
    }
    return { text, spans, words: wordsOfPieces(pieces), agent: this.#agent };
  }
}
