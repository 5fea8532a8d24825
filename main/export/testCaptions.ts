/** For tests: caption tracks, and pixels of decoded frames. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { rulesFor } from '../../shared/captions/rules.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionStyle, type CaptionTrack, type Cue, type Word } from '../../shared/captions/types.ts';
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { flicks, fromSeconds } from '../../shared/time.ts';

const execute = promisify(execFile);

export function wordAt(text: string, start: number, end: number): Word {
  return { text, start: fromSeconds(start), end: fromSeconds(end), confidence: 1, space: true };
}

export function cueAt(start: number, end: number, text: string, more: Partial<Cue> = {}): Cue {
  return { id: `${start}-${text}`.slice(0, 64), start: fromSeconds(start), end: fromSeconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {}, ...more };
}

export function trackOf(media: Media, cues: Cue[], more: Partial<Omit<CaptionTrack, 'style'>> & { style?: Partial<CaptionStyle> } = {}): CaptionTrack {
  const { style, ...rest } = more;
  return {
    id: 'track', media: media.id, language: 'en', name: 'English', kind: 'speech', cues, speakers: [], rules: rulesFor('en'),
    isDefault: false, streamedUntil: flicks(0), extras: {}, ...rest, style: { ...DEFAULT_CAPTION_STYLE, ...style },
  };
}

export function captionsOf(captions: Partial<ExportedCaptions>): ExportedCaptions {
  return { burn: [], embed: [], sidecar: [], sidecarFormat: 'srt', ...captions };
}

export interface Frame {
  /** Seconds, the file's own. */
  time: number;
  /** RGB, three bytes a pixel, as shown. */
  pixels: Buffer;
}

/** Every frame of a file, upright, in RGB by the matrix the file names. */
export async function framesOf(path: string): Promise<{ width: number; height: number; frames: Frame[] }> {
  const frames = ['-map', '0:v:0', '-fps_mode', 'passthrough'];
  // One run: the pixels by one pipe, sizes and times by the other.
  const { stdout: bytes, stderr } = await execute('ffmpeg', ['-nostdin', '-v', 'error', '-copyts', '-i', path, ...frames, '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1', ...frames, '-enc_time_base', '1/90000', '-f', 'framecrc', 'pipe:2'], { encoding: 'buffer', maxBuffer: 1 << 30 });
  const lines = stderr.toString();
  const [width = 0, height = 0] = (/^#dimensions 0: (\d+)x(\d+)/m.exec(lines) ?? []).slice(1).map(Number);
  const times = lines.split('\n').filter((line) => line.startsWith('0,'));
  const size = width * height * 3;
  const shown = times.map((line, i): Frame => ({ time: Number(line.split(',')[2]) / 90_000, pixels: bytes.subarray(i * size, (i + 1) * size) }));
  return { width, height, frames: shown };
}

/** Smallest rectangle with every pixel that differs by more than `threshold` in a channel; null when none does. */
export function difference(a: Frame, b: Frame, width: number, threshold = 40): { left: number; top: number; right: number; bottom: number } | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  const [first, second] = [a.pixels, b.pixels];
  for (let i = 0; i < first.length; i += 1) {
    if (Math.abs((first[i] ?? 0) - (second[i] ?? 0)) <= threshold) continue;
    const pixel = Math.floor(i / 3);
    const x = pixel % width;
    const y = (pixel - x) / width;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return right < 0 ? null : { left, top, right, bottom };
}

/** How many pixels are within `threshold` of a #rrggbb in every channel. */
export function countOf({ pixels }: Frame, colour: string, threshold = 30): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const near = (value: number | undefined, wanted: number): boolean => Math.abs((value ?? 0) - wanted) <= threshold;
  let count = 0;
  for (let i = 0; i < pixels.length; i += 3) if (near(pixels[i], r) && near(pixels[i + 1], g) && near(pixels[i + 2], b)) count += 1;
  return count;
}
