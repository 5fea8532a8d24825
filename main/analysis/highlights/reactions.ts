/**
 * Applause, cheering and laughter, told from the sound's measures. There is no model for them: these are rules, and what they miss
 * and mistake is measured in `reactions.test.ts`.
 */
import type { SoundCell } from './soundMeasures.ts';

/** 0 below the first, 1 from the second on. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Applause is noise: over half a second speech stays below 0.6 of white noise, music with cymbals below 0.72, claps lie above 0.9 (0.82 in a dull, echoing room). */
const NOISY = [0.7, 0.88] as const;
/** Applause goes on: its level sways by a few dB where speech has gaps. */
const SWAYS = [9, 5] as const;
/** A few hands leave gaps as speech does, but nothing else is noise for so long. */
const NEARLY_NOISE = [0.8, 0.92] as const;
/** It stands out of the background, in dB over the quiet parts: a fan or the wind is the background. */
const LOUDER = [4, 10] as const;
/** Laughter beats: speech seldom reaches 0.45 and never for long. */
const BEATS = [0.45, 0.75] as const;
/** And is voiced. */
const VOICED = [0.75, 0.5] as const;
/** Cells (half seconds) that a reaction lasts at least: shorter noise is a door, a wave, a consonant. */
const LASTS = 3;

/**
 * How likely each cell is applause or cheering, 0 to 1; `spoken`: cells with recognised words, which damp it, for people talk over
 * applause but also over noise.
 */
export function applauseIn(cells: readonly SoundCell[], spoken: (cell: number) => boolean): number[] {
  const quiet = quietLevel(cells);
  const raw = cells.map((cell, index) => {
    const steady = Math.max(ramp(cell.sway, ...SWAYS), ramp(cell.noise, ...NEARLY_NOISE));
    const likely = ramp(cell.noise, ...NOISY) * steady * ramp(cell.level - quiet, ...LOUDER);
    return spoken(index) ? likely / 2 : likely;
  });
  return lasting(raw);
}

/** How likely each cell is laughter, 0 to 1. Nothing where words were recognised: talk beats nearly as laughter does. */
export function laughterIn(cells: readonly SoundCell[], spoken: (cell: number) => boolean): number[] {
  const quiet = quietLevel(cells);
  const raw = cells.map((cell, index) =>
    spoken(index) ? 0 : ramp(cell.pulse, ...BEATS) * ramp(cell.noise, ...VOICED) * ramp(cell.sway, 3, 6) * ramp(cell.level - quiet, ...LOUDER),
  );
  return lasting(raw);
}

/** Level that a twentieth of the cells lie below, pauses of a dense talk; digital silence is not a background. */
function quietLevel(cells: readonly SoundCell[]): number {
  const levels = cells.map(({ level }) => level).filter((level) => level > -70).sort((a, b) => a - b);
  return levels[Math.floor(levels.length / 20)] ?? -70;
}

/** Each cell is as likely as the best stretch of `LASTS` cells that holds it, by the stretch's least likely cell. */
function lasting(raw: readonly number[]): number[] {
  const held = raw.map((_, index) => Math.min(...Array.from({ length: LASTS }, (_each, offset) => raw[index + offset] ?? 0)));
  return raw.map((_, index) => Math.max(...Array.from({ length: LASTS }, (_each, offset) => held[index - offset] ?? 0)));
}
