/** Faces followed from frame to frame, so that each keeps its square: what jumps by a pixel in the square jumps as a whole in the styled face. */
import type { Networks } from '../networks.ts';
import type { FaceTrack, Square } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import { alignedSquare, detectFaces, refinedSquare } from './align.ts';

/** A face that isn't found stays where it was for this many frames: a hand before it, a blink of the detector. */
const MOST_MISSED = 8;
/** A face comes and goes over this many frames. */
const FADE = 4;
/** Share of a new square that counts when it moved by nothing, and how fast that grows with the motion (parts of the side). */
const SMOOTHING = { still: 0.25, perSide: 12 };
/** Squares nearer than this, in parts of the larger side, are the same face. */
const SAME_FACE = 0.35;
/** Most faces of one frame. */
const MOST_FACES = 8;

/** The faces of a frame. `before`: those of the last frame; null at the first one of a shot, whose faces are there at once. */
export async function followFaces(networks: Networks, frame: RgbFrame, before: readonly FaceTrack[] | null): Promise<FaceTrack[]> {
  const tracks: FaceTrack[] = [];
  for (const track of before ?? []) {
    const square = await refinedSquare(networks, frame, track.square);
    const kept = square && isSame(square, track.square) ? seen(track, square) : missed(track);
    if (kept && !tracks.some((other) => isSame(other.square, kept.square))) tracks.push(kept);
  }
  for (const around of await detectFaces(networks, frame)) {
    if (tracks.length >= MOST_FACES) break;
    // The detector's square is smaller than the aligned one, about the same centre.
    const square = await alignedSquare(networks, frame, around);
    if (!square) continue;
    const known = tracks.findIndex((track) => isSame(track.square, square));
    const track = tracks[known];
    if (!track) tracks.push({ square, missed: 0, shown: before ? 1 / FADE : 1 });
    else if (track.missed > 0) tracks[known] = { square, missed: 0, shown: Math.min(1, track.shown + 2 / FADE) };
  }
  return tracks;
}

function seen(track: FaceTrack, square: Square): FaceTrack {
  return { square: smoothed(track.square, square), missed: 0, shown: Math.min(1, track.shown + 1 / FADE) };
}

function missed(track: FaceTrack): FaceTrack | null {
  const shown = track.missed + 1 > MOST_MISSED - FADE ? track.shown - 1 / FADE : track.shown;
  return track.missed >= MOST_MISSED || shown <= 0 ? null : { ...track, missed: track.missed + 1, shown };
}

/** The square is cut and put back by the same numbers, so lagging a little costs nothing; trembling would show. */
function smoothed(before: Square, now: Square): Square {
  const turn = Math.atan2(Math.sin(now.angle - before.angle), Math.cos(now.angle - before.angle));
  const motion = Math.hypot(now.x - before.x, now.y - before.y) / now.side + Math.abs(Math.log(now.side / before.side)) + Math.abs(turn);
  const share = Math.min(1, SMOOTHING.still + SMOOTHING.perSide * motion);
  return {
    x: before.x + share * (now.x - before.x),
    y: before.y + share * (now.y - before.y),
    side: before.side * (now.side / before.side) ** share,
    angle: before.angle + share * turn,
  };
}

const isSame = (a: Square, b: Square): boolean => Math.hypot(a.x - b.x, a.y - b.y) < SAME_FACE * Math.max(a.side, b.side);
