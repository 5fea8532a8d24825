/** Style lines of ASS and SSA, and the look they mean. */
import { captionStyleSchema, DEFAULT_CAPTION_STYLE, type CaptionStyle, type CuePlace } from '../types.ts';
import { lineHeightOf, lookOf } from '../look.ts';
import { styleColour } from './assParts.ts';
import { alignOfSsa, rgbOf } from './assTags.ts';
import type { RunStyle } from './styled.ts';

export type AssStyle = Record<string, string>;

/** Fields of a V4+ style in their usual order. */
const FIELDS = [
  ...['Name', 'Fontname', 'Fontsize', 'PrimaryColour', 'SecondaryColour', 'OutlineColour', 'BackColour', 'Bold', 'Italic', 'Underline', 'StrikeOut'],
  ...['ScaleX', 'ScaleY', 'Spacing', 'Angle', 'BorderStyle', 'Outline', 'Shadow', 'Alignment', 'MarginL', 'MarginR', 'MarginV', 'Encoding'],
];
const SSA_FIELDS = [
  ...['Name', 'Fontname', 'Fontsize', 'PrimaryColour', 'SecondaryColour', 'TertiaryColour', 'BackColour', 'Bold', 'Italic', 'BorderStyle', 'Outline', 'Shadow'],
  ...['Alignment', 'MarginL', 'MarginR', 'MarginV', 'AlphaLevel', 'Encoding'],
];
const USUAL: AssStyle = {
  ...{ Fontname: 'Arial', Fontsize: '20', PrimaryColour: '&H00FFFFFF', SecondaryColour: '&H000000FF', OutlineColour: '&H00000000', BackColour: '&H00000000' },
  ...{ Bold: '0', Italic: '0', Underline: '0', StrikeOut: '0', ScaleX: '100', ScaleY: '100', Spacing: '0', Angle: '0', BorderStyle: '1', Outline: '2', Shadow: '0' },
  ...{ Alignment: '2', MarginL: '10', MarginR: '10', MarginV: '10', Encoding: '1' },
};

/** @param format the section's own order of fields, if it says one. An SSA style becomes what V4+ says for it. */
export function readAssStyle(line: string, format: readonly string[] | null, ssa: boolean): AssStyle {
  const order = format ?? (ssa ? SSA_FIELDS : FIELDS);
  const values = line.split(',').map((value) => value.trim());
  const style: AssStyle = { ...USUAL };
  for (const [index, field] of order.entries()) {
    const value = values[index];
    if (value === undefined || value === '') continue;
    if (FIELDS.includes(field)) style[field] = value;
    else if (field === 'TertiaryColour') style.OutlineColour = value;
  }
  if (ssa) {
    style.Alignment = String(alignOfSsa(Number(style.Alignment)));
    for (const field of FIELDS.filter((name) => name.endsWith('Colour'))) style[field] = colourOf(style[field] ?? '');
  }
  return style;
}

/** Colours as &HAABBGGRR; SSA files write them as decimal numbers too. */
function colourOf(value: string): string {
  const digits = /^&?H?([0-9a-fA-F]{1,8})&?$/i.exec(value)?.[1] ?? '0';
  const number = /^\d{1,10}$/.test(value) ? Number(value) >>> 0 : parseInt(digits, 16);
  return `&H${number.toString(16).toUpperCase().padStart(8, '0')}`;
}

const digitsOf = (value: string | undefined): string => colourOf(value ?? '').slice(2);

export function styleSection(styles: readonly AssStyle[]): string {
  const lines = styles.map((style) => `Style: ${FIELDS.map((field) => style[field] ?? '').join(',')}`);
  return ['[V4+ Styles]', `Format: ${FIELDS.join(', ')}`, ...lines].join('\n');
}

const flag = (value: string | undefined): boolean => value !== undefined && value.trim() !== '0' && value.trim() !== '';

/** What a style does to text beyond another one. */
export function differenceOf(style: AssStyle | undefined, base: AssStyle | undefined): { run: RunStyle; place: CuePlace | null } {
  const both = style !== undefined && base !== undefined && style !== base;
  const turnedOn = (field: string): boolean => both && flag(style[field]) && !flag(base[field]);
  const colour = both && digitsOf(style.PrimaryColour).slice(2) !== digitsOf(base.PrimaryColour).slice(2) ? rgbOf(digitsOf(style.PrimaryColour)) : null;
  const align = Number(style?.Alignment);
  const moved = both && style.Alignment !== base.Alignment && align >= 1 && align <= 9;
  return { run: { italic: turnedOn('Italic'), bold: turnedOn('Bold'), underline: turnedOn('Underline'), colour }, place: moved ? { align } : null };
}

/** The look that a style means, in the app's terms. */
export function lookOfStyle(style: AssStyle, picture: { width: number; height: number }, karaoke: boolean): CaptionStyle {
  const number = (field: string): number => Number.parseFloat(style[field] ?? '') || 0;
  const share = (value: number, whole: number, low: number, high: number): number => Math.max(low, Math.min(high, Number(((value / whole) * 100).toFixed(3))));
  const font = (style.Fontname ?? '').replace(/^@/, '').slice(0, 100) || DEFAULT_CAPTION_STYLE.font;
  const box = number('BorderStyle') >= 3;
  const boxColour = digitsOf(number('BorderStyle') === 3 ? style.OutlineColour : style.BackColour);
  const [sung, unsung] = [rgbOf(digitsOf(style.PrimaryColour)), rgbOf(digitsOf(style.SecondaryColour))];
  const fills = karaoke && sung !== unsung;
  const align = Math.round(number('Alignment'));
  const look: CaptionStyle = {
    ...DEFAULT_CAPTION_STYLE,
    font,
    size: share(number('Fontsize') / lineHeightOf(font), picture.height, 1, 30),
    bold: flag(style.Bold),
    italic: flag(style.Italic),
    colour: fills ? unsung : sung,
    outlineColour: rgbOf(digitsOf(style.OutlineColour)),
    outline: box ? DEFAULT_CAPTION_STYLE.outline : share(number('Outline'), picture.height, 0, 5),
    box,
    boxColour: box ? rgbOf(boxColour) : DEFAULT_CAPTION_STYLE.boxColour,
    boxOpacity: box ? Number((1 - parseInt(boxColour.slice(0, 2), 16) / 255).toFixed(2)) : DEFAULT_CAPTION_STYLE.boxOpacity,
    align: align >= 1 && align <= 9 ? align : 2,
    marginVertical: share(number('MarginV'), picture.height, 0, 50),
    marginSide: share(number('MarginL'), picture.width, 0, 45),
    highlight: fills ? 'fill' : 'none',
    highlightColour: fills ? sung : DEFAULT_CAPTION_STYLE.highlightColour,
  };
  const parsed = captionStyleSchema.safeParse(look);
  return parsed.success ? parsed.data : DEFAULT_CAPTION_STYLE;
}

/** A style line for the app's look. BorderStyle 3: a box behind each line, which every player knows. */
export function styleOfLook(name: string, look: CaptionStyle, picture: { width: number; height: number }): AssStyle {
  const size = lookOf(look, picture);
  const fixed = (value: number): string => String(Number(value.toFixed(3)));
  const fills = look.highlight !== 'none';
  return {
    ...USUAL,
    Name: name,
    Fontname: look.font.replaceAll(/[,\r\n]/g, ' '),
    Fontsize: fixed(size.lineHeight),
    PrimaryColour: styleColour(fills ? look.highlightColour : look.colour, 1),
    // Unsung words look as sung ones where nothing is highlighted: word times are there and not seen.
    SecondaryColour: styleColour(look.colour, 1),
    OutlineColour: look.box ? styleColour(look.boxColour, look.boxOpacity) : styleColour(look.outlineColour, 1),
    BackColour: styleColour(look.boxColour, look.boxOpacity),
    Bold: look.bold ? '-1' : '0',
    Italic: look.italic ? '-1' : '0',
    BorderStyle: look.box ? '3' : '1',
    Outline: fixed(look.box ? size.boxPadding : size.outline),
    Shadow: '0',
    Alignment: String(look.align),
    MarginL: fixed(Math.round(size.marginSide)),
    MarginR: fixed(Math.round(size.marginSide)),
    MarginV: fixed(Math.round(size.marginVertical)),
  };
}

/** Whether two looks are the same as far as an ASS file can tell them apart: its numbers are rounded, a box has no outline. */
export function sameLook(a: CaptionStyle, b: CaptionStyle): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x - y) < 0.1;
  return (
    a.font === b.font && a.bold === b.bold && a.italic === b.italic && a.colour === b.colour && a.box === b.box && a.align === b.align &&
    near(a.size, b.size) && near(a.marginVertical, b.marginVertical) && near(a.marginSide, b.marginSide) &&
    (a.box ? a.boxColour === b.boxColour && near(a.boxOpacity, b.boxOpacity) : a.outlineColour === b.outlineColour && near(a.outline, b.outline)) &&
    a.highlight === b.highlight && (a.highlight === 'none' || a.highlightColour === b.highlightColour)
  );
}
