/** DOM events of the canvas as gestures. */
import type { Gestures, PointAt } from './gestures.ts';

/** Ctrl, or Cmd on a Mac. */
export const commandKey = (event: { ctrlKey: boolean; metaKey: boolean }): boolean => event.ctrlKey || event.metaKey;

/** Wheel lines and pages as pixels. */
const LINE = 16;
const wheelUnit = (event: WheelEvent, page: number): number => (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? page : 1);

/** Listens until the returned function is called. */
export function listenToPointer(element: HTMLElement, gestures: Gestures, dragging: () => boolean): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const at = (event: MouseEvent): PointAt => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, button: event.button, shiftKey: event.shiftKey, altKey: event.altKey, commandKey: commandKey(event) };
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    // The focus goes to the lane, not to what the browser would pick; a middle press must not start its own scrolling.
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    gestures.press(at(event));
  }, { signal });
  element.addEventListener('pointermove', (event) => gestures.move(at(event)), { signal });
  element.addEventListener('pointerup', () => gestures.release(), { signal });
  element.addEventListener('pointercancel', () => gestures.cancel(), { signal });
  element.addEventListener('pointerleave', () => gestures.leave(), { signal });
  element.addEventListener('dblclick', (event) => gestures.doublePress(at(event)), { signal });
  element.addEventListener('wheel', (event) => {
    event.preventDefault();
    const { x, y } = at(event);
    const unit = wheelUnit(event, element.clientWidth);
    gestures.wheel({ x, y, deltaX: event.deltaX * unit, deltaY: event.deltaY * unit, zoom: commandKey(event) });
  }, { signal, passive: false });
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !dragging()) return;
    event.preventDefault();
    event.stopPropagation();
    gestures.cancel();
  }, { signal, capture: true });
  return () => stop.abort();
}
