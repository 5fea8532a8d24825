/** A scripted hand: scrolls and zooms with wheel events, one a frame, as a trackpad sends them. */
import { nextFrame } from './measure.ts';

interface Step {
  readonly milliseconds: number;
  readonly zoom: boolean;
  /** Wheel pixels a frame. */
  readonly delta: number;
  /** Share of the width at which the pointer is. */
  readonly at: number;
}

/** About ten seconds: in to single frames, along them, out half, along, out to the whole file, along and back. */
const STEPS: readonly Step[] = [
  { milliseconds: 1600, zoom: true, delta: -28, at: 0.4 },
  { milliseconds: 1000, zoom: false, delta: 45, at: 0.5 },
  { milliseconds: 900, zoom: true, delta: 28, at: 0.6 },
  { milliseconds: 1300, zoom: false, delta: 70, at: 0.5 },
  { milliseconds: 700, zoom: true, delta: -20, at: 0.3 },
  { milliseconds: 1300, zoom: false, delta: -90, at: 0.5 },
  { milliseconds: 700, zoom: true, delta: 25, at: 0.5 },
  { milliseconds: 1200, zoom: false, delta: 140, at: 0.5 },
  { milliseconds: 800, zoom: true, delta: 29, at: 0.7 },
  { milliseconds: 500, zoom: false, delta: -60, at: 0.5 },
];

export async function scrollAndZoom(surface: HTMLElement): Promise<void> {
  const box = surface.getBoundingClientRect();
  for (const step of STEPS) {
    const until = performance.now() + step.milliseconds;
    while (performance.now() < until) {
      await nextFrame();
      const [deltaX, deltaY] = step.zoom ? [0, step.delta] : [step.delta, 0];
      surface.dispatchEvent(new WheelEvent('wheel', { deltaX, deltaY, ctrlKey: step.zoom, clientX: box.left + box.width * step.at, clientY: box.top + box.height * 0.35, bubbles: true, cancelable: true }));
    }
  }
}
