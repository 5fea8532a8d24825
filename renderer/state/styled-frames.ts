/** Styled frames by what they are made of and their time. The least recently used sets go first, so that hours of trying stay small. */
import type { Flicks } from '../../shared/time.ts';

export interface StyledPicture {
  readonly time: Flicks;
  readonly duration: Flicks;
  /** Object URL of a JPEG. */
  readonly url: string;
}

/** Pictures kept in all: of 360 lines, about 30 kB each. */
const MOST = 1200;

export class StyledFrames {
  /** In order of use, each in order of time. */
  readonly #sets = new Map<string, StyledPicture[]>();
  #held: StyledPicture | null = null;
  #size = 0;

  /** The frame shown at `time`, which may be `tolerance` flicks before it begins. */
  at(key: string, time: Flicks, tolerance: number): StyledPicture | null {
    const set = this.#sets.get(key);
    if (!set) return null;
    const index = countUpTo(set, time + tolerance) - 1;
    const found = set[index];
    return found && time < found.time + found.duration - tolerance ? found : null;
  }

  count(key: string): number {
    return this.#sets.get(key)?.length ?? 0;
  }

  /** Adds a frame; one of the same time is replaced. */
  add(key: string, { time, duration, jpeg }: { time: Flicks; duration: Flicks; jpeg: Uint8Array }): void {
    const set = this.#sets.get(key) ?? [];
    this.#sets.delete(key);
    this.#sets.set(key, set);
    const picture = { time, duration, url: URL.createObjectURL(new Blob([jpeg.slice()], { type: 'image/jpeg' })) };
    const index = countUpTo(set, time);
    const same = set[index - 1];
    if (same?.time === time) {
      set[index - 1] = picture;
      this.#drop(same);
    } else set.splice(index, 0, picture);
    this.#size += 1;
    this.#makeRoom(key);
  }

  /** The picture on the screen: it stays when its set goes. */
  hold(picture: StyledPicture): void {
    if (this.#held === picture) return;
    const before = this.#held;
    this.#held = picture;
    if (before && ![...this.#sets.values()].some((set) => set.includes(before))) URL.revokeObjectURL(before.url);
  }

  clear(): void {
    for (const set of this.#sets.values()) for (const { url } of set) URL.revokeObjectURL(url);
    this.#sets.clear();
    if (this.#held) URL.revokeObjectURL(this.#held.url);
    this.#held = null;
    this.#size = 0;
  }

  #makeRoom(current: string): void {
    for (const [key, set] of this.#sets) {
      if (this.#size <= MOST) return;
      if (key !== current) this.#sets.delete(key);
      // Of the set that grows, its earliest frames: the playhead has mostly passed them.
      for (const picture of set.splice(0, key === current ? this.#size - MOST : set.length)) this.#drop(picture);
    }
  }

  #drop(picture: StyledPicture): void {
    this.#size -= 1;
    if (picture !== this.#held) URL.revokeObjectURL(picture.url);
  }
}

/** How many frames begin at `time` or before. */
function countUpTo(set: readonly StyledPicture[], time: number): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
