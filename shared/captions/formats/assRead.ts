/** Reading Advanced SubStation Alpha and its forebear SSA. What a file says beyond cues is kept for writing it again. */
import type { Cue } from '../types.ts';
import { readAssText, type AssText } from './assTags.ts';
import { differenceOf, lookOfStyle, readAssStyle, styleSection, type AssStyle } from './assStyles.ts';
import { readClock } from './clock.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import type { Warnings } from './warnings.ts';

const EVENT_FIELDS = ['Layer', 'Start', 'End', 'Style', 'Name', 'MarginL', 'MarginR', 'MarginV', 'Effect', 'Text'];
/** Embedded fonts and pictures larger than this are not kept in a project. */
const LARGEST_SECTION = 256 * 1024;

/** What the events of a script refer to. */
export interface AssScript {
  styles: readonly AssStyle[];
  base: AssStyle | undefined;
  width: number;
  height: number;
  softBreaks: boolean;
}

export function readAss(lines: readonly string[], warnings: Warnings): RawCaptions {
  const sections = sectionsOf(lines);
  const info = sections.filter((section) => section.name === 'script info').flatMap((section) => section.lines.map(({ text }) => text));
  const styles = sections.filter((section) => /^v4\+? styles/.test(section.name)).flatMap(stylesOf);
  const script = scriptOf(info, styles);
  const cues = sections.filter((section) => section.name === 'events' || section.name === '').flatMap((section) => eventsOf(section, script, warnings));
  const extras: Record<string, string> = {};
  if (info.length > 0) extras['ass.info'] = info.join('\n');
  if (styles.length > 0) extras['ass.styles'] = styleSection(styles);
  const others = sections.filter((section) => section.name !== '' && section.name !== 'events' && section.name !== 'script info' && !/^v4\+? styles/.test(section.name));
  const kept = others.map((section) => [section.title, ...section.lines.map(({ text }) => text)].join('\n'));
  if (kept.some((text) => text.length > LARGEST_SECTION)) warnings.add('style_lost', others[0]?.line ?? 1);
  const small = kept.filter((text) => text.length <= LARGEST_SECTION);
  if (small.length > 0) extras['ass.sections'] = small.join('\n\n');
  const language = info.map((line) => /^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4})\s*$/i.exec(line)?.[1]).find((found) => found !== undefined);
  const karaoke = cues.some((cue) => cue.words.length > 0);
  const style = script.base === undefined ? null : lookOfStyle(script.base, script, karaoke);
  return { format: 'ass', cues, speakers: [], language: language ?? null, extras, style };
}

interface Section {
  /** In lower case; empty for what stands before any. */
  name: string;
  title: string;
  line: number;
  lines: { text: string; line: number }[];
}

function sectionsOf(lines: readonly string[]): Section[] {
  let current: Section = { name: '', title: '', line: 1, lines: [] };
  const sections = [current];
  for (const [index, text] of lines.entries()) {
    const name = /^\s{0,8}\[([^\]]{1,60})\]\s*$/.exec(text)?.[1];
    if (name !== undefined) {
      current = { name: name.trim().toLowerCase(), title: text.trim(), line: index + 1, lines: [] };
      sections.push(current);
    } else if (text.trim() !== '') current.lines.push({ text, line: index + 1 });
  }
  return sections;
}

function afterKey(text: string, key: string): string | null {
  const start = text.trimStart();
  return start.slice(0, key.length + 1).toLowerCase() === `${key}:` ? start.slice(key.length + 1).trimStart() : null;
}

const fieldsOf = (text: string): string[] => text.split(',').map((field) => field.trim());

function stylesOf(section: Section): AssStyle[] {
  const ssa = !section.name.includes('+');
  let format: string[] | null = null;
  const styles: AssStyle[] = [];
  for (const { text } of section.lines) {
    const order = afterKey(text, 'format');
    const style = afterKey(text, 'style');
    if (order !== null) format = fieldsOf(order);
    else if (style !== null) styles.push(readAssStyle(style, format, ssa));
  }
  return styles;
}

/** Also for text that is checked against an edited cue when written again. */
export function scriptOf(info: readonly string[], styles: readonly AssStyle[]): AssScript {
  const value = (key: string): number => Number.parseFloat(info.map((line) => afterKey(line, key)).find((found) => found !== null) ?? '');
  const [x, y] = [value('playresx'), value('playresy')];
  // libass: one missing follows the other at 4:3, both missing are 384 x 288.
  const height = y > 0 ? y : x > 0 ? Math.round((x * 3) / 4) : 288;
  const width = x > 0 ? x : Math.round((height * 4) / 3);
  const base = styles.find((style) => style.Name?.toLowerCase() === 'default') ?? styles[0];
  return { styles, base, width, height, softBreaks: value('wrapstyle') === 2 };
}

function eventsOf(section: Section, script: AssScript, warnings: Warnings): RawCue[] {
  let format = EVENT_FIELDS;
  let comments: string[] = [];
  const cues: RawCue[] = [];
  for (const { text, line } of section.lines) {
    const order = afterKey(text, 'format');
    const dialogue = afterKey(text, 'dialogue');
    if (order !== null) {
      const named = fieldsOf(order);
      if (named.some((field) => field.toLowerCase() === 'text')) format = named;
    } else if (dialogue !== null) {
      const cue = readEvent(dialogue, format, line, script, warnings);
      if (!cue) continue;
      if (comments.length > 0) cue.extras['ass.comments'] = comments.join('\n');
      comments = [];
      cues.push(cue);
    } else if (/^\s{0,8}(Comment:|;)/i.test(text)) comments.push(text);
    else if (section.name === 'events') warnings.add('line_skipped', line);
  }
  return cues;
}

function readEvent(text: string, format: readonly string[], line: number, script: AssScript, warnings: Warnings): RawCue | null {
  const parts = text.split(',');
  if (parts.length < format.length) {
    warnings.add('line_skipped', line);
    return null;
  }
  const fields = new Map(format.map((field, index) => [field.toLowerCase(), index === format.length - 1 ? parts.slice(index).join(',') : (parts[index] ?? '').trim()]));
  const [start, end] = [readClock(fields.get('start') ?? ''), readClock(fields.get('end') ?? '')];
  if (!start || !end || start.odd || end.odd) warnings.add('time_invalid', line);
  const styleName = (fields.get('style') ?? 'Default').replace(/^\*/, '');
  const raw = fields.get('text') ?? '';
  const cue = rawCue(line, { start: start?.time ?? null, end: end?.time ?? null, speaker: fields.get('name') || fields.get('actor') || null });
  const read = readEventText(raw, cue.start, styleName, script);
  if (read.lost) warnings.add('style_lost', line);
  const { text: said, spans, words, place } = read;
  return { ...cue, text: said, spans, words, place, extras: eventExtras(fields, styleName, raw, read) };
}

export function readEventText(raw: string, start: Cue['start'] | null, styleName: string, script: AssScript): AssText & { styled: boolean } {
  const style = script.styles.find((one) => one.Name === styleName) ?? script.base;
  const { run, place } = differenceOf(style, script.base);
  const read = readAssText(raw, { start, base: run, place, width: script.width, height: script.height, softBreaks: script.softBreaks });
  return { ...read, styled: style !== script.base };
}

function eventExtras(fields: ReadonlyMap<string, string>, styleName: string, raw: string, read: AssText & { styled: boolean }): Record<string, string> {
  const extras: Record<string, string> = {};
  const layer = fields.get('layer') ?? '0';
  if (layer !== '0' && /^\d{1,6}$/.test(layer)) extras['ass.layer'] = layer;
  if (styleName !== 'Default') extras['ass.style'] = styleName;
  const margins = ['marginl', 'marginr', 'marginv'].map((field) => fields.get(field) ?? '0').map((margin) => (/^-?\d{1,6}$/.test(margin) ? String(Number(margin)) : '0')).join(',');
  if (margins !== '0,0,0') extras['ass.margins'] = margins;
  const effect = fields.get('effect') ?? '';
  if (effect !== '') extras['ass.effect'] = effect;
  // Kept as it is where writing it from what was understood would change it.
  if (read.lost || read.styled) extras['ass.raw'] = raw;
  return extras;
}
