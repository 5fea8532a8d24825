/** From a request's data to what the stylist takes: strength by time, the style's vector, the background opened. */
import type { Media } from '../../shared/media.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import { strengthAt } from '../../shared/style/effect.ts';
import type { ClipEffect, RenderRequest } from '../../shared/style/types.ts';
import { openBackground, type OpenBackground } from './background.ts';
import type { StyleContext } from './context.ts';
import { MODELS } from './models.ts';
import type { Look } from './types.ts';

export interface OpenLook {
  look: Look;
  /** Ends what the background's decoding runs. */
  close(): Promise<void>;
}

/**
 * Ids of the models that an effect may run, of which its renders are made. People are told from the background by person matting, which has a network of its
 * own for wide frames.
 */
export function modelsOf({ style, area, background }: ClipEffect): string[] {
  const own = style.id === 'none' ? [] : STYLES[style.id].models;
  return [...own, ...(area !== 'everything' || background !== null ? [MODELS.matting, MODELS.mattingWide] : [])];
}

/** Opens the look of a request. `int8` as in Look. Throws what `context.find` does for a background that is not open. */
export async function openLook(request: RenderRequest, context: Pick<StyleContext, 'find' | 'signal'>, int8 = false): Promise<OpenLook> {
  const { effect, picture, start } = request;
  const { style, strength, keepColours, area, quality } = effect;
  const background = await openPlaced(effect, start, context);
  return {
    look: {
      style,
      vector: style.id === 'picture' && picture ? Float32Array.from(picture.vector) : null,
      strength: (time) => strengthAt(strength, time),
      keepColours,
      area,
      background: background?.placed ?? null,
      quality,
      int8,
    },
    close: async () => background?.close(),
  };
}

async function openPlaced({ background }: ClipEffect, start: RenderRequest['start'], { find, signal }: Pick<StyleContext, 'find' | 'signal'>): Promise<OpenBackground | null> {
  if (background === null) return null;
  if (background.mode !== 'media') return { placed: background, close: () => Promise.resolve() };
  const media: Media = await find(background.media);
  return openBackground(media, start, signal);
}
