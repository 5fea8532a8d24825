/** The payload of a WebVTT cue: voice, class, style and time tags (WebVTT 1, section 4.2.2). */
import type { Cue, StyleSpan, Word } from '../types.ts';
import { flicks, type Flicks } from '../../time.ts';
import { FLICKS_PER_MILLISECOND, readClock, roundTo, writeClock } from './clock.ts';
import { VTT_COLOURS } from './colours.ts';
import { decodeEntities, encodeEntities } from './entities.ts';
import { runsOf, StyledText, type RunStyle } from './styled.ts';
import { tokens } from './tags.ts';
import { placeWords, type WordPlace } from '../wordPlaces.ts';
import { isWhollyTimed, wordsOfPieces } from './words.ts';

const KNOWN = new Set(['c', 'i', 'b', 'u', 'v', 'lang', 'ruby', 'rt']);

export interface VttText {
  text: string;
  spans: StyleSpan[];
  words: Word[];
  voice: string | null;
  /** A second voice, an unknown class, ruby or a language: things that nothing here can hold. */
  lost: boolean;
  voices: number;
}

interface Stamp {
  at: number;
  time: Flicks;
}

/** @param colours of the file's classes; those of the standard are known */
export function readVttText(raw: string, start: Flicks | null, end: Flicks | null, colours: Readonly<Record<string, string>>): VttText {
  const reader = new PayloadReader(colours);
  for (const token of tokens(raw, KNOWN, false)) {
    if (token.kind === 'text' || token.kind === 'override') reader.built.push(decodeEntities(token.text));
    else if (token.kind === 'stamp') reader.stamp(token.clock);
    else if (token.closing) reader.close(token.name);
    else reader.open(token.name, token.classes, decodeEntities(token.value));
  }
  const { text, spans, cut } = reader.built.finish();
  const words = start === null || end === null ? [] : stampedWords(text, cut, reader.stamps, start, end);
  return { text, spans, words, voice: reader.voices[0] ?? null, lost: reader.lost || reader.voices.length > 1, voices: reader.voices.length };
}

class PayloadReader {
  readonly built = new StyledText();
  readonly stamps: Stamp[] = [];
  readonly voices: string[] = [];
  lost = false;
  readonly #colours: Readonly<Record<string, string>>;
  readonly #stack: { name: string; style: RunStyle }[] = [];

  constructor(colours: Readonly<Record<string, string>>) {
    this.#colours = colours;
  }

  stamp(clock: string): void {
    const time = readClock(clock)?.time;
    const last = this.stamps.at(-1);
    if (time !== undefined && (!last || time >= last.time)) this.stamps.push({ at: this.built.length, time });
  }

  open(name: string, classes: readonly string[], value: string): void {
    // Deep nesting is damage, not style.
    if (this.#stack.length < 64) this.#stack.push({ name, style: this.built.style });
    const style = { ...this.built.style };
    if (name === 'i') style.italic = true;
    else if (name === 'b') style.bold = true;
    else if (name === 'u') style.underline = true;
    else if (name === 'v') this.#voice(value);
    else if (name !== 'c') this.lost = true;
    for (const part of classes) {
      const colour = this.#colours[part] ?? VTT_COLOURS[part];
      if (colour === undefined) this.lost = true;
      else style.colour = colour;
    }
    this.built.style = style;
  }

  close(name: string): void {
    const at = this.#stack.findLastIndex((open) => open.name === name);
    const open = this.#stack[at];
    if (!open) return;
    this.built.style = open.style;
    this.#stack.length = at;
  }

  #voice(name: string): void {
    if (name !== '' && !this.voices.includes(name) && this.voices.length < 64) this.voices.push(name);
  }
}

/** Words between time tags: each piece lasts to the next tag; a piece of white space is a pause. */
function stampedWords(text: string, cut: number, stamps: readonly Stamp[], start: Flicks, end: Flicks): Word[] {
  if (stamps.length === 0) return [];
  const edges = [{ at: 0, time: start }, ...stamps.map((stamp) => ({ at: Math.max(0, Math.min(text.length, stamp.at - cut)), time: stamp.time }))];
  const pieces = edges.map((edge, index) => {
    const next = edges[index + 1];
    const until = next?.time ?? end;
    return { text: text.slice(edge.at, next?.at ?? text.length), start: edge.time, end: flicks(Math.max(edge.time, until)) };
  });
  return wordsOfPieces(pieces);
}

export interface VttWriting {
  /** Class of a colour. */
  classOf: (colour: string) => string;
  voice: string | null;
}

export function writeVttText(cue: Cue, { classOf, voice }: VttWriting): { text: string; wordsLost: boolean } {
  const placed = placeWords(cue);
  const stamps = stampsOf(cue, placed);
  const breaks = [...stamps.keys()];
  let body = '';
  for (const run of runsOf(cue, breaks)) {
    body += stamps.get(run.from) ?? '';
    body += wrapped(encodeEntities(cue.text.slice(run.from, run.to)), run.style, classOf);
  }
  const text = voice === null ? body : `<v ${encodeEntities(voice).replaceAll('\n', ' ')}>${body}</v>`;
  return { text, wordsLost: cue.words.length > 0 && !isWhollyTimed(cue, placed) };
}

/** Time tags by offset. A tag stands before each word that does not begin with the cue, and after one that a pause follows. */
function stampsOf(cue: Cue, placed: readonly WordPlace[]): Map<number, string> {
  const stamps = new Map<number, string>();
  const cueStart = roundTo(cue.start, FLICKS_PER_MILLISECOND);
  const cueEnd = roundTo(cue.end, FLICKS_PER_MILLISECOND);
  let last = cueStart;
  const put = (at: number, time: Flicks): void => {
    const rounded = roundTo(time, FLICKS_PER_MILLISECOND);
    if (rounded < last || rounded <= cueStart || rounded > cueEnd) return;
    stamps.set(at, `<${writeClock(rounded, '.', 3)}>`);
    last = rounded;
  };
  for (const [index, { word, from, to }] of placed.entries()) {
    if (from > 0 || roundTo(word.start, FLICKS_PER_MILLISECOND) > cueStart) put(from, word.start);
    const next = placed[index + 1];
    const pause = (next?.word.start ?? cue.end) > word.end;
    if (pause && /\s/.test(cue.text.charAt(to))) put(to, word.end);
  }
  return stamps;
}

function wrapped(text: string, style: RunStyle, classOf: (colour: string) => string): string {
  let out = text;
  if (style.underline) out = `<u>${out}</u>`;
  if (style.italic) out = `<i>${out}</i>`;
  if (style.bold) out = `<b>${out}</b>`;
  if (style.colour !== null) out = `<c.${classOf(style.colour)}>${out}</c>`;
  return out;
}
