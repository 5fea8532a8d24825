/** Time expressions of TTML (TTML2, section 12.3) and the parameters they count by. */
import { flicks, type Flicks } from '../../time.ts';
import { secondsToFlicks } from './clock.ts';

export interface TtmlClock {
  /** Frames a second as counted, without the multiplier. */
  frameRate: number;
  /** 1000/1001 for NTSC rates. */
  multiplier: number;
  subFrameRate: number;
  tickRate: number;
  /** Clock times with frames are labels of frames, counted from zero. */
  smpte: boolean;
  dropNtsc: boolean;
}

export function clockOf(root: Readonly<Record<string, string>>): TtmlClock {
  const whole = (name: string): number | null => (/^\s*\d{1,9}\s*$/.test(root[name] ?? '') ? Number(root[name]) || null : null);
  const frameRate = whole('ttp:frameRate') ?? 30;
  const subFrameRate = whole('ttp:subFrameRate') ?? 1;
  const ratio = /^\s*(\d{1,9})[\s:]+(\d{1,9})\s*$/.exec(root['ttp:frameRateMultiplier'] ?? '');
  const multiplier = ratio ? Number(ratio[1]) / Number(ratio[2]) : 1;
  // Without a tick rate: frames times sub-frames where there is a frame rate, else one a second.
  const tickRate = whole('ttp:tickRate') ?? (root['ttp:frameRate'] === undefined ? 1 : frameRate * subFrameRate);
  return {
    frameRate,
    multiplier: Number.isFinite(multiplier) && multiplier > 0 ? multiplier : 1,
    subFrameRate,
    tickRate,
    smpte: root['ttp:timeBase'] === 'smpte',
    dropNtsc: root['ttp:dropMode'] === 'dropNTSC',
  };
}

const CLOCK = /^(-)?(\d{1,6}):(\d{1,3}):(\d{1,3})(?:[.,](\d{1,12})|:(\d{1,4})(?:\.(\d{1,4}))?)?$/;
const OFFSET = /^(-)?(\d{1,12}(?:\.\d{1,12})?)\s?(h|m|s|ms|f|t)?$/;

/** Null when it is none. A number without a unit is taken for seconds. */
function readTtmlTime(text: string, clock: TtmlClock): Flicks | null {
  const trimmed = text.trim();
  const found = CLOCK.exec(trimmed);
  if (found) {
    const [, sign, hours, minutes, seconds, fraction, frames, sub] = found;
    const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    const counted = Number(frames ?? 0) + Number(sub ?? 0) / clock.subFrameRate;
    const value = frames === undefined ? whole + Number(`0.${fraction ?? 0}`) : framed(whole, counted, clock);
    return signed(sign, value);
  }
  const offset = OFFSET.exec(trimmed);
  return offset ? signed(offset[1], inSeconds(Number(offset[2]), offset[3] ?? 's', clock)) : null;
}

const signed = (sign: string | undefined, seconds: number): Flicks | null => secondsToFlicks(sign === undefined ? seconds : -seconds);

function framed(whole: number, frames: number, clock: TtmlClock): number {
  const rate = clock.frameRate * clock.multiplier;
  if (!clock.smpte) return whole + frames / rate;
  const minutes = Math.floor(whole / 60);
  // SMPTE ST 12-1: two labels are left out each minute but each tenth.
  const dropped = clock.dropNtsc ? 2 * (minutes - Math.floor(minutes / 10)) : 0;
  return (whole * clock.frameRate + frames - dropped) / rate;
}

function inSeconds(value: number, unit: string, clock: TtmlClock): number {
  switch (unit) {
    case 'h':
      return value * 3600;
    case 'm':
      return value * 60;
    case 'ms':
      return value / 1000;
    case 'f':
      return value / (clock.frameRate * clock.multiplier);
    case 't':
      return value / clock.tickRate;
    default:
      return value;
  }
}

/** When an element is active. Null where neither it nor what is around it says. */
export interface Interval {
  begin: Flicks | null;
  end: Flicks | null;
}

/**
 * Times of an element within its parent (TTML2, 12.2): `begin` and `end` count from the parent's begin, or in a sequence from the end of the element before;
 * `dur` from its own begin; nothing outlasts its parent. `bad` is true when a time could not be read.
 */
export function intervalOf(attributes: Readonly<Record<string, string>>, parent: Interval, after: Flicks | null, clock: TtmlClock): Interval & { bad: boolean; own: boolean } {
  const read = (name: string): Flicks | null => (attributes[name] === undefined ? null : readTtmlTime(attributes[name], clock));
  const [begin, end, length] = [read('begin'), read('end'), read('dur')];
  const bad = ['begin', 'end', 'dur'].some((name) => attributes[name] !== undefined && read(name) === null);
  const own = begin !== null || end !== null || length !== null;
  const origin = after ?? parent.begin ?? 0;
  const starts = begin === null && after === null ? (own ? flicks(origin) : parent.begin) : flicks(origin + (begin ?? 0));
  const ends = [end === null ? null : flicks(origin + end), length === null || starts === null ? null : flicks(starts + length), parent.end].filter((time) => time !== null);
  return { begin: starts, end: ends.length === 0 ? null : flicks(Math.min(...ends)), bad, own };
}
