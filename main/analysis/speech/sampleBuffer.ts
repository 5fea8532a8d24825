/** The sound that is still needed, as blocks in order. */
export class SampleBuffer {
  readonly #blocks: { start: number; data: Float32Array }[] = [];
  #end: number;

  /** `start`: position of the first sample that will be pushed. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Position after the last sample. */
  get end(): number {
    return this.#end;
  }

  push(data: Float32Array): void {
    this.#blocks.push({ start: this.#end, data });
    this.#end += data.length;
  }

  /** Lets go of whole blocks before `position`. */
  forget(position: number): void {
    for (let first = this.#blocks[0]; first && first.start + first.data.length <= position; first = this.#blocks[0]) this.#blocks.shift();
  }

  /** A copy of samples `from` to `to`; what isn't there is 0. */
  slice(from: number, to: number): Float32Array<ArrayBuffer> {
    const result = new Float32Array(Math.max(0, to - from));
    for (const { start, data } of this.#blocks) {
      const low = Math.max(from, start);
      const high = Math.min(to, start + data.length);
      if (low < high) result.set(data.subarray(low - start, high - start), low - from);
    }
    return result;
  }
}
