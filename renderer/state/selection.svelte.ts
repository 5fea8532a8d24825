/** Which shots of one media are picked: a set, the one that moves (the lead) and the one that ranges start from (the anchor). */
export type SelectHow = 'replace' | 'toggle' | 'extend';

export class ShotSelection {
  picked = $state.raw<ReadonlySet<number>>(new Set());
  /** -1 when none. */
  lead = $state(-1);
  #anchor = -1;

  select(index: number, how: SelectHow): void {
    if (how === 'extend' && this.#anchor >= 0) {
      const low = Math.min(this.#anchor, index);
      const high = Math.max(this.#anchor, index);
      this.picked = new Set(Array.from({ length: high - low + 1 }, (_, offset) => low + offset));
    } else if (how === 'toggle') {
      const next = new Set(this.picked);
      if (!next.delete(index)) next.add(index);
      this.picked = next;
      this.#anchor = index;
    } else {
      this.picked = new Set([index]);
      this.#anchor = index;
    }
    this.lead = index;
  }

  selectAll(count: number): void {
    this.picked = new Set(Array.from({ length: count }, (_, index) => index));
    this.#anchor = 0;
    this.lead = Math.max(0, Math.min(this.lead, count - 1));
  }

  /** Exactly these are picked; ranges start from the lead. */
  restore(indices: readonly number[], lead: number): void {
    this.picked = new Set(indices);
    this.lead = lead;
    this.#anchor = lead;
  }

  clear(): void {
    this.restore([], -1);
  }

  /** Picked shots in order of time. */
  get sorted(): number[] {
    return [...this.picked].sort((a, b) => a - b);
  }
}
