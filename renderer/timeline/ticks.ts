/** The ruler: which times get a label and which a mark, from hours down to single frames. */
import { flicks, formatTimecode, type Rational } from '../../shared/time.ts';
import { endOf, frameLength, xAt, type Viewport } from './viewport.ts';

export interface TickPlan {
  /** Frames between labels. */
  readonly major: number;
  /** Frames between marks; divides `major`. */
  readonly minor: number;
}

export interface Tick {
  readonly x: number;
  /** Null for an unlabelled mark. */
  readonly label: string | null;
}

/** A label of eleven figures at 11 px is about 75 px wide; the rest is air. */
const LABEL_SPACING = 104;
const MARK_SPACING = 9;
/** Seconds: as on a clock, so that labels fall on round times. */
const SECOND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 36_000, 86_400];

const dividers = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1).filter((i) => n % i === 0);

/** Steps in frames for a nominal rate: the divisors of a second, then seconds. */
export function tickSteps(rate: Rational): number[] {
  const base = Math.max(1, Math.round(rate.num / rate.den));
  return [...dividers(base).slice(0, -1), ...SECOND_STEPS.map((seconds) => seconds * base)];
}

export function planTicks(scale: number, rate: Rational): TickPlan {
  const frame = frameLength(rate) / scale;
  const steps = tickSteps(rate);
  const longest = steps.at(-1) ?? 1;
  let major = steps.find((step) => step * frame >= LABEL_SPACING);
  if (major === undefined) {
    major = longest;
    while (major * frame < LABEL_SPACING) major *= 2;
  }
  const chosen = major;
  const minor = steps.find((step) => step * frame >= MARK_SPACING && chosen % step === 0) ?? chosen;
  return { major, minor };
}

/** Ticks on the screen, and one beyond each edge so that labels slide in. Count is bounded by width / 9. */
export function ticksOf(view: Viewport, rate: Rational): Tick[] {
  const plan = planTicks(view.scale, rate);
  const length = frameLength(rate);
  const first = Math.floor(view.origin / length / plan.major) * plan.major;
  const last = endOf(view) / length + plan.minor;
  const ticks: Tick[] = [];
  for (let frame = Math.max(0, first); frame <= last; frame += plan.minor) {
    const time = frame * length;
    const label = frame % plan.major === 0 ? formatTimecode(flicks(Math.round(time)), rate) : null;
    ticks.push({ x: xAt(view, time), label });
  }
  return ticks;
}
