/** WebVTT. A file's own STYLE, REGION and NOTE blocks, cue names and settings are kept for writing it again. */
import type { Cue, CuePlace, Speaker } from '../types.ts';
import { maxTime, type Flicks } from '../../time.ts';
import { writeClock } from './clock.ts';
import { readColour, VTT_COLOURS } from './colours.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import { readTimeLine, type TimeLine } from './timeLines.ts';
import { tidySpans } from './styled.ts';
import { placeOfSettings, settingsOfPlace } from './vttPlace.ts';
import { readVttText, writeVttText } from './vttText.ts';
import type { Warnings } from './warnings.ts';
import { wordsOfPieces } from './words.ts';

type Colours = Record<string, string>;

interface Pending {
  id: string | null;
  /** NOTE blocks that stand before the cue. */
  notes: string[];
}

export function readVtt(lines: readonly string[], warnings: Warnings): RawCaptions {
  const reader = new VttReader(warnings);
  let block: { text: string; line: number }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') {
      // Cues without a blank line between: a new time line begins a new block, with the line before it as its name where that is a number.
      if (block.some((entry) => readTimeLine(entry.text) !== null) && readTimeLine(line) !== null) {
        const name = /^\s{0,20}\d{1,9}\s{0,20}$/.test(block.at(-1)?.text ?? '') ? block.splice(-1) : [];
        reader.block(block);
        block = name;
      }
      block.push({ text: line, line: index + 1 });
      continue;
    }
    if (block.length > 0) reader.block(block);
    block = [];
  }
  if (block.length > 0) reader.block(block);
  return reader.finish();
}

class VttReader {
  readonly #warnings: Warnings;
  readonly #head: string[] = [];
  readonly #cues: RawCue[] = [];
  #pending: Pending = { id: null, notes: [] };
  #colours: Colours = {};
  #header: string | null = null;
  #language: string | null = null;

  constructor(warnings: Warnings) {
    this.#warnings = warnings;
  }

  block(block: { text: string; line: number }[]): void {
    const at = block.findIndex((entry) => readTimeLine(entry.text) !== null);
    const texts = block.map((entry) => entry.text);
    const first = texts[0] ?? '';
    if (at < 0) return this.#other(first, texts.join('\n'), block);
    if (/^WEBVTT/.test(first) && at > 0) {
      this.#readHeader(texts.slice(0, at).join('\n'));
      return this.block(block.slice(at));
    }
    for (const entry of block.slice(0, Math.max(0, at - 1))) this.#warnings.add('line_skipped', entry.line);
    const time = readTimeLine(texts[at] ?? '');
    const line = block[at]?.line ?? 1;
    if (time === null || time === 'broken') {
      for (const entry of block.slice(at)) this.#warnings.add('line_skipped', entry.line);
      return;
    }
    this.#cue(time, at > 0 ? (texts[at - 1] ?? null) : null, texts.slice(at + 1).join('\n'), line);
  }

  #other(first: string, whole: string, block: { line: number }[]): void {
    if (/^WEBVTT/.test(first) && this.#cues.length === 0) return this.#readHeader(whole);
    if (/^NOTE(\s|$)/.test(first)) return void this.#pending.notes.push(whole);
    if (/^(STYLE|REGION)(\s|:|$)/.test(first)) {
      this.#head.push(whole);
      if (first.startsWith('STYLE')) this.#colours = { ...this.#colours, ...classColours(whole) };
      return;
    }
    // A blank line inside a cue: what follows belongs to it.
    const last = this.#cues.at(-1);
    const raw = last?.extras['vtt.payload'];
    if (last && raw !== undefined && this.#pending.notes.length === 0) {
      last.extras['vtt.payload'] = `${raw}\n${whole}`;
      this.#warnings.add('blank_line_lost', last.line);
      return;
    }
    for (const entry of block) this.#warnings.add('line_skipped', entry.line);
  }

  #readHeader(text: string): void {
    const lines = text.replace(/^WEBVTT\s*/, '').split('\n');
    const language = lines.map((line) => /^\s*Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4})\s*$/i.exec(line)?.[1]).find((found) => found !== undefined);
    this.#language = language ?? this.#language;
    const rest = lines.filter((line) => !/^\s*Language:/i.test(line)).join('\n').trim();
    if (rest !== '') this.#header = rest;
  }

  #cue(time: TimeLine, id: string | null, payload: string, line: number): void {
    if (time.odd) this.#warnings.add('time_invalid', line);
    const extras: Record<string, string> = { 'vtt.payload': payload };
    if (id !== null && id.trim() !== '') extras['vtt.id'] = id;
    if (time.settings !== '') extras['vtt.settings'] = time.settings;
    if (this.#pending.notes.length > 0) extras['vtt.notes'] = this.#pending.notes.join('\n\n');
    this.#pending = { id: null, notes: [] };
    this.#cues.push(rawCue(line, { start: time.start, end: time.end, place: placeOfSettings(time.settings), extras }));
  }

  finish(): RawCaptions {
    for (const cue of this.#cues) {
      const payload = cue.extras['vtt.payload'] ?? '';
      delete cue.extras['vtt.payload'];
      const { text, spans, words, voice, lost, voices } = readVttText(payload, cue.start, cue.end, this.#colours);
      Object.assign(cue, { text, spans, words, speaker: voice });
      if (lost) cue.extras['vtt.raw'] = payload;
      if (lost && voices <= 1) this.#warnings.add('style_lost', cue.line);
      if (voices > 1) this.#warnings.add('speaker_lost', cue.line);
    }
    this.#fillWords();
    const extras: Record<string, string> = {};
    if (this.#header !== null) extras['vtt.header'] = this.#header;
    if (this.#head.length > 0) extras['vtt.head'] = this.#head.join('\n\n');
    if (this.#pending.notes.length > 0) extras['vtt.notes'] = this.#pending.notes.join('\n\n');
    return { format: 'vtt', cues: this.#cues, speakers: [], language: this.#language, extras };
  }

  /** In a file with word times, a cue of one word needs no tag: the word has the cue's times. */
  #fillWords(): void {
    if (!this.#cues.some((cue) => cue.words.length > 0)) return;
    for (const cue of this.#cues) {
      const { text, words, start, end } = cue;
      if (words.length > 0 || start === null || end === null || !/^\S+$/.test(text)) continue;
      cue.words = wordsOfPieces([{ text, start, end: maxTime(start, end) }]);
    }
  }
}

/** Colours of classes by the file's own style sheet: `::cue(.name) { color: … }`. */
function classColours(block: string): Colours {
  const colours: Colours = {};
  for (const rule of block.split('}').slice(0, 1000)) {
    const name = /::cue\(\s{0,4}(?:c)?\.([\w-]{1,60})\s{0,4}\)\s{0,20}\{/.exec(rule)?.[1];
    const value = /[{;\s]color\s{0,4}:\s{0,4}([^;}\n]{1,60})/.exec(rule)?.[1];
    const colour = value === undefined ? null : readColour(value);
    if (name !== undefined && colour !== null) colours[name] = colour;
  }
  return colours;
}

export interface VttTrack {
  cues: readonly Cue[];
  speakers: readonly Speaker[];
  language: string;
  extras: Readonly<Record<string, string>>;
}

export function writeVtt(track: VttTrack, warnings: Warnings): string {
  const header = track.extras['vtt.header'];
  const head = track.extras['vtt.head'];
  const known = head === undefined ? {} : classColours(head);
  const made = new Map<string, string>();
  const classOf = (colour: string): string => {
    const name = Object.entries({ ...VTT_COLOURS, ...known }).find(([, value]) => value === colour)?.[0] ?? `rgb${colour.slice(1)}`;
    if (name.startsWith('rgb') && known[name] === undefined) made.set(name, colour);
    return name;
  };
  const names = new Map(track.speakers.map((speaker) => [speaker.id, speaker.name.trim() || speaker.id]));
  const body = track.cues.map((cue, index) => cueText(cue, { classOf, known, voice: cue.speaker === null ? null : (names.get(cue.speaker) ?? cue.speaker), index, warnings }));
  const top = ['WEBVTT', ...(header === undefined ? [] : [header])].join(header?.startsWith('-') === true ? ' ' : '\n');
  const blocks = [track.language === 'und' ? top : `${top}\nLanguage: ${track.language}`];
  if (head !== undefined) blocks.push(head);
  if (made.size > 0) blocks.push(`STYLE\n${[...made].map(([name, colour]) => `::cue(.${name}) { color: ${colour}; }`).join('\n')}`);
  const notes = track.extras['vtt.notes'];
  return `${[...blocks, ...body, ...(notes === undefined ? [] : [notes])].join('\n\n')}\n`;
}

interface CueWriting {
  classOf: (colour: string) => string;
  known: Colours;
  voice: string | null;
  index: number;
  warnings: Warnings;
}

function cueText(cue: Cue, writing: CueWriting): string {
  const { text, wordsLost } = writeVttText(cue, writing);
  const raw = cue.extras['vtt.raw'];
  const same = raw !== undefined && saysTheSame(raw, cue, writing);
  if (wordsLost && !same) writing.warnings.add('words_lost', writing.index + 1);
  const id = cue.extras['vtt.id'];
  const settings = settingsFor(cue.extras['vtt.settings'], cue.place);
  const notes = cue.extras['vtt.notes'];
  const times = `${clock(cue.start)} --> ${clock(cue.end)}${settings === '' ? '' : ` ${settings}`}`;
  return `${notes === undefined ? '' : `${notes}\n\n`}${id === undefined || id.includes('-->') ? '' : `${id}\n`}${times}\n${same ? raw : text}`;
}

const clock = (time: Flicks): string => writeClock(time, '.', 3);

/** The file's own settings as long as the cue still stands where they put it. */
function settingsFor(kept: string | undefined, place: CuePlace | null): string {
  if (kept !== undefined && JSON.stringify(placeOfSettings(kept)) === JSON.stringify(place)) return kept;
  return settingsOfPlace(place);
}

function saysTheSame(raw: string, cue: Cue, { known, voice }: CueWriting): boolean {
  const read = readVttText(raw, cue.start, cue.end, known);
  const words = (list: Cue['words']): string => JSON.stringify(list.map(({ text, start, end }) => [text, start, end]));
  return read.text === cue.text && read.voice === voice && words(read.words) === words(cue.words) && JSON.stringify(read.spans) === JSON.stringify(tidySpans(cue));
}
