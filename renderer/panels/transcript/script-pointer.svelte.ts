import type { TranscriptState } from '../../state/transcript.svelte.ts';
import { gapNear, wordBoxes, wordNear, type WordBox } from './hit.ts';

/** Pixels that the pointer moves before a press is a drag. */
const DRAG_PIXELS = 4;
/** Pixels from the edge within which dragging scrolls, and how far with each frame. */
const EDGE = 24;
const SCROLL_STEP = 10;

/** The pointer in the transcript: a click seeks, a drag picks words, a drag of what is picked moves it. */
export class ScriptPointer {
  /** Words are being moved: where they would go, as the index of the word they would stand before. */
  dropAt = $state<number | null>(null);
  #kind: 'none' | 'pick' | 'press' | 'move' = 'none';
  #start = { x: 0, y: 0, word: -1 };
  #at = { x: 0, y: 0 };
  #frame = 0;
  readonly #transcript: TranscriptState;
  readonly #scroller: () => HTMLElement | undefined;

  constructor(transcript: TranscriptState, scroller: () => HTMLElement | undefined) {
    this.#transcript = transcript;
    this.#scroller = scroller;
  }

  get #boxes(): WordBox[] {
    const scroller = this.#scroller();
    return scroller ? wordBoxes(scroller) : [];
  }

  down(event: PointerEvent & { currentTarget: HTMLElement }): void {
    if (event.button !== 0) return;
    const word = wordNear(this.#boxes, event.clientX, event.clientY);
    if (word < 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#start = { x: event.clientX, y: event.clientY, word };
    this.#at = { x: event.clientX, y: event.clientY };
    const { selection } = this.#transcript;
    const inside = selection !== null && selection.to - selection.from > 1 && word >= selection.from && word < selection.to;
    if (event.shiftKey) {
      this.#kind = 'pick';
      this.#transcript.moveTo(word, true);
    } else if (inside) {
      this.#kind = 'press';
    } else {
      this.#kind = 'pick';
      this.#transcript.seekTo(word);
    }
  }

  move(event: PointerEvent): void {
    if (this.#kind === 'none') return;
    this.#at = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(event.clientX - this.#start.x, event.clientY - this.#start.y) >= DRAG_PIXELS;
    if (this.#kind === 'press' && far && this.#transcript.canMove) this.#kind = 'move';
    this.#apply();
    this.#scrollAtEdge();
  }

  #apply(): void {
    const { x, y } = this.#at;
    if (this.#kind === 'pick') {
      const word = wordNear(this.#boxes, x, y);
      if (word >= 0 && word !== this.#transcript.caret) this.#transcript.pickTo(word);
    } else if (this.#kind === 'move') {
      this.dropAt = gapNear(this.#boxes, x, y);
    }
  }

  #scrollAtEdge(): void {
    cancelAnimationFrame(this.#frame);
    const scroller = this.#scroller();
    if (!scroller || (this.#kind !== 'pick' && this.#kind !== 'move')) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    const by = this.#at.y < top + EDGE ? -SCROLL_STEP : this.#at.y > bottom - EDGE ? SCROLL_STEP : 0;
    if (by === 0) return;
    this.#frame = requestAnimationFrame(() => {
      scroller.scrollTop += by;
      this.#apply();
      this.#scrollAtEdge();
    });
  }

  up(): void {
    const kind = this.#kind;
    const { dropAt } = this;
    this.cancel();
    if (kind === 'press') this.#transcript.seekTo(this.#start.word);
    else if (kind === 'move' && dropAt !== null) this.#transcript.move(dropAt);
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    this.#kind = 'none';
    this.dropAt = null;
  }

  get dragging(): boolean {
    return this.#kind === 'move';
  }
}
