/** A canvas context with what every drawing function needs: the look, crisp edges, measured text. */
import { elide, elideMiddle } from './chips.ts';
import type { Look } from './colours.ts';

export type Context2D = CanvasRenderingContext2D;

export interface Brush {
  readonly context: Context2D;
  readonly look: Look;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** Widths are asked for again and again while scrolling; measuring is what costs. */
const widths = new Map<string, number>();
const WIDTHS_KEPT = 20_000;

export function measure(context: Context2D, font: string, text: string): number {
  const key = `${font}\n${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (context.font !== font) context.font = font;
  const width = context.measureText(text).width;
  if (widths.size >= WIDTHS_KEPT) widths.clear();
  widths.set(key, width);
  return width;
}

/** Nearest device pixel, in CSS pixels. */
export const crisp = (brush: Brush, value: number): number => Math.round(value * brush.ratio) / brush.ratio;

export function fill(brush: Brush, colour: string, x: number, y: number, width: number, height: number): void {
  brush.context.fillStyle = colour;
  const left = crisp(brush, x);
  brush.context.fillRect(left, y, crisp(brush, x + width) - left, height);
}

/** A line `thick` CSS pixels wide whose middle is at `x`, on whole device pixels. */
export function verticalLine(brush: Brush, colour: string, x: number, y: number, height: number, thick = 1): void {
  brush.context.fillStyle = colour;
  brush.context.fillRect(crisp(brush, x - thick / 2), y, Math.max(1 / brush.ratio, crisp(brush, thick)), height);
}

/** Text from `x` on, its middle at `y`, cut to `room` pixels at its end or in its middle; nothing when less than two letters fit. */
export function write(brush: Brush, text: string, x: number, y: number, style: { font: string; colour: string; room?: number; cut?: 'end' | 'middle' }): void {
  const { context } = brush;
  const shorten = style.cut === 'middle' ? elideMiddle : elide;
  const shown = style.room === undefined ? text : shorten(text, style.room, (part) => measure(context, style.font, part));
  if (shown === null) return;
  if (context.font !== style.font) context.font = style.font;
  context.fillStyle = style.colour;
  context.textBaseline = 'middle';
  context.fillText(shown, crisp(brush, x), y + 0.5);
}

export function triangle(brush: Brush, colour: string, points: readonly [number, number, number, number, number, number]): void {
  const { context } = brush;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(points[0], points[1]);
  context.lineTo(points[2], points[3]);
  context.lineTo(points[4], points[5]);
  context.fill();
}

export function roundedRect(context: Context2D, x: number, y: number, width: number, height: number, radius: number): void {
  context.beginPath();
  context.roundRect(x, y, Math.max(0, width), height, Math.min(radius, Math.max(0, width) / 2));
}

/** Runs `draw` with everything outside the rectangle cut off. */
export function clipped(brush: Brush, x: number, y: number, width: number, height: number, draw: () => void): void {
  const { context } = brush;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}
