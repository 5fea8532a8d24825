/** What styles are called, in the window's language. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { ClipEffect, Style, StyleId, StylePicture } from '../../shared/style/types.ts';
import { sharesOf } from './style-effect.ts';

type Pictures = Readonly<Record<string, Pick<StylePicture, 'name'>>>;

/** A generator's own name. */
export function generatorName(id: StyleId): string {
  return messageFor(`style_name_${id.replaceAll('-', '_')}`);
}

/** "6 · Broken warm colours": the number that the command line knows it by, and what its results look like. `index` from 0. */
export function paintingName(index: number): string {
  return m.style_painting({ n: index + 1, name: messageFor(`style_painting_${index + 1}`) });
}

/** "Vintage", "Painting 6", "Painting 6 + 14", or the picture's name. */
export function styleName(style: Style, pictures: Pictures): string {
  switch (style.id) {
    case 'none':
      return m.style_none();
    case 'painter': {
      const shares = sharesOf(style);
      const [only, second] = shares;
      return only && !second ? paintingName(only.index) : m.style_mix({ paintings: shares.map(({ index }) => index + 1).join(' + ') });
    }
    case 'picture':
      return pictures[style.picture]?.name ?? generatorName('picture');
    case 'vintage':
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
    case 'enhance':
      return generatorName(style.id);
  }
}

/** What an effect does, in a word or two: its style, else its background. */
export function effectName({ style, background, label }: ClipEffect, pictures: Pictures): string {
  if (style.id !== 'none') return styleName(style, pictures);
  if (background) return messageFor(`style_background_${background.mode}_short`);
  return label ? m.style_label_short() : m.style_none();
}
