import { ShotSelection } from './selection.svelte.ts';

/** Which rows of a list are picked; the picks stay on their items when the list changes. */
export class ListSelection extends ShotSelection {
  /** The list `before` has become `after`. */
  follow<Item>(before: readonly Item[], after: readonly Item[], keyOf: (item: Item) => string): void {
    if (this.picked.size === 0 && this.lead < 0) return;
    const keys = new Set(this.sorted.flatMap((index) => before.slice(index, index + 1)).map(keyOf));
    const lead = before[this.lead];
    const indices = after.flatMap((item, index) => (keys.has(keyOf(item)) ? [index] : []));
    this.restore(indices, lead === undefined ? -1 : after.findIndex((item) => keyOf(item) === keyOf(lead)));
  }
}
