/** Power spectra of short pieces of sound. */

/** Radix-2 fast Fourier transform (Cooley and Tukey 1965) of `size` samples, a power of two, under a Hann window. */
export class PowerSpectrum {
  readonly size: number;
  readonly #window: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint16Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  /** Power of bins 0 to size/2; valid until the next call. */
  readonly power: Float64Array;

  constructor(size: number) {
    this.size = size;
    const bits = Math.log2(size);
    if (!Number.isInteger(bits)) throw new RangeError(`not a power of two: ${size}`);
    this.#window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    this.#reversed = Uint16Array.from({ length: size }, (_, i) => reverse(i, bits));
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
    this.power = new Float64Array(size / 2 + 1);
  }

  /** Measures `samples` from `offset` on. */
  measure(samples: Float32Array, offset: number): Float64Array {
    const [real, imaginary] = [this.#real, this.#imaginary];
    for (let i = 0; i < this.size; i++) {
      const from = this.#reversed[i] ?? 0;
      real[i] = (samples[offset + from] ?? 0) * (this.#window[from] ?? 0);
      imaginary[i] = 0;
    }
    for (let half = 1; half < this.size; half *= 2) this.#stage(half);
    for (let i = 0; i <= this.size / 2; i++) this.power[i] = (real[i] ?? 0) ** 2 + (imaginary[i] ?? 0) ** 2;
    return this.power;
  }

  #stage(half: number): void {
    const [real, imaginary, cosines, sines] = [this.#real, this.#imaginary, this.#cosines, this.#sines];
    const step = this.size / (2 * half);
    for (let group = 0; group < this.size; group += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [cosine, sine] = [cosines[k * step] ?? 0, sines[k * step] ?? 0];
        const [low, high] = [group + k, group + k + half];
        const re = (real[high] ?? 0) * cosine - (imaginary[high] ?? 0) * sine;
        const im = (real[high] ?? 0) * sine + (imaginary[high] ?? 0) * cosine;
        real[high] = (real[low] ?? 0) - re;
        imaginary[high] = (imaginary[low] ?? 0) - im;
        real[low] = (real[low] ?? 0) + re;
        imaginary[low] = (imaginary[low] ?? 0) + im;
      }
    }
  }
}

function reverse(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((value >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}
