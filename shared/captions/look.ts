/** How large things are on a picture, and when each word is lit: one truth for what is burned in and what the window shows. */
import { flicks, fromSeconds, maxTime, minTime, type Flicks } from '../time.ts';
import { CAPTION_FONT, type CaptionStyle, type Cue } from './types.ts';
import { placeWords } from './wordPlaces.ts';

/** All in pixels of a picture as shown (upright, square pixels). */
export interface CaptionLook {
  /** Height of the em box: CSS `font-size`. */
  emSize: number;
  /** Distance of two lines: CSS `line-height`, and what libass takes for the font's size. */
  lineHeight: number;
  /** Width of the outline outside the letters. Of a CSS stroke half lies inside: it is twice as wide, painted under the fill. */
  outline: number;
  /** Between the lines and the edge of the box, on each side. */
  boxPadding: number;
  marginVertical: number;
  marginSide: number;
}

/**
 * Ascent and descent of a font in ems, as its OS/2 table says (usWinAscent + usWinDescent): 1.160 + 0.288 for the bundled face. libass
 * sizes fonts by it, as VSFilter did. For other faces the value of Arial, Helvetica's kin and most Latin faces, within 4 %.
 */
export function lineHeightOf(font: string): number {
  return font.toLowerCase() === CAPTION_FONT.toLowerCase() ? 1.448 : 1.149;
}

/** Share of the em. */
const BOX_PADDING = 0.2;

export function lookOf(style: CaptionStyle, picture: { width: number; height: number }): CaptionLook {
  const { width, height } = picture;
  const emSize = (style.size / 100) * height;
  return {
    emSize,
    lineHeight: emSize * lineHeightOf(style.font),
    outline: (style.outline / 100) * height,
    boxPadding: emSize * BOX_PADDING,
    marginVertical: (style.marginVertical / 100) * height,
    marginSide: (style.marginSide / 100) * width,
  };
}

/** A part of a cue's text (UTF-16 offsets, end exclusive) and when it is said. */
export interface SpokenPart {
  from: number;
  to: number;
  start: Flicks;
  end: Flicks;
  /** With `word` highlighting it is lit from `start` until here: a short pause before the next word does not blink. */
  litUntil: Flicks;
}

/** A pause between two words up to this long keeps the first one lit. */
const LONGEST_BLINK = fromSeconds(0.3);

/** When the words of a cue are said, within the cue, in order and without overlap. Empty where times are not known. */
export function spokenParts(cue: Pick<Cue, 'text' | 'words' | 'start' | 'end'>): SpokenPart[] {
  const places = placeWords(cue);
  const parts: SpokenPart[] = [];
  let earliest = cue.start;
  for (const { word, from, to } of places) {
    const start = minTime(cue.end, maxTime(earliest, word.start));
    const end = minTime(cue.end, maxTime(start, word.end));
    parts.push({ from, to, start, end, litUntil: end });
    earliest = end;
  }
  return parts.map((part, i) => {
    const next = parts[i + 1]?.start ?? cue.end;
    return { ...part, litUntil: flicks(next - part.end) <= LONGEST_BLINK ? next : part.end };
  });
}
