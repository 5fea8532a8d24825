/** Least-recently-used map bounded by total cost, for pictures and peaks. */
export interface Lru<K, V> {
  /** The value, now the most recently used. */
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V, cost: number): void;
  delete(key: K): void;
  clear(): void;
  readonly size: number;
  readonly cost: number;
}

/**
 * `limit` is in the unit of `cost` (bytes, mostly). `evicted` frees what a value holds. A value dearer than the whole
 * limit is still kept, alone, so that what is on the screen can be drawn.
 */
export function createLru<K, V>(limit: number, evicted: (value: V) => void = () => {}): Lru<K, V> {
  const entries = new Map<K, { value: V; cost: number }>();
  let total = 0;
  const drop = (key: K): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    total -= entry.cost;
    evicted(entry.value);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    has: (key) => entries.has(key),
    set(key, value, cost) {
      drop(key);
      entries.set(key, { value, cost });
      total += cost;
      for (const oldest of entries.keys()) {
        if (total <= limit || entries.size === 1) break;
        drop(oldest);
      }
    },
    delete: drop,
    clear() {
      for (const key of [...entries.keys()]) drop(key);
    },
    get size() {
      return entries.size;
    },
    get cost() {
      return total;
    },
  };
}
