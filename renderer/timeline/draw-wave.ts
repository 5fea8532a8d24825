import { crisp, fill, type Brush } from './brush.ts';
import type { Stage } from './stage.ts';
import { columnsOf } from './wave-columns.ts';
import { bucketDuration, levelFor } from './waveform.ts';
import { timeAt, xAt } from './viewport.ts';

/** Peaks as a quiet outline, rms as its body; a flat band where the sound is not read yet. */
export function drawWave(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.wave;
  if (height === 0) return;
  const { colours } = brush.look;
  const { model, view } = { model: stage.props.model, view: stage.view };
  fill(brush, colours.panel, 0, top, stage.width, height);
  const left = Math.max(0, Math.floor(xAt(view, model.start)));
  const right = Math.min(stage.width, Math.ceil(xAt(view, stage.bounds.end)));
  if (right <= left) return;
  const middle = top + height / 2;
  const level = levelFor(view.scale);
  const bucket = bucketDuration(level);
  const leftTime = timeAt(view, left) - model.soundStart;
  const from = Math.floor(leftTime / bucket) - 1;
  const count = Math.ceil(((right - left) * view.scale) / bucket) + 3;
  const samples = model.waveform?.get(level, from, count) ?? null;
  if (!samples) {
    fill(brush, colours.raised, left, middle - height * 0.18, right - left, height * 0.36);
    fill(brush, colours.borderStrong, left, crisp(brush, middle), right - left, 1);
    return;
  }
  const columns = columnsOf(samples, (leftTime - from * bucket) / bucket, view.scale / bucket, right - left);
  const reach = height / 2 - 2;
  drawUnread(brush, columns, left, right - left, middle, height);
  brush.context.fillStyle = colours.muted;
  for (let i = 0; i < right - left; i++) {
    const low = columns[i * 3] as number;
    const high = columns[i * 3 + 1] as number;
    if (high - low > 0) brush.context.fillRect(left + i, middle - Math.min(1, high) * reach, 1, Math.max(1, (Math.min(1, high) - Math.max(-1, low)) * reach));
  }
  brush.context.fillStyle = colours.secondary;
  for (let i = 0; i < right - left; i++) {
    const rms = Math.min(1, columns[i * 3 + 2] as number);
    if (rms * reach >= 0.5) brush.context.fillRect(left + i, middle - rms * reach, 1, 2 * rms * reach);
  }
  fill(brush, colours.borderStrong, left, crisp(brush, middle), right - left, 1 / brush.ratio);
}

/** The band of what is not read yet, in runs of columns without samples. */
function drawUnread(brush: Brush, columns: Float32Array, left: number, count: number, middle: number, height: number): void {
  let start = -1;
  for (let i = 0; i <= count; i++) {
    const unread = i < count && Number.isNaN(columns[i * 3]);
    if (unread && start < 0) start = i;
    if (unread || start < 0) continue;
    fill(brush, brush.look.colours.raised, left + start, middle - height * 0.18, i - start, height * 0.36);
    start = -1;
  }
}
