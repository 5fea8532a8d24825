/** Sounds made for the tests, 16 kHz, always the same: claps, laughter, music, fans. */
import { PCM_RATE } from '../../media/pcm.ts';

/** Numbers 0 to 1 from a seed (a linear congruential generator: Numerical Recipes' constants). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Claps of `hands` pairs of hands at 3 to 4 a second each: each a burst of noise that dies away within some ms, of a colour of its own. */
export function applause(seconds: number, hands: number, level: number, seed = 1): Float32Array {
  const random = randomFrom(seed);
  const sound = new Float32Array(Math.round(seconds * PCM_RATE));
  for (let pair = 0; pair < hands; pair++) {
    const [pace, loud, centre] = [3 + random(), 0.3 + 0.7 * random(), 900 + 1800 * random()];
    for (let time = random() / pace; time < seconds; time += (0.85 + 0.3 * random()) / pace) clap(sound, Math.round(time * PCM_RATE), loud, centre, random);
  }
  return scaled(sound, level);
}

function clap(sound: Float32Array, from: number, loud: number, centre: number, random: () => number): void {
  // Noise through a resonance at `centre` (two-pole), which decays over 8 ms: palms make a broad peak at 1 to 2.7 kHz.
  const radius = 0.75;
  const turn = 2 * radius * Math.cos((2 * Math.PI * centre) / PCM_RATE);
  let [one, two] = [0, 0];
  for (let i = 0; i < 800 && from + i < sound.length; i++) {
    const value = (2 * random() - 1) * Math.exp(-i / (0.008 * PCM_RATE)) + turn * one - radius * radius * two;
    [one, two] = [value, one];
    sound[from + i] = (sound[from + i] ?? 0) + loud * value;
  }
}

/** Voiced calls ("ha ha ha"), `beats` a second, of harmonics that fall in pitch. */
export function laughter(seconds: number, beats: number, level: number, seed = 2): Float32Array {
  const random = randomFrom(seed);
  const sound = new Float32Array(Math.round(seconds * PCM_RATE));
  for (let time = 0; time < seconds; time += (0.97 + 0.06 * random()) / beats) {
    const pitch = 260 + 120 * random();
    const [from, length] = [Math.round(time * PCM_RATE), Math.round((0.55 / beats) * PCM_RATE)];
    for (let i = 0; i < length && from + i < sound.length; i++) {
      let value = 0.15 * (2 * random() - 1);
      for (let harmonic = 1; harmonic <= 12; harmonic++) value += Math.sin((2 * Math.PI * pitch * harmonic * i * (1 - (0.1 * i) / length)) / PCM_RATE) / harmonic;
      sound[from + i] = (sound[from + i] ?? 0) + value * Math.sin((Math.PI * i) / length) ** 2;
    }
  }
  return scaled(sound, level);
}

/** Chords at two a second with a plucked envelope, and a hi-hat on every half beat. */
export function music(seconds: number, level: number, seed = 3): Float32Array {
  const random = randomFrom(seed);
  const chords = [[220, 277.2, 329.6], [196, 246.9, 293.7], [174.6, 220, 261.6], [164.8, 207.7, 246.9]];
  return scaled(Float32Array.from({ length: Math.round(seconds * PCM_RATE) }, (_, i) => {
    const time = i / PCM_RATE;
    const chord = chords[Math.floor(time * 2) % chords.length] ?? [];
    const tones = chord.reduce((sum, hertz) => sum + [1, 2, 3, 4].reduce((all, n) => all + Math.sin(2 * Math.PI * hertz * n * time) / n, 0), 0);
    return tones * Math.exp(-((time * 2) % 1)) + 0.5 * (2 * random() - 1) * Math.exp(-30 * ((time * 4) % 1));
  }), level);
}

/** White noise: a fan, the wind. */
export function hiss(seconds: number, level: number, seed = 4): Float32Array {
  const random = randomFrom(seed);
  return scaled(Float32Array.from({ length: Math.round(seconds * PCM_RATE) }, () => 2 * random() - 1), level);
}

/** At this level: root mean square in dB of full scale. */
export function scaled(sound: Float32Array, level: number): Float32Array {
  const power = sound.reduce((sum, value) => sum + value * value, 0) / Math.max(1, sound.length);
  const factor = power > 0 ? 10 ** (level / 20) / Math.sqrt(power) : 0;
  return sound.map((value) => Math.max(-1, Math.min(1, value * factor)));
}

/** One after the other. */
export function joined(...sounds: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((sum, sound) => sum + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

/** Both at once. */
export function mixed(one: Float32Array, other: Float32Array): Float32Array {
  return one.map((value, i) => Math.max(-1, Math.min(1, value + (other[i] ?? 0))));
}

/** 16-bit WAV of the samples. */
export function wavOf(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(PCM_RATE, 24);
  bytes.writeUInt32LE(2 * PCM_RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, i) => bytes.writeInt16LE(Math.round(32_767 * value), 44 + 2 * i));
  return bytes;
}
