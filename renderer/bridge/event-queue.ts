/** Joins a pushing port with a pulling `for await`: each step yields all that came since the last one. */
export class EventQueue<T> {
  #waiting: T[] = [];
  #finished: 'no' | 'ended' | Error = 'no';
  #wake: (() => void) | null = null;

  push(events: T[]): void {
    for (const event of events) this.#waiting.push(event);
    this.#wake?.();
  }
  end(): void {
    this.#finished = 'ended';
    this.#wake?.();
  }
  /** Events already here are still delivered, then the iteration throws `error`. */
  fail(error: Error): void {
    this.#finished = error;
    this.#wake?.();
  }

  async *batches(): AsyncGenerator<T[], void, void> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        yield batch;
        continue;
      }
      if (this.#finished instanceof Error) throw this.#finished;
      if (this.#finished === 'ended') return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
  }
}
