/** A queue between a producer that can be paused and one consumer that iterates. */

export interface QueueLimits {
  /** The producer is paused at this many items and resumed at half of it. */
  limit: number;
  onFull: () => void;
  onRoom: () => void;
}

/**
 * Items pushed are handed out in order. Leaving the loop early means the rest is not wanted: further items are
 * dropped and the producer is never paused for them.
 */
export class FrameQueue<T> implements AsyncIterable<T> {
  private items: T[] = [];
  private head = 0;
  private waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }[] = [];
  private ended = false;
  private failure: { error: unknown } | null = null;
  private unwanted = false;
  private full = false;
  private resolveDrained: () => void = () => undefined;
  /** Resolves when the consumer has taken the last item or gone away, or the queue failed. */
  readonly drained: Promise<void> = new Promise((resolve) => (this.resolveDrained = resolve));
  private readonly limits: QueueLimits;

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    if (this.ended || this.unwanted || this.failure) return;
    const next = this.waiting.shift();
    if (next) return next.resolve({ value: item, done: false });
    this.items.push(item);
    if (!this.full && this.size >= this.limits.limit) {
      this.full = true;
      this.limits.onFull();
    }
  }

  end(): void {
    this.ended = true;
    if (this.size === 0) this.finish();
  }

  /** Items already queued are given out first, unless `now`: then they are dropped. */
  fail(error: unknown, now: boolean): void {
    if (this.failure || (this.ended && this.size === 0)) return;
    this.failure = { error };
    if (now) this.clear();
    for (const each of this.waiting.splice(0)) each.reject(error);
    this.resolveDrained();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.next(),
      return: () => {
        this.unwanted = true;
        this.clear();
        this.finish();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  private next(): Promise<IteratorResult<T>> {
    if (this.size > 0) return Promise.resolve({ value: this.take(), done: false });
    if (this.failure) return Promise.reject(this.failure.error);
    if (this.ended || this.unwanted) {
      this.finish();
      return Promise.resolve({ value: undefined, done: true });
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private take(): T {
    const item = this.items[this.head] as T;
    this.head += 1;
    if (this.head >= 64 && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    if (this.full && this.size <= this.limits.limit / 2) this.room();
    if (this.ended && this.size === 0) this.finish();
    return item;
  }

  private room(): void {
    this.full = false;
    this.limits.onRoom();
  }

  private clear(): void {
    this.items = [];
    this.head = 0;
    if (this.full) this.room();
  }

  private finish(): void {
    for (const each of this.waiting.splice(0)) each.resolve({ value: undefined, done: true });
    this.resolveDrained();
  }
}
