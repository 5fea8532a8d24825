/**
 * The pictures made of a frame, as ffmpeg filters. How each model must be fed was measured against its source: another
 * scaler or stretching where it expects a crop changes its results.
 */
import type { Box } from '../../shared/events.ts';
import type { VideoStream } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';
import { hasFilters } from './ffmpeg.ts';

export const SMALL = { width: 48, height: 27 } as const;
export const CLASSIFY_SIDE = 224;
export const DETECT_SIDE = 512;
export const FACE_SIDE = 256;
/** Long side of a stored picture. */
export const PICTURE_SIDE = 640;

export const smallBytes = SMALL.width * SMALL.height * 3;
export const squareBytes = (side: number): number => side * side * 3;

/** Picks the first frame of each step, counted from time 0: a run that begins in the middle picks the same frames. */
export function everyStep(seconds: number): string {
  return `select=isnan(prev_t)+gt(floor(t/${seconds})\\,floor(prev_t/${seconds}))`;
}

/** Picks the frames of exactly these times, in order, and reads no further than the last. */
export function exactly(video: VideoStream, times: readonly Flicks[]): string {
  const picks = times.map((time) => `eq(pts\\,${ticksOf(video, time)})`);
  return `${upTo(video, flicks(Math.max(...times)))},select=${picks.join('+')}`;
}

/** Ends the stream after the frame of this time. */
export function upTo(video: VideoStream, time: Flicks): string {
  return `trim=end_pts=${ticksOf(video, time) + 1}`;
}

function ticksOf(video: VideoStream, time: Flicks): number {
  const { num, den } = video.timeBase;
  return Math.round((time * den) / (num * FLICKS_PER_SECOND));
}

/** For TransNetV2: exactly this scaler, no more flags. */
export const smallFilter = `scale=${SMALL.width}:${SMALL.height}:flags=bicubic,format=rgb24`;

/** For EfficientNet-lite0: the centre square of 0.875 x the short side as shown, then bicubic to 224. */
export function classifyFilter(video: VideoStream): string {
  const { across, down } = stretchOf(video);
  const side = `0.875*min(iw*${across}\\,ih*${down})`;
  return `crop=w=${side}/${across}:h=${side}/${down},scale=${CLASSIFY_SIDE}:${CLASSIFY_SIDE}:flags=bicubic,format=rgb24`;
}

/** For CenterNet: stretched, as the original does. */
export const detectFilter = `scale=${DETECT_SIDE}:${DETECT_SIDE}:flags=bicubic,format=rgb24`;

/** For BlazeFace: the whole picture as shown, letterboxed in black. */
export function faceFilter(video: VideoStream): string {
  const { x, y, width, height } = letterbox(video);
  return `scale=${width}:${height}:flags=bicubic,format=rgb24,pad=${FACE_SIDE}:${FACE_SIDE}:${x}:${y}:black`;
}

/** Where the picture lies in the letterboxed square, in its pixels. */
export function letterbox(video: VideoStream): { x: number; y: number; width: number; height: number } {
  const { width, height } = fitWithin(video, FACE_SIDE, false);
  return { x: Math.floor((FACE_SIDE - width) / 2), y: Math.floor((FACE_SIDE - height) / 2), width, height };
}

/** A box in the letterboxed square (x, y, width, height, each 0 to 1 of the square) as a box of the frame as shown, clipped to it. */
export function faceBox(video: VideoStream, box: Box): Box {
  const picture = letterbox(video);
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const left = clip((box[0] * FACE_SIDE - picture.x) / picture.width);
  const top = clip((box[1] * FACE_SIDE - picture.y) / picture.height);
  const right = clip(((box[0] + box[2]) * FACE_SIDE - picture.x) / picture.width);
  const bottom = clip(((box[1] + box[3]) * FACE_SIDE - picture.y) / picture.height);
  return [left, top, right - left, bottom - top];
}

/** Size as shown with the long side at most `side`; even numbers when asked (4:2:0 encoders need them). Never enlarged when even. */
export function fitWithin(video: VideoStream, side: number, even: boolean): { width: number; height: number } {
  const long = Math.max(video.displayWidth, video.displayHeight);
  const factor = even ? Math.min(1, side / long) : side / long;
  const size = (pixels: number): number => (even ? Math.max(2, Math.round((pixels * factor) / 2) * 2) : Math.max(1, Math.round(pixels * factor)));
  return { width: size(video.displayWidth), height: size(video.displayHeight) };
}

/** Size as shown at `height` pixels high. */
export function sizeAtHeight(video: VideoStream, height: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round((video.displayWidth * height) / video.displayHeight)), height };
}

/** Whether this video's colours need mapping to an ordinary screen, and this ffmpeg can do it. */
export async function needsToneMap(video: VideoStream): Promise<boolean> {
  return video.hdr !== 'none' && (await hasFilters('zscale', 'tonemap'));
}

/**
 * Filters from a decoded frame to a picture as shown, `size` pixels: scaled (which undoes the sample aspect; ffmpeg has
 * turned it before), HDR mapped to BT.709.
 * The scaling comes first: tone mapping in floats is slow at full size.
 */
export function pictureFilters(video: VideoStream, size: { width: number; height: number }, toneMap: boolean): string {
  const scale = `scale=${size.width}:${size.height}:flags=bicubic`;
  if (!toneMap) return `${scale}:in_color_matrix=${matrixOf(video)},setsar=1`;
  const transfer = video.hdr === 'pq' ? 'smpte2084' : 'arib-std-b67';
  return [
    scale,
    // zscale takes no odd size where chroma samples cover two pixels.
    'format=yuv444p10le',
    // 203 cd/m2 is reference white of HDR (ITU-R BT.2408).
    `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=limited',
    'format=yuv444p',
    'setsar=1',
  ].join(',');
}

/** Last filters before a JPEG encoder: JFIF means BT.601 and full range. */
export function jpegFilters(video: VideoStream, size: { width: number; height: number }, toneMap: boolean): string {
  const matrix = toneMap ? 'bt709' : matrixOf(video);
  return `${pictureFilters(video, size, toneMap)},scale=in_color_matrix=${matrix}:out_color_matrix=bt601:out_range=full,format=yuvj420p`;
}

/** Colour matrix of a video; untagged HD is BT.709 by convention, where ffmpeg would assume BT.601. RGB needs none. */
export function matrixOf(video: VideoStream): string {
  switch (video.colour.space) {
    case 'bt709':
      return 'bt709';
    case 'bt2020nc':
    case 'bt2020c':
      return 'bt2020';
    case 'smpte240m':
      return 'smpte240m';
    case 'fcc':
      return 'fcc';
    case null:
      return video.height > 576 ? 'bt709' : 'bt601';
    default:
      return 'bt601';
  }
}

/** How much a coded pixel is stretched across and down when shown, after turning. */
function stretchOf(video: VideoStream): { across: number; down: number } {
  const turned = video.rotation % 180 !== 0;
  return {
    across: video.displayWidth / (turned ? video.height : video.width),
    down: video.displayHeight / (turned ? video.width : video.height),
  };
}
