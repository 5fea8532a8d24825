/** Vectors as 16-bit floats (IEEE 754 binary16): half the space, off by less than 0.05 % of a value. */

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);
const BIAS = 127 - 15;

function toHalf(value: number): number {
  FLOAT[0] = value;
  const bits = BITS[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - BIAS;
  if (exponent <= 0) {
    // Too small for a normal number: a multiple of 2^-24.
    return sign | Math.round(Math.abs(value) * 2 ** 24);
  }
  // Rounds to nearest; a carry out of the mantissa is the next exponent. Above the largest: infinity.
  return exponent >= 31 ? sign | 0x7c00 : sign | Math.min(0x7c00, ((exponent << 10) | ((bits >>> 13) & 0x3ff)) + ((bits >>> 12) & 1));
}

let table: Float32Array | null = null;

/** Value of each of the 65,536 halves. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const mantissa = half & 0x3ff;
    if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  });
  return table;
}

/** Two bytes a value, in this machine's order: the library stays on the machine. */
export function toFloat16(vector: Float32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint16Array(vector.length);
  for (let index = 0; index < vector.length; index += 1) out[index] = toHalf(vector[index] ?? 0);
  return new Uint8Array(out.buffer);
}

/** @param bytes alone in their buffer */
export function fromFloat16(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const values = halves();
  return Float32Array.from(new Uint16Array(bytes.buffer), (half) => values[half] ?? 0);
}
