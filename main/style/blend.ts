/** A generator's picture laid over the source, and what stands behind the people: plain loops over bytes, 6 ms at 854x480: a graph would take bytes to floats and back. */
import type { StyleArea } from '../../shared/style/types.ts';
import { blurredBehind } from './backgroundBlur.ts';
import type { BackgroundNow } from './questions.ts';
import type { RgbFrame } from './types.ts';

/** Luma of BT.709, as most video is written. */
const [RED, GREEN, BLUE] = [0.2126, 0.7152, 0.0722] as const;

export interface Layer {
  /** 0 to 1. */
  strength: number;
  keepColours: boolean;
  area: StyleArea;
  /** People, one byte a pixel; null where nothing asks for them. */
  alpha: Uint8Array | null;
}

/** `styled` over `source`: strength 0 is the source, byte for byte, 1 the styled picture. Both are of one size. */
export function blended(source: RgbFrame, styled: RgbFrame, { strength, keepColours, area, alpha }: Layer): RgbFrame {
  if (strength <= 0) return source;
  if (strength >= 1 && area === 'everything' && !keepColours) return styled;
  const { width, height } = source;
  const [under, over, out] = [source.data, styled.data, new Uint8Array(source.data.length)];
  const people = area === 'people';
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 3) {
    const part = area === 'everything' || !alpha ? 255 : people ? (alpha[pixel] ?? 0) : 255 - (alpha[pixel] ?? 0);
    const share = (strength * part) / 255;
    const [r, g, b] = [under[at] ?? 0, under[at + 1] ?? 0, under[at + 2] ?? 0];
    const [red, green, blue] = [(over[at] ?? 0) - r, (over[at + 1] ?? 0) - g, (over[at + 2] ?? 0) - b];
    // The same step for all three channels changes the luma and leaves the two differences of colour as they are.
    const step = RED * red + GREEN * green + BLUE * blue;
    out[at] = clamped(r + share * (keepColours ? step : red));
    out[at + 1] = clamped(g + share * (keepColours ? step : green));
    out[at + 2] = clamped(b + share * (keepColours ? step : blue));
  }
  return { width, height, data: out };
}

const clamped = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value + 0.5);

/** The picture with something else behind its people. `remove` leaves the pixels: the alpha goes beside them. */
export function withBackground(picture: RgbFrame, alpha: Uint8Array, background: BackgroundNow): RgbFrame {
  switch (background.mode) {
    case 'remove':
      return picture;
    case 'blur':
      return over(picture, alpha, blurredBehind(picture, alpha, background.amount));
    case 'picture':
      return over(picture, alpha, background.pixels);
    case 'colour':
      return overColour(picture, alpha, background.rgb);
  }
}

function over(picture: RgbFrame, alpha: Uint8Array, behind: Uint8Array): RgbFrame {
  const { width, height, data } = picture;
  const out = new Uint8Array(data.length);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++) {
    const share = (alpha[pixel] ?? 0) / 255;
    for (const end = at + 3; at < end; at++) out[at] = (behind[at] ?? 0) * (1 - share) + (data[at] ?? 0) * share + 0.5;
  }
  return { width, height, data: out };
}

function overColour(picture: RgbFrame, alpha: Uint8Array, rgb: readonly [number, number, number]): RgbFrame {
  const behind = new Uint8Array(picture.data.length);
  for (let at = 0; at < behind.length; at += 3) {
    behind[at] = rgb[0];
    behind[at + 1] = rgb[1];
    behind[at + 2] = rgb[2];
  }
  return over(picture, alpha, behind);
}
