/** Blobs and typed arrays. */

/** A blob's bytes, alone in their buffer: typed arrays of wider elements can look at it from the start. */
export function blobOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (!(value instanceof Uint8Array)) throw new TypeError('not a blob');
  return Uint8Array.from(value);
}

export function bytesOf(array: Float32Array | Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
