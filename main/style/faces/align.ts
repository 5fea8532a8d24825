/** Finding faces and the square in which the stylizer wants each: eyes level, at a fixed place (models/cards/face-stylegan.md). */
import { MODELS } from '../models.ts';
import { pictureTensor, type Networks } from '../networks.ts';
import type { Square } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import { cutSquare } from './squares.ts';

const DETECTOR_SIDE = 256;
const LANDMARK_SIDE = 192;
/** A landmark square is this many times the face's box. */
const BOX_MARGIN = 1.5;
/** Numbers of a face in the detector's answer: x0, y0, x1, y1 in parts of the square, score. */
const BOX_NUMBERS = 5;
/** How likely it must be that the landmarks lie on a face. */
const LEAST_PRESENCE = 0.5;
/** The landmark square of an aligned one: both stand over the same face, the aligned one also shows hair and neck. */
const LANDMARK_PART = 0.62;

interface Point {
  x: number;
  y: number;
}

/** Squares around the faces that the detector finds, for `alignedSquare`. */
export async function detectFaces(networks: Networks, frame: RgbFrame): Promise<Square[]> {
  const whole: Square = { x: frame.width / 2, y: frame.height / 2, side: Math.max(frame.width, frame.height), angle: 0 };
  const outputs = await networks.run(MODELS.faces, { frame: pictureTensor(cutSquare(frame, whole, DETECTOR_SIDE, 'black')) });
  const numbers = outputs.floats('faces');
  const found: Square[] = [];
  for (let at = 0; at + BOX_NUMBERS <= numbers.length; at += BOX_NUMBERS) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = numbers.subarray(at, at + 4);
    const side = BOX_MARGIN * Math.max(x1 - x0, y1 - y0) * whole.side;
    const [x, y] = [whole.x + ((x0 + x1) / 2 - 0.5) * whole.side, whole.y + ((y0 + y1) / 2 - 0.5) * whole.side];
    if (side > 0) found.push({ x, y, side, angle: 0 });
  }
  return found;
}

/** The aligned square of the face that `around` shows, by a first and a turned second look; null where there is none. */
export async function alignedSquare(networks: Networks, frame: RgbFrame, around: Square): Promise<Square | null> {
  const first = await landmarks(networks, frame, around);
  return first && (await refinedSquare(networks, frame, aligned(first)));
}

/** The aligned square anew, from one that is about right: the last frame's. Null where no face is there. */
export async function refinedSquare(networks: Networks, frame: RgbFrame, square: Square): Promise<Square | null> {
  const points = await landmarks(networks, frame, { ...square, side: square.side * LANDMARK_PART });
  return points && aligned(points);
}

interface FacePoints {
  left: Point;
  right: Point;
  mouth: Point;
}

async function landmarks(networks: Networks, frame: RgbFrame, square: Square): Promise<FacePoints | null> {
  const outputs = await networks.run(MODELS.landmarks, { faces: pictureTensor(cutSquare(frame, square, LANDMARK_SIDE, 'edge')) });
  if ((outputs.floats('presence')[0] ?? 0) < LEAST_PRESENCE) return null;
  const numbers = outputs.floats('landmarks');
  const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
  const at = (index: number): Point => {
    const [across, down] = [((numbers[index * 3] ?? 0) - 0.5) * square.side, ((numbers[index * 3 + 1] ?? 0) - 0.5) * square.side];
    return { x: square.x + across * cos - down * sin, y: square.y + across * sin + down * cos };
  };
  return { left: middle(at(33), at(133)), right: middle(at(263), at(362)), mouth: middle(at(61), at(291)) };
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** The square of FFHQ's alignment (Karras et al., 2019), as the stylizer was trained on. */
function aligned({ left, right, mouth }: FacePoints): Square {
  const eyes = middle(left, right);
  const [v, e] = [{ x: mouth.x - eyes.x, y: mouth.y - eyes.y }, { x: right.x - left.x, y: right.y - left.y }];
  return {
    x: eyes.x + 0.1 * v.x,
    y: eyes.y + 0.1 * v.y,
    side: Math.max(3.6 * Math.hypot(v.x, v.y), 4 * Math.hypot(e.x, e.y), 1),
    angle: Math.atan2(e.y - v.x, e.x + v.y),
  };
}
