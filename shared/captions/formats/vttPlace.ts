/** WebVTT cue settings as a place on the picture, and back (WebVTT 1, section 4.4). */
import type { CuePlace } from '../types.ts';

const ROWS = ['bottom', 'middle', 'top'] as const;
type Row = (typeof ROWS)[number];

/** Null where the settings leave the cue where cues stand anyway. */
export function placeOfSettings(settings: string): CuePlace | null {
  const values = new Map<string, string>();
  for (const part of settings.split(/\s+/)) {
    const at = part.indexOf(':');
    if (at > 0) values.set(part.slice(0, at).toLowerCase(), part.slice(at + 1));
  }
  const line = readLine(values.get('line'));
  const x = readPercent(values.get('position'));
  const column = columnOf(values.get('align'), values.get('position'));
  const align = ROWS.indexOf(line.row) * 3 + column + 1;
  if (x !== null && line.percent !== null) return { align, x, y: line.percent };
  return align === 2 ? null : { align };
}

function readLine(value: string | undefined): { row: Row; percent: number | null } {
  const [where = '', edge] = (value ?? '').split(',');
  const percent = readPercent(where);
  if (percent !== null) {
    const row = edge === 'end' ? 'bottom' : edge === 'center' ? 'middle' : edge === 'start' ? 'top' : rowAt(percent);
    return { row, percent };
  }
  // A line number: from the top when it is not negative, and far down a third of some 15 lines ends.
  const number = /^-?\d{1,4}$/.test(where) ? Number(where) : -1;
  return { row: number < 0 ? 'bottom' : number < 5 ? 'top' : number < 10 ? 'middle' : 'bottom', percent: null };
}

const rowAt = (percent: number): Row => (percent < 34 ? 'top' : percent <= 66 ? 'middle' : 'bottom');

function readPercent(value: string | undefined): number | null {
  const number = /^(\d{1,3}(?:\.\d{1,6})?)%/.exec(value ?? '')?.[1];
  return number === undefined || Number(number) > 100 ? null : Number(number);
}

/** 0 left, 1 centre, 2 right. */
function columnOf(align: string | undefined, position: string | undefined): number {
  if (position?.endsWith(',line-left')) return 0;
  if (position?.endsWith(',line-right')) return 2;
  if (position?.endsWith(',center')) return 1;
  if (align === 'start' || align === 'left') return 0;
  return align === 'end' || align === 'right' ? 2 : 1;
}

/** Settings for a place, without a space before; empty for the usual place. */
export function settingsOfPlace(place: CuePlace | null): string {
  if (!place) return '';
  const row = ROWS[Math.floor((place.align - 1) / 3)] ?? 'bottom';
  const column = (place.align - 1) % 3;
  const align = column === 0 ? 'align:start' : column === 2 ? 'align:end' : '';
  if (place.x !== undefined && place.y !== undefined) {
    const edge = { bottom: 'end', middle: 'center', top: 'start' }[row];
    const side = ['line-left', 'center', 'line-right'][column] ?? 'center';
    return [`line:${percent(place.y)},${edge}`, `position:${percent(place.x)},${side}`, align].filter((part) => part !== '').join(' ');
  }
  const line = { bottom: '', middle: 'line:50%,center', top: 'line:0' }[row];
  return [line, align].filter((part) => part !== '').join(' ');
}

const percent = (value: number): string => `${Number(Math.max(0, Math.min(100, value)).toFixed(3))}%`;
