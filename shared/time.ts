/**
 * Time as an integer count of flicks, 1/705 600 000 s: exact for 24, 25, 30, 48, 50, 60, 90, 100, 120
 * frames/s, their 1000/1001 forms, and 8 to 192 kHz audio. (Unit: Facebook "Flicks", 2018.)
 * A double holds 147 days of them exactly.
 */
import { z } from 'zod';

declare const flicksBrand: unique symbol;
export type Flicks = number & { readonly [flicksBrand]: true };

export const FLICKS_PER_SECOND = 705_600_000;
export const ZERO = 0 as Flicks;

export const flicksSchema = z
  .number()
  .int()
  .transform((value) => value as Flicks);

export interface Rational {
  readonly num: number;
  readonly den: number;
}
export const rationalSchema = z.object({ num: z.number().int(), den: z.number().int().positive() });

/** Brands an integer count of flicks. Throws RangeError when it is no safe integer. */
export function flicks(count: number): Flicks {
  if (!Number.isSafeInteger(count)) throw new RangeError(`not a whole number of flicks: ${count}`);
  return (count === 0 ? 0 : count) as Flicks;
}

/** Nearest flick to a time in seconds. */
export function fromSeconds(seconds: number): Flicks {
  return flicks(Math.round(seconds * FLICKS_PER_SECOND));
}

export function toSeconds(time: Flicks): number {
  return time / FLICKS_PER_SECOND;
}

/** Ticks of a stream's time base (seconds a tick = num/den) as flicks, rounded half up, without float error. */
export function fromTicks(ticks: number | bigint, base: Rational): Flicks {
  const numerator = BigInt(ticks) * BigInt(base.num) * BigInt(FLICKS_PER_SECOND);
  const den = BigInt(base.den);
  const doubled = numerator * 2n + den;
  let quotient = doubled / (den * 2n);
  if (doubled < 0n && doubled % (den * 2n) !== 0n) quotient -= 1n;
  return flicks(Number(quotient));
}

/** Length of one frame at `rate` frames/s. */
export function frameDuration(rate: Rational): Flicks {
  return fromTicks(1, { num: rate.den, den: rate.num });
}

export function add(a: Flicks, b: Flicks): Flicks {
  return flicks(a + b);
}
export function subtract(a: Flicks, b: Flicks): Flicks {
  return flicks(a - b);
}
export function minTime(a: Flicks, b: Flicks): Flicks {
  return a < b ? a : b;
}
export function maxTime(a: Flicks, b: Flicks): Flicks {
  return a > b ? a : b;
}
export function clampTime(t: Flicks, low: Flicks, high: Flicks): Flicks {
  return maxTime(low, minTime(t, high));
}

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Non-drop timecode HH:MM:SS:FF for a constant or nominal frame rate (SMPTE ST 12-1 counting, base =
 * nearest integer rate). The frame count is of frames begun at `time`, so times from `frameDuration` round-trip.
 */
export function formatTimecode(time: Flicks, rate: Rational): string {
  const base = Math.max(1, Math.round(rate.num / rate.den));
  const total = Math.floor((Math.abs(time) * rate.num) / (rate.den * FLICKS_PER_SECOND) + 1e-6);
  const frames = total % base;
  const seconds = Math.floor(total / base);
  const sign = time < 0 ? '-' : '';
  return `${sign}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}:${two(frames)}`;
}

/** Clock time H:MM:SS.mmm (hours only when there are some); `digits` of the fraction, 0 to 3. */
export function formatClock(time: Flicks, digits: 0 | 1 | 2 | 3 = 3): string {
  const scale = 10 ** digits;
  const total = Math.round((Math.abs(time) / FLICKS_PER_SECOND) * scale);
  const seconds = Math.floor(total / scale);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const fraction = digits === 0 ? '' : `.${String(total % scale).padStart(digits, '0')}`;
  const tail = `${two(seconds % 60)}${fraction}`;
  const body = hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${two(minutes)}:${tail}`;
  return time < 0 ? `-${body}` : body;
}

/**
 * Reads "12.5", "1:02.5", "1:02:03.25" (seconds) or, when a rate is given, "HH:MM:SS:FF".
 * Returns null when the text is none of these.
 */
export function parseTime(text: string, rate?: Rational): Flicks | null {
  const trimmed = text.trim();
  if (!/^\d+(:\d{1,2}){0,3}(\.\d+)?$/.test(trimmed)) return null;
  const parts = trimmed.split(':').map(Number);
  if (parts.length === 4) {
    if (!rate || trimmed.includes('.')) return null;
    const [h, m, s, f] = parts as [number, number, number, number];
    const base = Math.max(1, Math.round(rate.num / rate.den));
    if (m > 59 || s > 59 || f >= base) return null;
    return fromTicks((h * 3600 + m * 60 + s) * base + f, { num: rate.den, den: rate.num });
  }
  if (parts.slice(1).some((part) => part >= 60)) return null;
  return fromSeconds(parts.reduce((sum, part) => sum * 60 + part, 0));
}
