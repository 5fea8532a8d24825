/** Changes of what is done to a clip's pictures, and of the pictures given as styles. Each gives new data and leaves the one given as it is. */
import { EditError } from './editError.ts';
import type { Clip, Edit } from './editSchemas.ts';
import { stylePictureSchema, type ClipEffect, type StylePicture } from './style/types.ts';

type Clips = readonly Clip[];
type Pictures = Edit['stylePictures'];

/** The clip has this effect; null: none. Throws EditError `unknown_clip`, `strength_invalid`, `unknown_style_picture`, `style_empty`. */
export function setEffect(clips: Clips, pictures: Pictures, id: string, effect: ClipEffect | null): Clip[] {
  if (!clips.some((clip) => clip.id === id)) throw new EditError('unknown_clip', { id });
  if (effect) checkEffect(id, effect, pictures);
  return clips.map((clip) => (clip.id === id ? withEffect(clip, effect) : clip));
}

/** An effect of no clip is no field, so that equal lanes are written equally. */
function withEffect({ effect: _before, ...clip }: Clip, effect: ClipEffect | null): Clip {
  return effect ? { ...clip, effect } : clip;
}

/** Adds a picture or replaces the one of the same id. Throws EditError `unknown_style_picture` for numbers that are none. */
export function addStylePicture(pictures: Pictures, picture: StylePicture): Pictures {
  if (!stylePictureSchema.safeParse(picture).success) throw new EditError('unknown_style_picture', { id: picture.id });
  return { ...pictures, [picture.id]: picture };
}

/** Throws EditError `unknown_style_picture`, and `style_picture_used` while a clip has it. */
export function removeStylePicture(clips: Clips, pictures: Pictures, id: string): Pictures {
  if (!pictures[id]) throw new EditError('unknown_style_picture', { id });
  const user = clips.find(({ effect }) => effect?.style.id === 'picture' && effect.style.picture === id);
  if (user) throw new EditError('style_picture_used', { id: user.id });
  return Object.fromEntries(Object.entries(pictures).filter(([known]) => known !== id));
}

/** Throws EditError where effects and pictures break a rule that every command keeps. */
export function assertEffects(clips: Clips, pictures: Pictures): void {
  for (const { id, effect } of clips) if (effect) checkEffect(id, effect, pictures);
  for (const [id, picture] of Object.entries(pictures)) if (picture.id !== id) throw new EditError('unknown_style_picture', { id });
}

function checkEffect(id: string, { style, strength }: ClipEffect, pictures: Pictures): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of strength) {
    if (at <= last) throw new EditError('strength_invalid', { id });
    last = at;
  }
  if (strength.length === 0) throw new EditError('strength_invalid', { id });
  if (style.id === 'picture' && !pictures[style.picture]) throw new EditError('unknown_style_picture', { id: style.picture });
  if (style.id === 'painter' && !style.weights.some((weight) => weight > 0)) throw new EditError('style_empty', { id });
}
