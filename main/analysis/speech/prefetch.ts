/** Reads a stream ahead of who uses it, by a bounded number of items. */
export class Prefetch<T> {
  readonly #items: T[] = [];
  readonly #limit: number;
  readonly #done: Promise<void>;
  #failure: { error: unknown } | null = null;
  #ended = false;
  #stopped = false;
  #wake: () => void = () => undefined;
  #room: () => void = () => undefined;

  constructor(source: AsyncIterable<T>, limit: number) {
    this.#limit = limit;
    this.#done = this.#read(source);
  }

  /** What `take` will give first, if it is there already. */
  get next(): T | undefined {
    return this.#items[0];
  }

  /** Up to `count` items: fewer only when the source has ended. Throws what the source threw, once what came before is taken. */
  async take(count: number): Promise<T[]> {
    const wanted = Math.min(count, this.#limit);
    while (this.#items.length < wanted && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    const taken = this.#items.splice(0, wanted);
    this.#room();
    if (taken.length === 0 && this.#failure) throw this.#failure.error;
    return taken;
  }

  /** Leaves the source and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#room();
    await this.#done;
  }

  async #read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        this.#items.push(item);
        this.#wake();
        while (this.#items.length >= this.#limit && !this.#stopped) await new Promise<void>((resolve) => (this.#room = resolve));
        if (this.#stopped) break;
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    this.#wake();
  }
}
