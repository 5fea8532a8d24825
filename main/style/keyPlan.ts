/** Where the key frames of a shot lie, decided while its frames come in. */
import type { Generator } from './questions.ts';

/**
 * Spacings that are tried, widest first, in frames, each with the worst motion that it bears (`Questions.motion.error`, levels). A still camera has 0.3,
 * film with a moving camera 4 to 7, people who walk past 10 to 17.
 */
export type KeyPlan = readonly (readonly [spacing: number, limit: number])[];

/** Most frames that are read ahead of a key frame, whatever their size. */
export const MOST_AHEAD = 16;
/** Most memory that frames read ahead take, bytes. */
const AHEAD_BYTES = 160 * 1024 * 1024;

/** A still shot looks the same whatever the spacing; elsewhere six frames are as near as a sixth of the time of painting all allows (a film: SSIM .949 beside .941 at twelve). */
const VINTAGE: KeyPlan = [[16, 0.5], [6, 18], [5, 26], [2, 40], [1, Infinity]];
/** Rounding draws another texture at every key: fewer pulse less. */
const ROUNDED: KeyPlan = [[16, 2], [12, 6], [10, 18], [5, 26], [2, 40], [1, Infinity]];
/** Paintings change with every stroke, which ten frames hide: keys have half of the texture of the one before. */
const PAINTED: KeyPlan = [[10, 6], [8, 18], [5, 26], [2, 40], [1, Infinity]];
/** The style of a picture is coarse: its texture is 384 pixels wide. */
const PICTURED: KeyPlan = [[14, 6], [12, 18], [6, 26], [2, 40], [1, Infinity]];

/**
 * Keys nearer than this would show how the tone of each differs: all but the first are normalised by that one's statistics. Wider apart, each by its own is nearer to
 * the plain output and as steady (five frames apart in a street: CIEDE2000 1.81 beside 1.91, warping error 2.35 beside 2.34).
 */
export const CLOSE = 5;

/** Frames of this size may be too large to hold many of them. */
export function planFor(generator: Generator, frameBytes: number): KeyPlan {
  const most = Math.max(1, Math.min(MOST_AHEAD, Math.floor(AHEAD_BYTES / frameBytes)));
  return planOf(generator).filter(([spacing]) => spacing <= most);
}

function planOf(generator: Generator): KeyPlan {
  if (generator.id === 'painter') return PAINTED;
  if (generator.id === 'picture') return PICTURED;
  return generator.id === 'vintage' && generator.int8 ? ROUNDED : VINTAGE;
}

/**
 * The last key of a shot, counted from the key before it: null where `left` frames are so few that they follow the last key alone. A key lies two
 * thirds of the way, so that what lies behind it is half as long as what lies before.
 */
export function lastKey(left: number, spacing: number): number | null {
  return left <= spacing / 2 ? null : Math.max(1, Math.round((left * 2) / 3));
}

/** The first key of a shot lies half a spacing in: the frames before it follow it alone. `frames`: the whole shot where it is shorter, or the spacing. */
export const firstKey = (frames: number): number => Math.floor(Math.max(0, frames - 1) / 2);
