/** Figures as people read them, in the window's language. */
import { getLocale, m } from '../../shared/i18n/index.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Rational } from '../../shared/time.ts';

const number = (value: number, digits: number): string =>
  new Intl.NumberFormat(getLocale(), { maximumFractionDigits: digits }).format(value);

/** "1,234". */
export const formatCount = (value: number): string => number(value, 0);

/** "4.2 GB": powers of 1000, as file managers count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value, value < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? ''}`;
}

/** "23.976", "25": frames a second without trailing noughts. */
export const formatRate = (rate: Rational): string => number(rate.num / rate.den, 3);

export const formatPercent = (share: number): string =>
  new Intl.NumberFormat(getLocale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);

/** "5.3 Mb/s". */
export function formatBitRate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e6 ? `${number(bitsPerSecond / 1e6, 1)} Mb/s` : `${number(bitsPerSecond / 1e3, 0)} kb/s`;
}

/** "about 2 min": seconds left, coarser the longer. */
export function formatEta(seconds: number): string {
  if (seconds < 60) return m.panels_eta_seconds({ n: Math.max(1, Math.round(seconds)) });
  if (seconds < 3600) return m.panels_eta_minutes({ n: Math.round(seconds / 60) });
  return m.panels_eta_hours({ hours: Math.floor(seconds / 3600), minutes: Math.round((seconds % 3600) / 60) });
}

/** "312 frames/s", "4.1× speed", "23 MB/s": the rate of a progress in its unit. */
export function formatProgressRate(progress: ProgressEvent): string {
  switch (progress.unit) {
    case 'frames':
      return m.panels_rate_frames({ rate: number(progress.rate, progress.rate < 10 ? 1 : 0) });
    case 'seconds':
      return m.panels_rate_seconds({ rate: number(progress.rate, 1) });
    case 'bytes':
      return m.panels_rate_bytes({ rate: formatBytes(progress.rate) });
    case 'items':
      return m.panels_rate_items({ rate: number(progress.rate, 1) });
  }
}

/** "1.24 s": a short time. */
export const formatSeconds = (seconds: number): string => m.panels_seconds({ n: number(seconds, seconds < 10 ? 2 : 1) });

/** 0 to 1; null while the whole is unknown. */
export function shareOf(progress: ProgressEvent | null): number | null {
  if (!progress || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, progress.done / progress.total);
}

const CODECS: Record<string, string> = {
  h264: 'H.264',
  hevc: 'HEVC',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  prores: 'ProRes',
  mpeg4: 'MPEG-4',
  mpeg2video: 'MPEG-2',
  mjpeg: 'Motion JPEG',
  dnxhd: 'DNxHD',
  aac: 'AAC',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Vorbis',
  flac: 'FLAC',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
  alac: 'ALAC',
};
export function codecName(codec: string): string {
  return CODECS[codec] ?? (codec.startsWith('pcm_') ? 'PCM' : codec.toUpperCase());
}

/** ffprobe names a family ("mov,mp4,m4a,…"): the one that the file's extension says, else the first. */
export function formatName(format: string, fileName: string): string {
  const family = format.split(',');
  const extension = fileName.split('.').at(-1)?.toLowerCase() ?? '';
  const name = family.includes(extension) ? extension : (family[0] ?? format);
  return name === 'matroska' ? 'Matroska' : name.toUpperCase();
}
