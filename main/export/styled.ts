/** Segments whose pictures are rendered before they are written: what is asked for, and what the encoder is told of the result. */
import { extname } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { changesPictures } from '../../shared/style/effect.ts';
import type { ClipEffect, RenderEvent, RenderRequest, StylePicture } from '../../shared/style/types.ts';
import type { Rational } from '../../shared/time.ts';
import { canHoldVideo, type Container } from './containers.ts';
import type { ExportRange, ExportSegment } from './plan.ts';

/** What is done to a range's pictures. */
export interface RangeStyle {
  effect?: ClipEffect;
  /** The picture of the style `picture`. */
  picture?: StylePicture;
}

/** Renders a range; gives the file that has its pictures at the source's own times. */
export type RenderPictures = (request: RenderRequest) => AsyncGenerator<RenderEvent, Media>;

/** What has to be rendered for a range; null: its pictures stay as they are, or none are written. */
export function renderRequestOf(range: ExportRange, media: Media, container: Container): RenderRequest | null {
  const { effect, picture } = range;
  if (!effect || !media.video || !canHoldVideo(container) || !changesPictures(effect)) return null;
  // Exactly as it was given: the same request finds what was rendered ahead.
  return { media: range.media, start: range.start, end: range.end, effect, picture: picture ?? null };
}

const cutsOut = ({ effect }: RangeStyle): boolean => effect?.background?.mode === 'remove';

/** Containers that an exported cut-out can be written to: ProRes 4444 in QuickTime, VP9 in WebM. */
const WITH_ALPHA: readonly Container[] = ['mov', 'webm'];

/** Where nobody says otherwise, a cut-out goes to QuickTime. */
export function containerWithAlpha(ranges: readonly ExportRange[], container: Container): Container {
  return ranges.some(cutsOut) && canHoldVideo(container) && !WITH_ALPHA.includes(container) ? 'mov' : container;
}

/** Throws ExpectedError('alpha_needs_container') where a background is removed and the file couldn't say so. */
export function requireAlpha(ranges: readonly ExportRange[], container: Container, path: string | null): void {
  if (!ranges.some(cutsOut) || !canHoldVideo(container) || WITH_ALPHA.includes(container)) return;
  throw new ExpectedError('alpha_needs_container', { container: ((path === null ? '' : extname(path).slice(1)) || container).toUpperCase() });
}

/** The source as it is written: with its own pictures, or those rendered of them. */
export function shownMedia(segment: Pick<ExportSegment, 'rendered'>, source: Media): Media {
  const rendered = segment.rendered?.video;
  return rendered && source.video ? { ...source, video: renderedLike(source.video, rendered) } : source;
}

/** Seconds a tick of the pictures that are read for a segment. */
export function pictureTimeBase(segment: Pick<ExportSegment, 'rendered'>, video: VideoStream): Rational {
  return segment.rendered?.video?.timeBase ?? video.timeBase;
}

/**
 * What rendered pictures are encoded like: the source's codec and clock; size, chroma, transparency and colours as rendered. They were 8 bits a sample,
 * upright and progressive on the way.
 */
function renderedLike(source: VideoStream, rendered: VideoStream): VideoStream {
  const { width, height, displayWidth, displayHeight, sampleAspect, hasAlpha } = rendered;
  return {
    ...source,
    ...{ width, height, displayWidth, displayHeight, sampleAspect, hasAlpha },
    rotation: 0,
    fieldOrder: null,
    bitDepth: 8,
    hdr: 'none',
    // Renders have the source's chroma, or the most that there is with transparency.
    pixelFormat: hasAlpha ? 'yuva420p' : rendered.pixelFormat,
    colour: {
      space: rendered.colour.space ?? spaceOf(source),
      primaries: rendered.colour.primaries ?? (source.hdr === 'none' ? source.colour.primaries : null),
      transfer: rendered.colour.transfer ?? (source.hdr === 'none' ? source.colour.transfer : null),
      range: rendered.colour.range ?? source.colour.range,
    },
  };
}

const spaceOf = ({ hdr, colour }: VideoStream): string | null => (hdr === 'none' ? colour.space : null);
