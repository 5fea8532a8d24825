/** What is measured of the sound, for each cell of half a second. What it means is decided later, in `reactions.ts`. */
import { PCM_RATE } from '../../media/pcm.ts';
import { PowerSpectrum } from './fourier.ts';

/** Seconds. */
export const CELL = 0.5;
/** Part of the library's key: what is stored follows from these. */
export const SOUND_RULES = { version: 1, cell: CELL, hop: 250, spectrum: 512 } as const;

export const CELL_SAMPLES = CELL * PCM_RATE;
const HOP = SOUND_RULES.hop;
const HOPS = CELL_SAMPLES / HOP;
const HOPS_A_SECOND = PCM_RATE / HOP;
/** dB of full scale that digital silence counts as. */
const SILENCE = -90;
/** Edges of bands in Hz: noise is flat within each, whatever its colour over all of them. */
const BANDS = [300, 800, 1600, 3200, 7000] as const;
/** Flatness of a periodogram of white noise: exp(-Euler's constant). */
const NOISE_FLATNESS = Math.exp(-0.5772156649);
/** Beats of laughter a second: 4 to 6.5 (Bachorowski, Smoski and Owren 2001: 4.37 calls a second on average, up to 6). */
const LAUGHTER_BEATS = [4, 6.5] as const;

export interface SoundCell {
  /** Mean level, dB of full scale; -90 to 0. */
  level: number;
  /** How much it is noise: spectral flatness within bands, 1 for white noise, near 0 for tones. */
  noise: number;
  /** Standard deviation of the level over 16 ms pieces, dB: little in applause and music, much in speech. */
  sway: number;
  /** How regularly the level beats 4 to 6.5 times a second, over this cell and the one before: 0 to 1. */
  pulse: number;
}

export class SoundMeter {
  readonly #spectrum = new PowerSpectrum(SOUND_RULES.spectrum);
  readonly #bins = BANDS.map((hertz) => Math.round((hertz * SOUND_RULES.spectrum) / PCM_RATE));
  #before: Float64Array | null = null;

  /** Measures one cell of samples; a shorter last one is taken as it is. */
  measure(samples: Float32Array): SoundCell {
    const levels = levelsOf(samples);
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    const sway = Math.sqrt(levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length);
    const pulse = this.#before ? pulseOf([...this.#before, ...levels]) : 0;
    this.#before = levels;
    return { level: meanLevel(samples), noise: this.#noise(samples), sway, pulse };
  }

  /** Flatness of the spectrum in bands, weighted by the power of each piece: pauses say nothing. */
  #noise(samples: Float32Array): number {
    let sum = 0;
    let weights = 0;
    for (let offset = 0; offset + SOUND_RULES.spectrum <= samples.length; offset += 2 * HOP) {
      const power = this.#spectrum.measure(samples, offset);
      let [flat, loud] = [0, 0];
      for (let band = 0; band + 1 < this.#bins.length; band++) {
        const { flatness, mean } = flatnessOf(power, this.#bins[band] ?? 0, this.#bins[band + 1] ?? 0);
        flat += flatness;
        loud += mean;
      }
      // The root: one loud clap does not speak for the whole cell.
      const weight = Math.sqrt(loud);
      sum += (weight * flat) / (this.#bins.length - 1);
      weights += weight;
    }
    return weights > 0 ? Math.min(1, sum / weights / NOISE_FLATNESS) : 0;
  }
}

/** Geometric mean of the power over its arithmetic mean (Johnston 1988). */
function flatnessOf(power: Float64Array, from: number, to: number): { flatness: number; mean: number } {
  let logs = 0;
  let sum = 0;
  for (let bin = from; bin < to; bin++) {
    const value = (power[bin] ?? 0) + 1e-12;
    logs += Math.log(value);
    sum += value;
  }
  const count = Math.max(1, to - from);
  return { flatness: sum > 0 ? Math.exp(logs / count) / (sum / count) : 0, mean: sum / count };
}

function decibels(power: number): number {
  return Math.max(SILENCE, 10 * Math.log10(power + 1e-12));
}

function meanLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(0, decibels(sum / Math.max(1, samples.length)));
}

function levelsOf(samples: Float32Array): Float64Array {
  const levels = new Float64Array(Math.max(1, Math.min(HOPS, Math.floor(samples.length / HOP)))).fill(SILENCE);
  for (let hop = 0; (hop + 1) * HOP <= samples.length && hop < levels.length; hop++) levels[hop] = meanLevel(samples.subarray(hop * HOP, (hop + 1) * HOP));
  return levels;
}

/** Peak of the normalised autocorrelation of the levels at lags of a laugh's beat. */
function pulseOf(levels: readonly number[]): number {
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const deviations = levels.map((level) => level - mean);
  const power = deviations.reduce((sum, value) => sum + value * value, 0);
  if (power / levels.length < 4) return 0;
  let best = 0;
  for (let lag = Math.floor(HOPS_A_SECOND / LAUGHTER_BEATS[1]); lag <= Math.ceil(HOPS_A_SECOND / LAUGHTER_BEATS[0]) && lag < levels.length; lag++) {
    let sum = 0;
    for (let i = lag; i < deviations.length; i++) sum += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
    best = Math.max(best, (sum / power) * (levels.length / (levels.length - lag)));
  }
  return Math.min(1, best);
}
