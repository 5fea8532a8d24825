/** Writing ASS (v4.00+). Words with times become karaoke, which is not seen unless the track's look highlights words. */
import type { CaptionStyle, Cue, Speaker } from '../types.ts';
import { placeWords } from '../wordPlaces.ts';
import { readEventText, scriptOf, type AssScript } from './assRead.ts';
import { lookOfStyle, readAssStyle, sameLook, styleOfLook, styleSection, type AssStyle } from './assStyles.ts';
import { escapeText, overrideColour } from './assParts.ts';
import { assClock, FLICKS_PER_CENTISECOND, fromCentiseconds, toCentiseconds } from './assTime.ts';
import { FLICKS_PER_MILLISECOND } from './clock.ts';
import { PLAIN, runsOf, sameStyle, tidySpans, type RunStyle } from './styled.ts';
import type { WriteOptions } from './types.ts';
import type { Warnings } from './warnings.ts';
import { isWhollyTimed } from './words.ts';

export interface AssTrack {
  cues: readonly Cue[];
  speakers: readonly Speaker[];
  language: string;
  name: string;
  style: CaptionStyle;
  extras: Readonly<Record<string, string>>;
}

export function writeAss(track: AssTrack, options: WriteOptions, warnings: Warnings): string {
  const info = infoLines(track, options);
  const bare = scriptOf(info, []);
  const karaoke = track.cues.some((cue) => cue.words.length > 0);
  if (track.style.highlight === 'word' && karaoke) warnings.add('style_lost', 1);
  const script = scriptOf(info, stylesFor(track, bare, karaoke));
  const names = new Map(track.speakers.map((speaker) => [speaker.id, speaker.name.trim() || speaker.id]));
  const events = track.cues.map((cue, index) => eventLines(cue, index + 1, cue.speaker === null ? '' : (names.get(cue.speaker) ?? cue.speaker), { script, look: track.style, warnings }));
  const sections = [
    ['[Script Info]', ...info].join('\n'),
    styleSection(script.styles),
    ...(track.extras['ass.sections'] === undefined ? [] : [track.extras['ass.sections']]),
    ['[Events]', 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text', ...events].join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function infoLines(track: AssTrack, options: WriteOptions): string[] {
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
  const language = track.language === 'und' ? [] : [`Language: ${track.language}`];
  const kept = track.extras['ass.info'];
  if (kept !== undefined) {
    const lines = kept.split('\n').filter((line) => !/^\s*Language:/i.test(line));
    const type = lines.findIndex((line) => /^\s*ScriptType:/i.test(line));
    lines.splice(type < 0 ? lines.length : type, type < 0 ? 0 : 1, 'ScriptType: v4.00+');
    return [...lines, ...language];
  }
  const { width, height } = { width: options.width ?? 1920, height: options.height ?? 1080 };
  return [...(track.name === '' ? [] : [`Title: ${oneLine(track.name)}`]), 'ScriptType: v4.00+', `PlayResX: ${width}`, `PlayResY: ${height}`, 'ScaledBorderAndShadow: yes', 'WrapStyle: 0', ...language];
}

/** The file's own styles, with the first one made anew where the track looks different now. */
function stylesFor(track: AssTrack, script: AssScript, karaoke: boolean): AssStyle[] {
  const kept = (track.extras['ass.styles'] ?? '').split('\n').filter((line) => line.startsWith('Style:')).map((line) => readAssStyle(line.slice(6), null, false));
  const { base } = scriptOf([], kept);
  if (base === undefined) return [styleOfLook('Default', track.style, script)];
  if (sameLook(lookOfStyle(base, script, karaoke), track.style)) return kept;
  return kept.map((style) => (style === base ? styleOfLook(base.Name ?? 'Default', track.style, script) : style));
}

interface EventWriting {
  script: AssScript;
  look: CaptionStyle;
  warnings: Warnings;
}

function eventLines(cue: Cue, number: number, speaker: string, writing: EventWriting): string {
  const { script, warnings } = writing;
  const styleName = cue.extras['ass.style'] ?? script.base?.Name ?? 'Default';
  const text = textOf(cue, number, styleName, writing);
  if (speaker.includes(',')) warnings.add('speaker_lost', number);
  const [start, end] = [toCentiseconds(cue.start), Math.max(toCentiseconds(cue.start) + 1, toCentiseconds(cue.end))];
  const moved = Math.max(Math.abs(fromCentiseconds(start) - cue.start), Math.abs(fromCentiseconds(end) - cue.end));
  if (moved > FLICKS_PER_MILLISECOND / 2) warnings.add('time_rounded', number);
  const fields = [
    cue.extras['ass.layer'] ?? '0',
    assClock(fromCentiseconds(start)),
    assClock(fromCentiseconds(end)),
    styleName.replaceAll(',', ' '),
    speaker.replaceAll(',', ';').replaceAll(/\s+/g, ' '),
    cue.extras['ass.margins'] ?? '0,0,0',
    (cue.extras['ass.effect'] ?? '').replaceAll(',', ';'),
    text,
  ];
  const comments = cue.extras['ass.comments'];
  return `${comments === undefined ? '' : `${comments}\n`}Dialogue: ${fields.join(',')}`;
}

function textOf(cue: Cue, number: number, styleName: string, { script, look, warnings }: EventWriting): string {
  const raw = cue.extras['ass.raw'];
  if (raw !== undefined && saysTheSame(raw, cue, styleName, script)) return raw;
  const karaoke = karaokeOf(cue);
  if (cue.words.length > 0 && !karaoke.whole) warnings.add('words_lost', number);
  let out = placeTags(cue, script);
  let before: RunStyle = PLAIN;
  for (const run of runsOf(cue, [...karaoke.at.keys()])) {
    const style = sameStyle(run.style, before) ? '' : `${sameStyle(before, PLAIN) ? '' : '\\r'}${styleTags(run.style, karaoke.at.size > 0, look.highlight !== 'none')}`;
    const timing = karaoke.at.get(run.from) ?? '';
    if (style !== '' || timing !== '') out += `{${style}${timing}}`;
    out += escapeText(cue.text.slice(run.from, run.to));
    before = run.style;
  }
  return out;
}

function styleTags(style: RunStyle, karaoke: boolean, fills: boolean): string {
  const colour = style.colour === null ? '' : overrideColour(style.colour);
  // Karaoke paints what is not said yet in the second colour. A look that fills keeps its first one for what was said.
  const colours = colour === '' ? '' : !karaoke ? `\\c${colour}` : fills ? `\\2c${colour}` : `\\c${colour}\\2c${colour}`;
  return `${style.italic ? '\\i1' : ''}${style.bold ? '\\b1' : ''}${style.underline ? '\\u1' : ''}${colours}`;
}

function placeTags(cue: Cue, script: AssScript): string {
  if (!cue.place) return '';
  const { align, x, y } = cue.place;
  const pixels = (share: number, whole: number): string => String(Number(((share / 100) * whole).toFixed(3)));
  const point = x === undefined || y === undefined ? '' : `\\pos(${pixels(x, script.width)},${pixels(y, script.height)})`;
  return `{\\an${align}${point}}`;
}

/** Karaoke tags by offset: a length for each word, and one without letters for each pause. */
function karaokeOf(cue: Cue): { at: Map<number, string>; whole: boolean } {
  const at = new Map<number, string>();
  const places = placeWords(cue);
  let now = toCentiseconds(cue.start);
  for (const [index, { word, from }] of places.entries()) {
    const start = Math.max(now, toCentiseconds(word.start));
    const end = Math.max(start, toCentiseconds(word.end));
    const before = places[index - 1];
    const length = `\\k${end - start}`;
    if (start > now && before && from > before.to) {
      at.set(before.to, `\\k${start - now}`);
      at.set(from, length);
    } else at.set(from, `${start > now ? `\\k${start - now}` : ''}${length}`);
    now = end;
  }
  return { at, whole: isWhollyTimed(cue, places) };
}

function saysTheSame(raw: string, cue: Cue, styleName: string, script: AssScript): boolean {
  const start = fromCentiseconds(toCentiseconds(cue.start));
  const read = readEventText(raw, start, styleName, script);
  const times = (words: Cue['words']): string => JSON.stringify(words.map((word) => [word.text, Math.round(word.start / FLICKS_PER_CENTISECOND), Math.round(word.end / FLICKS_PER_CENTISECOND)]));
  return (
    read.text === cue.text && times(read.words) === times(cue.words) && JSON.stringify(read.place) === JSON.stringify(cue.place) &&
    JSON.stringify(tidySpans({ text: read.text, spans: read.spans })) === JSON.stringify(tidySpans(cue))
  );
}
