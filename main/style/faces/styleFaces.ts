/** The faces of a frame redrawn by a StyleGAN, the rest as it is. */
import { faceModel } from '../models.ts';
import { pictureTensor, type Networks } from '../networks.ts';
import type { FaceStyle, FaceTrack } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import { cutSquare, pasteSquare } from './squares.ts';
import { followFaces } from './track.ts';

const STYLIZER_SIDE = 256;

export async function styleFaces(networks: Networks, frame: RgbFrame, style: FaceStyle, before: readonly FaceTrack[] | null): Promise<{ picture: RgbFrame; tracks: FaceTrack[] }> {
  const tracks = await followFaces(networks, frame, before);
  if (tracks.length === 0) return { picture: frame, tracks };
  const picture: RgbFrame = { ...frame, data: frame.data.slice() };
  // Far faces first: a near one lies over them.
  for (const { square, shown } of tracks.toSorted((a, b) => a.square.side - b.square.side)) {
    const outputs = await networks.run(faceModel(style), { faces: pictureTensor(cutSquare(frame, square, STYLIZER_SIDE, 'edge')) });
    pasteSquare(picture, outputs.picture('styled'), square, shown);
  }
  return { picture, tracks };
}
