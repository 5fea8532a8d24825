/** One stream of ffprobe's answer in the app's terms. */
import type { AudioStream, OtherStream, Stream, VideoStream } from '../../shared/media.ts';
import { fromSeconds, fromTicks, toSeconds, ZERO, type Flicks, type Rational } from '../../shared/time.ts';
import { parseRational, type ProbedStream } from './probeSchema.ts';

const SQUARE: Rational = { num: 1, den: 1 };
const MICROSECONDS: Rational = { num: 1, den: 1_000_000 };

/** A video stream whose size is not known can't be decoded: it counts as data. Cover art is a picture, not the video. */
export function toStream(probed: ProbedStream): Stream {
  if (probed.codec_type === 'audio' && (probed.sample_rate ?? 0) > 0) return toAudio(probed);
  if (probed.codec_type !== 'video') return toOther(probed);
  if (probed.disposition['attached_pic'] || probed.disposition['timed_thumbnails']) return { ...toOther(probed), kind: 'picture' };
  const { width, height } = probed;
  return width !== null && height !== null && width > 0 && height > 0 ? toVideo(probed, width, height) : toOther(probed);
}

function toOther(probed: ProbedStream): OtherStream {
  const kind = probed.codec_type === 'subtitle' || probed.codec_type === 'attachment' ? probed.codec_type : 'data';
  return { kind, index: probed.index, codec: probed.codec_name, language: languageOf(probed) };
}

function toAudio(probed: ProbedStream): AudioStream {
  return {
    kind: 'audio',
    index: probed.index,
    codec: probed.codec_name ?? 'unknown',
    profile: probed.profile,
    sampleRate: probed.sample_rate ?? 0,
    channels: probed.channels ?? 0,
    channelLayout: probed.channel_layout,
    ...timesOf(probed),
    bitRate: probed.bit_rate,
    language: languageOf(probed),
    isDefault: Boolean(probed.disposition['default']),
  };
}

function toVideo(probed: ProbedStream, width: number, height: number): VideoStream {
  const rotation = rotationOf(probed);
  const sampleAspect = parseRational(probed.sample_aspect_ratio) ?? SQUARE;
  const times = timesOf(probed);
  const average = parseRational(probed.avg_frame_rate);
  const base = parseRational(probed.r_frame_rate);
  const format = probed.pix_fmt;
  return {
    kind: 'video',
    index: probed.index,
    codec: probed.codec_name ?? 'unknown',
    profile: probed.profile,
    width,
    height,
    ...displaySize(width, height, sampleAspect, rotation),
    rotation,
    sampleAspect,
    frameRate: average ?? base ?? { num: 25, den: 1 },
    variableRate: isVariable(average, base, times.duration, probed.field_order),
    timeBase: parseRational(probed.time_base) ?? MICROSECONDS,
    pixelFormat: format,
    bitDepth: bitDepthOf(format, probed.bits_per_raw_sample),
    hasAlpha: /^(yuva|gbrap|ya\d|rgba|bgra|argb|abgr|pal8)/.test(format ?? '') || probed.tags.get('alpha_mode') === '1',
    hdr: probed.color_transfer === 'smpte2084' ? 'pq' : probed.color_transfer === 'arib-std-b67' ? 'hlg' : 'none',
    colour: {
      space: known(probed.color_space),
      primaries: known(probed.color_primaries),
      transfer: known(probed.color_transfer),
      range: known(probed.color_range),
    },
    fieldOrder: known(probed.field_order),
    ...times,
    frames: probed.nb_frames !== null && probed.nb_frames > 0 ? probed.nb_frames : null,
    bitRate: probed.bit_rate,
    language: languageOf(probed),
    isDefault: Boolean(probed.disposition['default']),
  };
}

function known(value: string | null): string | null {
  return value === 'unknown' || value === 'unspecified' || value === 'reserved' ? null : value;
}

function languageOf(probed: ProbedStream): string | null {
  const language = probed.tags.get('language') ?? null;
  return language === 'und' ? null : language;
}

/** Start, and length where the container says it: as ticks, as seconds, or as Matroska's DURATION tag. */
function timesOf(probed: ProbedStream): { startTime: Flicks; duration: Flicks | null } {
  const base = parseRational(probed.time_base);
  const ticks = (count: number | null): Flicks | null => (base && count !== null && Number.isSafeInteger(count) ? fromTicks(count, base) : null);
  const startTime = ticks(probed.start_pts) ?? ZERO;
  const seconds = probed.duration ?? tagSeconds(probed.tags.get('duration'));
  const duration = ticks(probed.duration_ts) ?? (seconds === null ? null : fromSeconds(seconds));
  return { startTime, duration: duration !== null && duration > 0 ? duration : null };
}

function tagSeconds(value: string | undefined): number | null {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(value ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null;
}

/**
 * Clockwise degrees from the display matrix, whose angle ffprobe prints counter-clockwise. It alone counts: ffmpeg turns
 * pictures by it and ignores a bare `rotate` tag (mov and mp4 files that have the tag have the matrix too).
 */
function rotationOf(probed: ProbedStream): number {
  const matrix = probed.side_data_list.find((data) => data.side_data_type === 'Display Matrix');
  const clockwise = -(matrix?.rotation ?? 0);
  const quarter = Math.round(clockwise / 90) * 90;
  // ffmpeg turns by other angles without changing the picture's size.
  if (Math.abs(clockwise - quarter) > 1) return 0;
  return ((quarter % 360) + 360) % 360;
}

/** As Chromium does: the short direction of a pixel is stretched, nothing is shrunk; then the picture is turned. */
function displaySize(width: number, height: number, aspect: Rational, rotation: number): { displayWidth: number; displayHeight: number } {
  const wide = aspect.num >= aspect.den ? Math.round((width * aspect.num) / aspect.den) : width;
  const high = aspect.num < aspect.den ? Math.round((height * aspect.den) / aspect.num) : height;
  return rotation % 180 === 0 ? { displayWidth: wide, displayHeight: high } : { displayWidth: high, displayHeight: wide };
}

/**
 * True when average and base rate are more than a frame apart over the stream's length (the last frame's
 * duration alone makes them differ a little). Interlaced streams may have the field rate as their base.
 */
function isVariable(average: Rational | null, base: Rational | null, duration: Flicks | null, fieldOrder: string | null): boolean {
  if (!average || !base) return false;
  const averageRate = average.num / average.den;
  let baseRate = base.num / base.den;
  if (fieldOrder && !['progressive', 'unknown'].includes(fieldOrder) && baseRate > 1.5 * averageRate) baseRate /= 2;
  const difference = Math.abs(averageRate - baseRate);
  return duration === null ? difference > 0.001 * averageRate : difference * toSeconds(duration) > 1;
}

/** Bits a component, from the pixel format's name ("yuv420p10le", "p010le", "gbrap12be", "x2rgb10le"). */
function bitDepthOf(format: string | null, rawBits: number | null): number {
  if (format === null) return rawBits !== null && rawBits > 0 ? rawBits : 8;
  if (/^(rgb|bgr)48|^(rgba|bgra)64|^ayuv64/.test(format)) return 16;
  const planar = /p(9|1[0246])(le|be)$/.exec(format) ?? /^(?:gray|ya|x2rgb|x2bgr)(9|1[0246])(le|be)$/.exec(format);
  // p010, p216, y210, y416 and their like: the last two digits are the depth.
  const packed = /^[pyx][v0-9](1[0246])(le|be)$/.exec(format);
  return Number(planar?.[1] ?? packed?.[1] ?? 8);
}
