import type { Cue } from '../../../shared/captions/types.ts';
import type { Flicks } from '../../../shared/time.ts';
import { countBegun } from '../../state/cue-times.ts';
import type { WaveformSource } from '../../timeline/types.ts';
import { columnsOf } from '../../timeline/wave-columns.ts';
import { bucketDuration, levelFor } from '../../timeline/waveform.ts';
import type { StripView } from './strip.ts';

export interface Strip {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly view: StripView;
  /** Null until there is one. */
  readonly source: WaveformSource | null;
  /** Media time of the sound's first bucket. */
  readonly soundStart: Flicks;
  readonly cues: readonly Cue[];
  /** Id of the cue worked on. */
  readonly current: string | null;
  readonly cuts: readonly Flicks[];
}

/** Cues as bands, shot cuts as dashed lines, and the sound over them. */
export function drawStrip(canvas: HTMLCanvasElement, strip: Strip): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height, view } = strip;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const look = getComputedStyle(canvas);
  const colour = (name: string): string => look.getPropertyValue(name).trim();
  const xOf = (time: number): number => ((time - view.start) / (view.end - view.start)) * width;
  const first = Math.max(0, countBegun(strip.cues, view.start) - 8);
  for (const cue of strip.cues.slice(first, countBegun(strip.cues, view.end))) {
    context.fillStyle = colour(cue.id === strip.current ? '--accent-quiet' : '--n6');
    context.fillRect(xOf(cue.start), 0, Math.max(1, xOf(cue.end) - xOf(cue.start)), height);
  }
  drawWave(context, strip, colour('--n10'));
  context.strokeStyle = colour('--cut');
  context.setLineDash([2, 3]);
  context.beginPath();
  for (const cut of strip.cuts) {
    if (cut < view.start || cut > view.end) continue;
    const x = Math.round(xOf(cut)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
}

function drawWave(context: CanvasRenderingContext2D, { width, height, view, source, soundStart }: Strip, colour: string): void {
  const scale = (view.end - view.start) / width;
  const level = levelFor(scale);
  const bucket = bucketDuration(level);
  const left = view.start - soundStart;
  const from = Math.floor(left / bucket) - 1;
  const samples = source?.get(level, from, Math.ceil((width * scale) / bucket) + 3) ?? null;
  source?.flush();
  context.fillStyle = colour;
  const middle = height / 2;
  if (!samples) {
    context.fillRect(0, middle, width, 1);
    return;
  }
  const columns = columnsOf(samples, (left - from * bucket) / bucket, scale / bucket, width);
  for (let x = 0; x < width; x += 1) {
    const low = columns[x * 3] ?? NaN;
    const high = columns[x * 3 + 1] ?? NaN;
    if (high >= low) context.fillRect(x, middle - high * (middle - 2), 1, Math.max(1, (high - low) * (middle - 2)));
  }
}
