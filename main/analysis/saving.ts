/** Keeping results is worth trying, never worth failing for: after the first failure nothing more is kept, and it is told once. */
export class Saving {
  readonly #onFailure: () => void;
  #failed = false;

  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
  }

  /** What `work` gives; null when it fails or an earlier one has. */
  try<T>(work: () => T): T | null {
    if (this.#failed) return null;
    try {
      return work();
    } catch {
      this.#failed = true;
      this.#onFailure();
      return null;
    }
  }
}
