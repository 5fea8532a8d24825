/** How loud sound is, in steps of 10 ms. */
import { SPEECH_RATE } from './types.ts';

/** Samples a step. */
export const LEVEL_STEP = 160;
export const LEVELS_PER_SECOND = SPEECH_RATE / LEVEL_STEP;
/** Level of digital silence, dB. */
export const SILENCE = -120;

/** Level in dB (0: full scale) of samples `from` to `to`. */
export function levelOf(pcm: Float32Array, from: number, to: number): number {
  const end = Math.min(to, pcm.length);
  if (end <= from) return SILENCE;
  let squares = 0;
  for (let index = from; index < end; index += 1) squares += (pcm[index] ?? 0) ** 2;
  return Math.max(SILENCE, 10 * Math.log10(squares / (end - from) + 1e-12));
}

/** Level in dB of each 10 ms, measured over the 20 ms around its middle so that one pitch period of a low voice never falls between steps. */
export function levelsOf(pcm: Float32Array): Float32Array {
  const levels = new Float32Array(Math.ceil(pcm.length / LEVEL_STEP));
  const margin = LEVEL_STEP / 2;
  for (let step = 0; step < levels.length; step += 1) {
    levels[step] = levelOf(pcm, Math.max(0, step * LEVEL_STEP - margin), (step + 1) * LEVEL_STEP + margin);
  }
  return levels;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? SILENCE;
}
