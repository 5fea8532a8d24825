/** Which models a look needs. */
import type { Generator } from './questions.ts';
import { sizeWithin, type Size } from './pixels.ts';
import type { StyleArea } from '../../shared/style/types.ts';

export const MODELS = {
  vintage: 'cyclegan-vintage',
  vintageInt8: 'cyclegan-vintage.int8',
  painter: 'painter-26',
  vector: 'arbitrary-style-predict',
  picture: 'arbitrary-style-transform',
  enhance: 'realesr-animevideo-x2',
  faces: 'blazeface',
  landmarks: 'face-landmarks',
  matting: 'person-matting',
  mattingWide: 'person-matting-wide',
  guide: 'style-guide',
  fit: 'style-fit',
  lay: 'style-lay',
  settle: 'style-settle',
  carry: 'style-carry',
  flow: 'motion-flow',
} as const;

/**
 * The small picture by which a frame's look is fitted and carried has this many pixels on its long side: half of 854x480, which is as sharp as the motion needs.
 * Strokes need less, and their networks are so fast that the motion would take longer.
 */
const GUIDE_SIDE = { vintage: 427, painter: 320, picture: 256 };

export function guideSize({ id }: Generator, size: Size): Size {
  return sizeWithin(size, { side: id === 'painter' || id === 'picture' ? GUIDE_SIDE[id] : GUIDE_SIDE.vintage });
}

export interface Needs {
  generator: Generator;
  area: StyleArea;
  /** Something stands behind the people. */
  background: boolean;
  size: Size;
  /** Frames are carried along the motion. */
  carried: boolean;
}

/** Ids of models/manifest.json, sorted. */
export function modelsFor({ generator, area, background, size, carried }: Needs): string[] {
  const found = new Set<string>(generatorModels(generator));
  if (area !== 'everything' || background) {
    found.add(mattingModel(size));
    if (size.width * size.height > MATTING_PIXELS) found.add(MODELS.guide);
  }
  if (isLaidOver(generator, size)) for (const model of [MODELS.guide, MODELS.fit, MODELS.lay]) found.add(model);
  if (carried) for (const model of [MODELS.guide, MODELS.fit, MODELS.settle, MODELS.carry, MODELS.flow]) found.add(model);
  return [...found].sort();
}

/** Frames of which few fit into memory. */
export const isLarge = ({ width, height }: Size): boolean => width * height > 1280 * 720;

/** Person matting's guided filter holds a dozen planes of floats: larger frames get their alpha from a smaller one. */
export const MATTING_PIXELS = 1920 * 1080;

/** Wide frames have a network of their own. */
export const mattingModel = ({ width, height }: Size): string => (width >= 1.3 * height ? MODELS.mattingWide : MODELS.matting);

export const vintageModel = (int8: boolean): string => (int8 ? MODELS.vintageInt8 : MODELS.vintage);

/** Largest frame that a generator takes whole, pixels: more would take more than its share of 1.5 GB. Infinity: in parts, or of a size of its own. */
export function mostPixels(generator: Generator): number {
  switch (generator.id) {
    case 'vintage':
    case 'painter':
      return 1280 * 720;
    case 'picture':
    case 'none':
    case 'enhance':
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
      return Infinity;
  }
}

/** The size at which a generator works on a frame. Beside frames that are larger than it takes whole there is less memory for it than otherwise. */
export function workingSize(generator: Generator, frame: Size): Size {
  if (generator.id === 'picture') return sizeWithin(frame, { side: PICTURE_SIDE });
  return isLaidOver(generator, frame) ? sizeWithin(frame, { pixels: BESIDE_LARGE }) : { width: frame.width, height: frame.height };
}

/** The side at which any picture's style is transferred. */
export const PICTURE_SIDE = 384;
/** Pixels: CycleGAN takes 0.6 GB for them. */
const BESIDE_LARGE = 960 * 540;

/** True where the generator works on a smaller picture, whose change is then laid over the frame. */
export function isLaidOver(generator: Generator, { width, height }: Size): boolean {
  return generator.id === 'picture' || width * height > mostPixels(generator);
}

function generatorModels(generator: Generator): string[] {
  switch (generator.id) {
    case 'none':
      return [];
    case 'vintage':
      return [vintageModel(generator.int8)];
    case 'painter':
      return [MODELS.painter];
    case 'picture':
      return [MODELS.picture];
    case 'enhance':
      return [MODELS.enhance];
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
      return [MODELS.faces, MODELS.landmarks, faceModel(generator.id)];
  }
}

export const faceModel = (style: 'face-sketch' | 'face-ink' | 'face-oil'): string => style.replace('face-', 'face-stylegan-');
