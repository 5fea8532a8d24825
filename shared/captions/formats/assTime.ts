/** Times of ASS: hundredths of a second. */
import { flicks, FLICKS_PER_SECOND, type Flicks } from '../../time.ts';
import { writeClock } from './clock.ts';

export const FLICKS_PER_CENTISECOND = FLICKS_PER_SECOND / 100;

export const toCentiseconds = (time: Flicks): number => Math.round(time / FLICKS_PER_CENTISECOND);
export const fromCentiseconds = (count: number): Flicks => flicks(count * FLICKS_PER_CENTISECOND);
export const assClock = (time: Flicks): string => writeClock(time, '.', 2, 1);
