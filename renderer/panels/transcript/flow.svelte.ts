/** Blocks of unlike heights one below the other, of which only the visible ones are drawn: where each is, before and after it was measured. */
export interface Block {
  readonly key: string;
  /** Height in pixels to reckon with until it is measured. */
  readonly estimate: number;
}

/** Drawn above and below what is seen, so that keys and short scrolls find it there. */
const OVERSCAN = 400;

export class Flow {
  top = $state(0);
  height = $state(0);
  #version = $state(0);
  readonly #measured = new Map<string, number>();
  readonly #blocks: () => readonly Block[];

  constructor(blocks: () => readonly Block[]) {
    this.#blocks = blocks;
  }

  /** Top of each block, and behind the last the height of all. */
  readonly offsets: readonly number[] = $derived.by(() => {
    void this.#version;
    const offsets = [0];
    for (const block of this.#blocks()) offsets.push((offsets.at(-1) ?? 0) + (this.#measured.get(block.key) ?? block.estimate));
    return offsets;
  });
  readonly total = $derived(this.offsets.at(-1) ?? 0);
  readonly first = $derived(this.at(this.top - OVERSCAN));
  readonly last = $derived(Math.min(this.offsets.length - 1, this.at(this.top + this.height + OVERSCAN) + 1));

  /** Block at a distance from the top; the first or last beyond the ends. */
  at(y: number): number {
    const { offsets } = this;
    let low = 0;
    let high = Math.max(0, offsets.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle + 1] ?? Infinity) <= y) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.min(low, offsets.length - 2));
  }

  /** Takes measured heights. Gives how far the first visible block has moved, for the scroll to follow; 0 mostly. */
  measure(heights: ReadonlyMap<string, number>): number {
    const anchor = this.at(this.top);
    const before = this.offsets[anchor] ?? 0;
    let changed = false;
    for (const [key, height] of heights) {
      if (this.#measured.get(key) === height) continue;
      this.#measured.set(key, height);
      changed = true;
    }
    if (!changed) return 0;
    this.#version += 1;
    return (this.offsets[anchor] ?? 0) - before;
  }

  /** The width has changed: nothing measured holds any more. */
  forget(): void {
    this.#measured.clear();
    this.#version += 1;
  }
}
