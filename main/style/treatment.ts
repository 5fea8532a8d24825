/** A look at one moment, as plain data for the worker. */
import type { Flicks } from '../../shared/time.ts';
import type { Size } from './pixels.ts';
import type { BackgroundNow, Treatment } from './questions.ts';
import type { Look, PlacedBackground } from './types.ts';

/** `size`: the result's. */
export async function treatmentAt({ strength, keepColours, area, background, style }: Look, time: Flicks, size: Size): Promise<Treatment> {
  const now = style.id === 'none' ? 0 : Math.min(1, Math.max(0, strength(time)));
  return { strength: now, keepColours, area, background: background && (await backgroundAt(background, time, size)) };
}

async function backgroundAt(background: PlacedBackground, time: Flicks, size: Size): Promise<BackgroundNow> {
  switch (background.mode) {
    case 'blur':
      return { mode: 'blur', amount: background.amount };
    case 'colour':
      return { mode: 'colour', rgb: [1, 3, 5].map((at) => Number.parseInt(background.colour.slice(at, at + 2), 16)) as [number, number, number] };
    case 'media':
      // A copy: the same picture may be given for many frames.
      return { mode: 'picture', pixels: new Uint8Array(await background.picture(time, { width: size.width, height: size.height })) };
    case 'remove':
      return { mode: 'remove' };
  }
}
