/** What ffprobe prints, read tolerantly: a missing or odd field is null, never a failure. Checked with ffmpeg 5.1 to 8. */
import { z } from 'zod';
import type { Rational } from '../../shared/time.ts';

const text = z.string().nullable().catch(null).default(null);
/** ffprobe prints some numbers as strings and "N/A" for unknown. */
const number = z.coerce.number().finite().nullable().catch(null).default(null);
const tags = z
  .record(z.string(), z.coerce.string())
  .catch({})
  .default({})
  .transform((record) => new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value])));
const flags = z.record(z.string(), z.coerce.number().catch(0)).catch({}).default({});

const sideDataSchema = z.object({ side_data_type: text, rotation: number });

export const probedStreamSchema = z.object({
  index: z.number().int(),
  codec_type: text,
  codec_name: text,
  profile: z.coerce.string().nullable().catch(null).default(null),
  width: number,
  height: number,
  sample_aspect_ratio: text,
  pix_fmt: text,
  bits_per_raw_sample: number,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  field_order: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  time_base: text,
  start_pts: number,
  duration_ts: number,
  duration: number,
  nb_frames: number,
  bit_rate: number,
  sample_rate: number,
  channels: number,
  channel_layout: text,
  disposition: flags,
  tags,
  side_data_list: z.array(sideDataSchema).catch([]).default([]),
});
export type ProbedStream = z.infer<typeof probedStreamSchema>;

export const probedSchema = z.object({
  streams: z.array(z.unknown()).catch([]).default([]),
  format: z.object({ format_name: text, start_time: number, duration: number, bit_rate: number, tags }).nullable().catch(null).default(null),
});
export type Probed = z.infer<typeof probedSchema>;

/** ffprobe's "30000/1001" or "16:15"; null for "0/0", "N/A" and the like. */
export function parseRational(value: string | null): Rational | null {
  const match = /^(\d+)[/:](\d+)$/.exec(value ?? '');
  if (!match) return null;
  const num = Number(match[1]);
  const den = Number(match[2]);
  return num > 0 && den > 0 ? { num, den } : null;
}
