/** Collects what was not whole in a file, or what a format can't hold: one entry a kind. */
import type { FormatWarning } from './types.ts';

export type WarningCode = FormatWarning['code'];

export class Warnings {
  readonly #found = new Map<WarningCode, FormatWarning>();

  /** @param at line of the file, or number of the cue, counted from 1 */
  add(code: WarningCode, at: number, detail?: string): void {
    const known = this.#found.get(code);
    if (!known) {
      this.#found.set(code, { code, count: 1, first: at, ...(detail === undefined ? {} : { detail }) });
      return;
    }
    known.count += 1;
    known.first = Math.min(known.first, at);
  }

  has(code: WarningCode): boolean {
    return this.#found.has(code);
  }

  list(): FormatWarning[] {
    return [...this.#found.values()];
  }
}
