/** Stages that overlap: each works ahead of the next by a few items, and waits when those are not taken. */

/**
 * The same items, made up to `limit` ahead of whoever takes them. A failure comes after the items before it. When the loop is left before
 * the end, `onLeave` is called, which should end what the source waits for; it is over when the source is.
 */
export async function* ahead<T>(source: AsyncIterable<T>, limit: number, onLeave: () => void = () => undefined): AsyncGenerator<T> {
  const items: T[] = [];
  let [ended, unwanted] = [false, false];
  let failure: { error: unknown } | null = null;
  let wakeTaker: () => void = () => undefined;
  let wakeMaker: () => void = () => undefined;
  const made = (async () => {
    try {
      for await (const item of source) {
        if (unwanted) break;
        items.push(item);
        wakeTaker();
        while (items.length >= limit && !unwanted) await new Promise<void>((resolve) => (wakeMaker = resolve));
        if (unwanted) break;
      }
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      wakeTaker();
    }
  })();
  try {
    for (;;) {
      const item = items.shift();
      if (item !== undefined) {
        wakeMaker();
        yield item;
      } else if (ended) break;
      else await new Promise<void>((resolve) => (wakeTaker = resolve));
    }
    if (failure) throw (failure as { error: unknown }).error;
  } finally {
    unwanted = true;
    if (!ended) onLeave();
    items.length = 0;
    wakeMaker();
    await made;
  }
}
