/**
 * Time that scripts take in each frame: every animation-frame callback and every handler of an input event, measured
 * around the call. Installed before the timeline is mounted.
 */
export interface FrameTimes {
  /** Milliseconds of script in each frame. */
  readonly script: number[];
  /** Milliseconds from each frame's start to the next. */
  readonly apart: number[];
}

let current = 0;
let recording: { script: number[]; apart: number[] } | null = null;
let lastFrame = 0;
const nativeFrame = window.requestAnimationFrame.bind(window);

function timed<T, A extends unknown[]>(callback: (this: T, ...args: A) => void): (this: T, ...args: A) => void {
  return function (...args) {
    const start = performance.now();
    try {
      callback.apply(this, args);
    } finally {
      current += performance.now() - start;
    }
  };
}

export function installMeasure(): void {
  window.requestAnimationFrame = (callback) => nativeFrame(timed((now: number) => callback(now)));
  const add = EventTarget.prototype.addEventListener;
  const measured = new Set(['wheel', 'pointermove', 'pointerdown', 'pointerup']);
  EventTarget.prototype.addEventListener = function (type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions) {
    const wrapped = measured.has(type) && typeof listener === 'function' ? timed(listener) : listener;
    add.call(this, type, wrapped, options);
  };
}

function beat(now: number): void {
  if (!recording) return;
  if (lastFrame > 0) {
    recording.script.push(current);
    recording.apart.push(now - lastFrame);
  }
  current = 0;
  lastFrame = now;
  nativeFrame(beat);
}

/** Measures until `work` is done. */
export async function measureFrames(work: () => Promise<void>): Promise<FrameTimes> {
  recording = { script: [], apart: [] };
  lastFrame = 0;
  nativeFrame(beat);
  await work();
  const result = recording;
  recording = null;
  return result;
}

export const nextFrame = (): Promise<number> => new Promise((resolve) => nativeFrame(resolve));
