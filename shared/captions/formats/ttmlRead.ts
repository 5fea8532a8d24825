/** Reading TTML and its profiles (IMSC, EBU-TT-D, DFXP, SMPTE-TT text). */
import type { CuePlace } from '../types.ts';
import type { Flicks } from '../../time.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import { placeOfRegion, rootExtent } from './ttmlRegions.ts';
import { lookOfStyles, StyleSheet, type Styles } from './ttmlStyles.ts';
import { readParagraph, type ParagraphText } from './ttmlText.ts';
import { clockOf, intervalOf, type Interval, type TtmlClock } from './ttmlTimes.ts';
import { salvage } from './ttmlSalvage.ts';
import { elements, parseXml, serialize, type XmlNode } from './ttmlXml.ts';
import type { Warnings } from './warnings.ts';

/** Larger heads (embedded pictures, fonts) are not kept in a project. */
const LARGEST_HEAD = 256 * 1024;
const TIMING = new Set(['begin', 'end', 'dur', 'timeContainer']);

/** A paragraph with what it has from around it. */
interface Found {
  node: XmlNode;
  styles: Styles;
  interval: Interval;
  bad: boolean;
  timed: boolean;
  region: string | null;
  agent: string | null;
  preserve: boolean;
  /** Attributes to write again. */
  kept: Record<string, string>;
}

/** Nothing is read of a file with a document type: what those define could be without end, and no subtitles need one. */
export function readTtml(text: string, warnings: Warnings): RawCaptions {
  const refused = /<!DOCTYPE/i.test(text);
  const whole = refused ? null : parseXml(text);
  const root = whole ?? (refused ? null : salvage(text, warnings));
  if (!root) return { format: 'ttml', cues: [], speakers: [], language: null, extras: {} };
  if (whole && !/<\/(?:\w{1,20}:)?tt\s*>\s*$/.test(text)) warnings.add('cut_short', lineOf(text));
  const reader = new TtmlReader(root, text, warnings);
  return reader.read();
}

function lineOf(text: string): number {
  return text.split('\n').length;
}

class TtmlReader {
  readonly #root: XmlNode;
  readonly #head: XmlNode | undefined;
  readonly #sheet: StyleSheet;
  readonly #clock: TtmlClock;
  readonly #lines: readonly number[];
  readonly #warnings: Warnings;
  readonly #found: Found[] = [];
  readonly #regions = new Map<string, XmlNode>();
  readonly #styled = new Map<XmlNode, { around: Styles; styles: Styles }>();
  readonly #places = new Map<string, CuePlace | null>();

  constructor(root: XmlNode, text: string, warnings: Warnings) {
    this.#root = root;
    this.#head = root.children.find((child) => child.name === 'head');
    this.#sheet = new StyleSheet(this.#head);
    this.#clock = clockOf(root.attributes);
    this.#lines = lineStarts(text);
    this.#warnings = warnings;
    if (this.#head) for (const region of elements(this.#head, 'region')) this.#regions.set(region.attributes['xml:id'] ?? '', region);
  }

  read(): RawCaptions {
    const preserve = this.#root.attributes['xml:space'] === 'preserve';
    const top = { styles: this.#sheet.initial, interval: { begin: null, end: null }, region: null, agent: null, preserve, kept: {} };
    for (const body of this.#root.children) if (body.name === 'body') this.#walk(body, top, null);
    const base = commonest(this.#found.map((found) => found.styles));
    const cues = this.#found.flatMap((found) => this.#cuesOf(found, base));
    const language = this.#root.attributes['xml:lang'] ?? '';
    const rows = Number(/\s(\d{1,4})\s*$/.exec(this.#root.attributes['ttp:cellResolution'] ?? '')?.[1]) || 15;
    const head = this.#keptHead();
    const style = lookOfStyles(base, rows);
    return {
      format: 'ttml',
      cues,
      speakers: this.#agents(),
      language: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/.test(language) ? language : null,
      extras: head === null ? {} : { 'ttml.head': head, 'ttml.root': JSON.stringify(this.#root.attributes), 'ttml.look': JSON.stringify(style) },
      style,
    };
  }

  /** Body, divisions and paragraphs. Gives when the element ends, for a sequence. */
  #walk(node: XmlNode, around: Omit<Found, 'node' | 'bad' | 'timed'>, after: Flicks | null): Flicks | null {
    const interval = intervalOf(node.attributes, around.interval, after, this.#clock);
    const regionNode = this.#regions.get(node.attributes.region ?? '');
    const inherited = regionNode ? this.#regionStyles(regionNode, around.styles) : around.styles;
    const { 'xml:space': space, region = around.region, 'ttm:agent': agent } = node.attributes;
    const kept = { ...around.kept, ...Object.fromEntries(Object.entries(node.attributes).filter(([name]) => !TIMING.has(name) && name !== 'region' && name !== 'ttm:agent')) };
    if (node.name !== 'p') delete kept['xml:id'];
    const found = {
      node,
      styles: this.#sheet.of(node, inherited),
      interval,
      bad: interval.bad,
      timed: interval.own,
      region,
      agent: agent?.split(/\s+/)[0] ?? around.agent,
      preserve: space === undefined ? around.preserve : space === 'preserve',
      kept,
    };
    if (node.name === 'p') {
      this.#found.push(found);
      return interval.end;
    }
    const sequence = node.attributes.timeContainer === 'seq';
    let last = interval.begin;
    for (const child of node.children) {
      if (child.name === 'div' || child.name === 'p') last = this.#walk(child, found, sequence ? last : null) ?? last;
    }
    return interval.end ?? last;
  }

  /** One cue of a paragraph with times; where only its spans have times of their own, one of each. */
  #cuesOf(found: Found, base: Styles): RawCue[] {
    const { node, interval } = found;
    const line = lineAt(this.#lines, node.at);
    if (found.bad) this.#warnings.add('time_invalid', line);
    const context = { sheet: this.#sheet, clock: this.#clock, base };
    const spans = node.children.filter((child) => child.name === 'span' && intervalOf(child.attributes, interval, null, this.#clock).own);
    if (!found.timed && spans.length > 0) {
      return spans.map((span) => {
        const times = intervalOf(span.attributes, interval, null, this.#clock);
        const read = readParagraph(span, this.#sheet.of(span, found.styles), times, found.preserve, context);
        return this.#cue({ ...found, interval: times }, read, lineAt(this.#lines, span.at));
      });
    }
    if (node.children.some((child) => child.name !== '' && child.name !== 'br' && child.name !== 'span' && child.name !== 'metadata' && !child.name.includes(':'))) this.#warnings.add('style_lost', line);
    return [this.#cue(found, readParagraph(node, found.styles, interval, found.preserve, context), line)];
  }

  #cue(found: Found, read: ParagraphText, line: number): RawCue {
    const place = this.#placeOf(found.region, found.styles['tts:textAlign'] ?? 'start');
    const extras: Record<string, string> = {};
    if (Object.keys(found.kept).length > 0) extras['ttml.p'] = JSON.stringify(found.kept);
    if (found.region !== null) extras['ttml.region'] = found.region;
    const { begin, end } = found.interval;
    return rawCue(line, { start: begin, end, text: read.text, spans: read.spans, words: read.words, speaker: ownId(read.agent ?? found.agent), place, extras });
  }

  /** Remembered: thousands of paragraphs are in a few regions. */
  #regionStyles(region: XmlNode, around: Styles): Styles {
    const known = this.#styled.get(region);
    if (known?.around === around) return known.styles;
    const styles = this.#sheet.of(region, around);
    this.#styled.set(region, { around, styles });
    return styles;
  }

  #placeOf(id: string | null, textAlign: string): CuePlace | null {
    const region = this.#regions.get(id ?? '');
    if (id === null || !region) return null;
    const key = `${id} ${textAlign}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = placeOfRegion(id, this.#sheet.of(region, {}), textAlign, rootExtent(this.#root.attributes['tts:extent']));
    this.#places.set(key, place);
    return place;
  }

  #agents(): { id: string; name: string }[] {
    if (!this.#head) return [];
    return [...elements(this.#head, 'ttm:agent')].slice(0, 10_000).map((agent) => {
      const id = ownId(agent.attributes['xml:id'] ?? '') ?? '';
      const name = [...elements(agent, 'ttm:name')].map((node) => node.children.map((child) => child.text).join('').trim())[0];
      return { id, name: name ?? id };
    });
  }

  /** The head but for its agents, which are the track's speakers. Null for none, or one that is too large. */
  #keptHead(): string | null {
    if (!this.#head || this.#head.children.length === 0) return null;
    const text = withoutAgents(this.#head).children.filter((child) => child.name !== '').map(serialize).join('\n');
    if (text.length <= LARGEST_HEAD) return text;
    this.#warnings.add('style_lost', lineAt(this.#lines, this.#head.at));
    return null;
  }
}

/** Agents that we wrote have our speakers' ids with a prefix, so that no other id of the document is the same. */
function ownId(id: string | null): string | null {
  return id === null ? null : id.replace(/^speaker_(?=.)/, '');
}

function withoutAgents(node: XmlNode): XmlNode {
  return { ...node, children: node.children.filter((child) => child.name !== 'ttm:agent').map(withoutAgents) };
}

function commonest(all: readonly Styles[]): Styles {
  const counts = new Map<string, { styles: Styles; count: number }>();
  // Most paragraphs share one object.
  const objects = new Map<Styles, number>();
  for (const styles of all) objects.set(styles, (objects.get(styles) ?? 0) + 1);
  for (const [styles, count] of objects) {
    const key = JSON.stringify(['tts:fontStyle', 'tts:fontWeight', 'tts:textDecoration', 'tts:color'].map((name) => styles[name]));
    const known = counts.get(key);
    if (known) known.count += count;
    else counts.set(key, { styles, count });
  }
  return [...counts.values()].reduce<{ styles: Styles; count: number }>((best, one) => (one.count > best.count ? one : best), { styles: {}, count: 0 }).styles;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line of an offset, counted from 1, by halving. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
