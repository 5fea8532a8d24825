/** One frame from its generator to the finished picture: styled, laid over the source, with what stands behind the people. In the worker. */
import { blended, withBackground } from './blend.ts';
import { enhance } from './generators/enhance.ts';
import { fitted, guideOf, laidOver } from './generators/layOver.ts';
import { generate, type Made, type WholeGenerator } from './generators/whole.ts';
import { styleFaces } from './faces/styleFaces.ts';
import { personAlpha } from './matting.ts';
import { isLaidOver } from './models.ts';
import { owned, type Networks } from './networks.ts';
import { enlarged } from './pixels.ts';
import type { FaceTrack, Generator, Memory, Painted, Questions, Treatment } from './questions.ts';
import type { RgbFrame } from './types.ts';

type Warnings = Painted['warnings'];

export async function paintFrame(networks: Networks, { frame, generator, treatment, memory }: Questions['paint']['question'], dropped: () => boolean): Promise<Painted> {
  const styled = treatment.strength > 0 ? await styledBy(networks, frame, generator, memory, dropped) : untouched(frame, generator);
  return finished(networks, frame, { ...styled, treatment, memory });
}

interface Styled {
  picture: RgbFrame;
  tracks: FaceTrack[] | null;
  warnings: Warnings;
}

/** The generator's own picture, at the result's size. */
async function styledBy(networks: Networks, frame: RgbFrame, generator: Generator, memory: Memory, dropped: () => boolean): Promise<Styled> {
  switch (generator.id) {
    case 'none':
      return { picture: frame, tracks: null, warnings: [] };
    case 'vintage':
    case 'painter':
    case 'picture': {
      const made = await generate(networks, frame, generator, null);
      return { picture: await atFrameSize(networks, frame, made, generator), tracks: null, warnings: isReduced(generator, frame) ? ['size_reduced'] : [] };
    }
    case 'enhance': {
      const { picture, smaller } = await enhance(networks, frame, dropped);
      return { picture, tracks: null, warnings: smaller ? ['tiles_smaller'] : [] };
    }
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil': {
      const { picture, tracks } = await styleFaces(networks, frame, generator.id, memory.faces);
      return { picture, tracks, warnings: [] };
    }
  }
}

/** True where a frame is worked on at a smaller size than the generator was made for. */
export const isReduced = (generator: Generator, frame: RgbFrame): boolean => generator.id !== 'picture' && isLaidOver(generator, frame);

async function atFrameSize(networks: Networks, frame: RgbFrame, made: Made, generator: WholeGenerator): Promise<RgbFrame> {
  if (!isLaidOver(generator, frame)) return made.styled;
  const low = await guideOf(networks, generator, frame);
  return laidOver(networks, frame, low, await fitted(networks, made, low));
}

const untouched = (frame: RgbFrame, generator: Generator): Styled => ({ picture: atScale(frame, generator), tracks: null, warnings: [] });

/** The source at the result's size. */
function atScale(frame: RgbFrame, generator: Generator): RgbFrame {
  if (generator.id !== 'enhance') return frame;
  const size = { width: 2 * frame.width, height: 2 * frame.height };
  return { ...size, data: enlarged(frame.data, frame, size, 3) };
}

interface Unfinished extends Styled {
  treatment: Treatment;
  memory: Memory;
}

/** Lays the styled picture over the source. Both may be one object: nothing is changed in place. */
export async function finished(networks: Networks, frame: RgbFrame, { picture, tracks, warnings, treatment, memory }: Unfinished): Promise<Painted> {
  const { background, area } = treatment;
  const people = background || area !== 'everything' ? await personAlpha(networks, frame, memory.mask) : null;
  const scaled = picture.width !== frame.width && people ? enlarged(people.alpha, frame, picture, 1) : (people?.alpha ?? null);
  const source = needsSource(treatment) && picture.width !== frame.width ? { ...picture, data: enlarged(frame.data, frame, picture, 3) } : frame;
  const laid = picture === frame ? frame : blended(source, picture, { ...treatment, alpha: scaled });
  const done = background && scaled ? withBackground(laid, scaled, background) : laid;
  return {
    picture: { ...done, data: owned(done.data) },
    alpha: background?.mode === 'remove' ? scaled : null,
    memory: { mask: people?.mask ?? null, faces: tracks ?? memory.faces },
    faces: tracks?.length ?? null,
    warnings,
  };
}

const needsSource = ({ strength, keepColours, area }: Treatment): boolean => strength < 1 || keepColours || area !== 'everything';
