/** Regions of TTML as places on the picture, and back. */
import type { CaptionStyle, CuePlace } from '../types.ts';
import type { Styles } from './ttmlStyles.ts';

/** Ids of the regions we write say the place itself: `at8`, `at7_12.5_40`. */
const OWN = /^at([1-9])(?:_(-?\d{1,4}(?:\.\d{1,4})?)_(-?\d{1,4}(?:\.\d{1,4})?))?$/;

const COLUMNS = ['start', 'center', 'end'] as const;
const ROWS = ['after', 'center', 'before'] as const;

/** Pixel lengths are shares of `pixels`, the root's extent, if the file says it. Null for the usual place. */
export function placeOfRegion(id: string, region: Styles, textAlign: string, pixels: { width: number; height: number } | null): CuePlace | null {
  const own = OWN.exec(id);
  if (own) {
    const align = Number(own[1]);
    return own[2] === undefined ? (align === 2 ? null : { align }) : { align, x: Number(own[2]), y: Number(own[3]) };
  }
  const origin = pairOf(region['tts:origin'], pixels) ?? { x: 0, y: 0 };
  const extent = pairOf(region['tts:extent'], pixels) ?? { x: 100 - origin.x, y: 100 - origin.y };
  const column = /^(start|left)$/.test(textAlign) ? 0 : /^(end|right)$/.test(textAlign) ? 2 : 1;
  const display = Math.max(0, ROWS.indexOf((region['tts:displayAlign'] ?? 'before') as (typeof ROWS)[number]));
  const x = origin.x + (extent.x * column) / 2;
  const y = origin.y + (extent.y * (2 - display)) / 2;
  return placeAt(column, region['tts:displayAlign'] === undefined ? 2 : display, x, y);
}

/** A place near where text of its alignment stands anyway is that alignment alone. */
function placeAt(column: number, row: number, x: number, y: number): CuePlace | null {
  // A low region that fills from its top is still at the bottom.
  const shown = row === 2 && y > 66 ? 0 : row;
  const usual = Math.abs(x - [10, 50, 90][column]!) <= 12 && Math.abs(y - [94, 50, 6][shown]!) <= 16;
  const align = shown * 3 + column + 1;
  if (usual || (shown !== row && Math.abs(x - [10, 50, 90][column]!) <= 12)) return align === 2 ? null : { align };
  return { align: row * 3 + column + 1, x: round(x), y: round(y) };
}

const round = (value: number): number => Number(value.toFixed(3));

/** "10% 80%" or pixels; null for anything else. */
function pairOf(text: string | undefined, pixels: { width: number; height: number } | null): { x: number; y: number } | null {
  const found = /^\s*(-?[\d.]{1,10})(%|px)\s+(-?[\d.]{1,10})(%|px)\s*$/.exec(text ?? '');
  if (!found) return null;
  const share = (value: string | undefined, unit: string | undefined, whole: number | undefined): number => (unit === '%' ? Number(value) : whole === undefined ? NaN : (Number(value) / whole) * 100);
  const x = share(found[1], found[2], pixels?.width);
  const y = share(found[3], found[4], pixels?.height);
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

export function rootExtent(extent: string | undefined): { width: number; height: number } | null {
  const found = /^\s*(\d{1,6})px\s+(\d{1,6})px\s*$/.exec(extent ?? '');
  return found && Number(found[1]) > 0 && Number(found[2]) > 0 ? { width: Number(found[1]), height: Number(found[2]) } : null;
}

export function regionId(place: CuePlace | null, look: CaptionStyle): string {
  const { align, x, y } = place ?? { align: look.align };
  return x === undefined || y === undefined ? `at${align}` : `at${align}_${round(x)}_${round(y)}`;
}

/** Attributes of the region for a place: within the look's margins, or reaching from its point as far as its alignment lets text grow. */
export function regionOf(place: CuePlace | null, look: CaptionStyle): Record<string, string> {
  const { align, x, y } = place ?? { align: look.align };
  const column = (align - 1) % 3;
  const row = Math.floor((align - 1) / 3);
  const box = x === undefined || y === undefined ? within(look) : around(column, row, Math.max(0, Math.min(100, x)), Math.max(0, Math.min(100, y)));
  return {
    'xml:id': regionId(place, look),
    'tts:origin': `${round(box.left)}% ${round(box.top)}%`,
    'tts:extent': `${round(box.width)}% ${round(box.height)}%`,
    'tts:displayAlign': ROWS[row] ?? 'after',
    'tts:textAlign': COLUMNS[column] ?? 'center',
    'tts:overflow': 'visible',
  };
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function within(look: CaptionStyle): Box {
  return { left: look.marginSide, top: look.marginVertical, width: 100 - 2 * look.marginSide, height: Math.max(1, 100 - 2 * look.marginVertical) };
}

function around(column: number, row: number, x: number, y: number): Box {
  const [left, width] = column === 0 ? [x, 100 - x] : column === 2 ? [0, x] : [x - Math.min(x, 100 - x), 2 * Math.min(x, 100 - x)];
  const [top, height] = row === 2 ? [y, 100 - y] : row === 0 ? [0, y] : [y - Math.min(y, 100 - y), 2 * Math.min(y, 100 - y)];
  return { left, top, width: Math.max(1, width), height: Math.max(1, height) };
}
