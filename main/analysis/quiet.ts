/**
 * Stretches of film where nothing changes (slides, title cards, a still camera on a still thing) hold no shot
 * boundary and need no model. Rule, measured on slides and static footage: every frame within 2 levels, in
 * every channel of every pixel, of all frames up to 12 before it. At 4 levels real cuts were lost.
 */
const LEVELS = 2;
const SPAN = 12;

/** Watches frames in order and remembers where the last change was seen. */
export class QuietWatch {
  #recent: Uint8Array[] = [];
  /** Frames that differ from one up to `SPAN` before them; oldest first, bounded. */
  #restless: number[] = [];

  push(index: number, frame: Uint8Array): void {
    // Newest first: in moving pictures the very first comparison ends it.
    let quiet = true;
    for (let i = this.#recent.length - 1; i >= 0 && quiet; i--) quiet = within(frame, this.#recent[i]);
    if (!quiet) this.#restless.push(index);
    this.#recent.push(frame);
    if (this.#recent.length > SPAN) this.#recent.shift();
    if (this.#restless.length > 4096) this.#restless.splice(0, 2048);
  }

  /** True when nothing changes from `SPAN` frames before `from` to `SPAN` after `to` (exclusive), as far as was seen. */
  isQuiet(from: number, to: number): boolean {
    for (let i = this.#restless.length - 1; i >= 0; i--) {
      const index = this.#restless[i] ?? 0;
      if (index < from - SPAN) return true;
      if (index < to + SPAN) return false;
    }
    return true;
  }
}

function within(a: Uint8Array, b: Uint8Array | undefined): boolean {
  if (!b) return true;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference > LEVELS || difference < -LEVELS) return false;
  }
  return true;
}
