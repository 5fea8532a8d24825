/** Captions as an ASS script for libass: what is drawn into pictures, and the styled stream of a Matroska file. */
import { escapeText, overrideColour, styleColour } from '../../shared/captions/formats/assParts.ts';
import { assClock, fromCentiseconds } from '../../shared/captions/formats/assTime.ts';
import { lookOf, spokenParts, type SpokenPart } from '../../shared/captions/look.ts';
import type { CaptionStyle, Cue, StyleSpan } from '../../shared/captions/types.ts';
import { FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';

export interface ScriptOptions {
  /** Size of the picture as shown, in pixels. */
  width: number;
  height: number;
  /** Turns a #rrggbb of the style into the #rrggbb to be drawn (HDR, colour matrix). */
  colour?: (colour: string) => string;
}

type Colour = (colour: string) => string;

/** Centiseconds, the format's unit, rounded down: the frame at the very time of a cue shows it. */
function centiseconds(time: Flicks): number {
  return Math.max(0, Math.floor((time * 100) / FLICKS_PER_SECOND));
}

/** A whole script in times of `cues`, in the look of `style`. */
export function assScript(cues: readonly Cue[], style: CaptionStyle, options: ScriptOptions): string {
  const colour = options.colour ?? ((same) => same);
  const events = cues.flatMap((cue) => eventsOf(cue, style, options, colour));
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${options.width}`,
    `PlayResY: ${options.height}`,
    'ScaledBorderAndShadow: yes',
    'WrapStyle: 0',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    `Style: ${styleFields(style, options, colour).join(',')}`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ...events,
    '',
  ].join('\n');
}

/** BorderStyle 4 is libass's own: one box behind all lines of an event, as far out as the shadow is. */
function styleFields(style: CaptionStyle, picture: ScriptOptions, colour: Colour): (string | number)[] {
  const look = lookOf(style, picture);
  const text = styleColour(colour(style.colour), 1);
  const lit = styleColour(colour(style.highlightColour), 1);
  const fills = style.highlight === 'fill';
  const flag = (on: boolean): number => (on ? -1 : 0);
  const fixed = (value: number): string => value.toFixed(2);
  return [
    'Default',
    style.font.replace(/[,\r\n]/g, ' '),
    fixed(look.lineHeight),
    fills ? lit : text,
    text,
    styleColour(colour(style.outlineColour), 1),
    styleColour(colour(style.boxColour), style.boxOpacity),
    flag(style.bold), flag(style.italic), 0, 0, 100, 100, 0, 0,
    style.box ? 4 : 1,
    style.box ? 0 : fixed(look.outline),
    style.box ? fixed(look.boxPadding) : 0,
    style.align,
    Math.round(look.marginSide), Math.round(look.marginSide), Math.round(look.marginVertical),
    // Encoding -1: libass finds each line's direction by its first letter; else right-to-left text stands turned round.
    -1,
  ];
}

function eventsOf(cue: Cue, style: CaptionStyle, picture: ScriptOptions, colour: Colour): string[] {
  const place = placeTags(cue, picture);
  const event = (from: Flicks, to: Flicks, text: string): string[] => {
    const [start, end] = [centiseconds(from), centiseconds(to)];
    return start < end ? [`Dialogue: 0,${assClock(fromCentiseconds(start))},${assClock(fromCentiseconds(end))},Default,,0,0,0,,${place}${text}`] : [];
  };
  const spoken = style.highlight === 'none' ? [] : spokenParts(cue);
  if (spoken.length === 0) return event(cue.start, cue.end, markedText(cue.text, runsOf(cue.spans, style, colour, '1c')));
  if (style.highlight === 'fill') return event(cue.start, cue.end, filledText(cue, spoken, runsOf(cue.spans, style, colour, '2c')));
  const events: string[] = [];
  let at = cue.start;
  const plain = runsOf(cue.spans, style, colour, '1c');
  for (const part of spoken) {
    if (part.litUntil <= part.start) continue;
    if (part.start > at) events.push(...event(at, part.start, markedText(cue.text, plain)));
    const lit: Mark = { from: part.from, to: part.to, on: `\\1c${overrideColour(colour(style.highlightColour))}`, off: '' };
    events.push(...event(part.start, part.litUntil, markedText(cue.text, [...plain, lit])));
    at = part.litUntil;
  }
  if (at < cue.end) events.push(...event(at, cue.end, markedText(cue.text, plain)));
  return events;
}

function placeTags(cue: Cue, picture: ScriptOptions): string {
  if (!cue.place) return '';
  const { align, x, y } = cue.place;
  const at = x === undefined || y === undefined ? '' : `\\pos(${((x / 100) * picture.width).toFixed(1)},${((y / 100) * picture.height).toFixed(1)})`;
  return `{\\an${align}${at}}`;
}

/** Override tags where a part of the text begins; `\r` goes back to the style where it ends. */
interface Mark {
  from: number;
  to: number;
  on: string;
  off: '';
}

function runsOf(spans: readonly StyleSpan[], style: CaptionStyle, colour: Colour, fill: '1c' | '2c'): Mark[] {
  return spans.map((span): Mark => {
    const tags = [
      span.italic === undefined ? '' : `\\i${span.italic ? 1 : 0}`,
      span.bold === undefined ? '' : `\\b${span.bold ? 1 : 0}`,
      span.underline === undefined ? '' : `\\u${span.underline ? 1 : 0}`,
      span.colour === undefined ? '' : `\\${fill}${overrideColour(colour(span.colour))}`,
    ];
    return { from: span.from, to: span.to, on: tags.join(''), off: '' };
  });
}

/** The text with tags where a mark begins or ends; of marks that overlap, later ones win. */
function markedText(text: string, marks: readonly Mark[], karaoke: ReadonlyMap<number, string> = new Map()): string {
  const edges = new Set([0, text.length, ...karaoke.keys(), ...marks.flatMap(({ from, to }) => [Math.min(from, text.length), Math.min(to, text.length)])]);
  const sorted = [...edges].sort((a, b) => a - b);
  let written = '';
  let before = '';
  for (const [i, from] of sorted.entries()) {
    const to = sorted[i + 1] ?? text.length;
    const on = from < to ? marks.filter((mark) => mark.from <= from && mark.to >= to).map((mark) => mark.on).join('') : '';
    const tags = on === before ? '' : `\\r${on}`;
    const timing = karaoke.get(from) ?? '';
    if (tags || timing) written += `{${tags}${timing}}`;
    written += escapeText(text.slice(from, to));
    before = on;
  }
  return written;
}

/** Karaoke: each word is filled while it is said; text without a time belongs to the word before it, or to the first. */
function filledText(cue: Cue, spoken: readonly SpokenPart[], marks: readonly Mark[]): string {
  const karaoke = new Map<number, string>();
  let at = centiseconds(cue.start);
  for (const [i, part] of spoken.entries()) {
    const start = Math.max(at, centiseconds(part.start));
    const end = Math.max(start, centiseconds(part.end));
    const wait = start > at ? `\\k${start - at}` : '';
    karaoke.set(i === 0 ? 0 : part.from, `${wait}\\kf${end - start}`);
    at = end;
  }
  return markedText(cue.text, marks, karaoke);
}
