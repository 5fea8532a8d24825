/** A generator that works while its caller does. */

/** Gives what `source` gives, `count` ahead. When the caller leaves, `stop` is called, which must end what `source` waits for. */
export async function* readAhead<T>(source: AsyncGenerator<T>, count: number, stop: () => void): AsyncGenerator<T> {
  const waiting: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = source.next();
    // Its failure is told when it is its turn.
    next.catch(() => undefined);
    waiting.push(next);
  };
  try {
    for (let i = 0; i < count; i++) ask();
    for (;;) {
      ask();
      const next = await waiting.shift();
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    stop();
    await source.return(undefined);
  }
}
