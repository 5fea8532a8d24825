/**
 * Styles as data: what a clip's effect holds, and what the engine tells of styled pictures. A style is a generator and its settings; an effect is
 * a style, how strongly and where it shows, and what stands behind the people in the picture.
 */
import { z } from 'zod';
import { progressEventSchema } from '../events.ts';
import { mediaIdSchema } from '../media.ts';
import { flicksSchema } from '../time.ts';

/** Generators of the pack, and `picture`: any picture as a style. What each is: `catalogue.ts`. */
export const STYLE_IDS = ['vintage', 'face-sketch', 'face-ink', 'face-oil', 'enhance', 'painter', 'picture'] as const;
export const styleIdSchema = z.enum(STYLE_IDS);
export type StyleId = z.infer<typeof styleIdSchema>;

/** Paintings that the painter knows. */
export const PAINTINGS = 26;
/** Numbers that describe a picture as a style (Ghiasi et al., 2017). */
export const STYLE_VECTOR_LENGTH = 100;

/** A picture that a person gave as a style. Its file is not needed again. */
export const stylePictureSchema = z.object({
  /** First 32 hexadecimal digits of the SHA-256 of the picture's file. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string().max(200),
  vector: z.array(z.number()).length(STYLE_VECTOR_LENGTH),
  /** JPEG of at most 96 pixels a side, base64. */
  thumbnail: z.string().max(24_000),
});
export type StylePicture = z.infer<typeof stylePictureSchema>;

/** A style with its own settings. `none`: the picture stays as it is (an effect may be a background alone). */
export const styleSchema = z.discriminatedUnion('id', [
  z.object({ id: z.literal('none') }),
  z.object({ id: z.literal('vintage') }),
  z.object({ id: z.literal('face-sketch') }),
  z.object({ id: z.literal('face-ink') }),
  z.object({ id: z.literal('face-oil') }),
  /** Twice the width and height. */
  z.object({ id: z.literal('enhance') }),
  /** A share of each painting, 0 to 1; several are mixed. Their sum is above 0. */
  z.object({ id: z.literal('painter'), weights: z.array(z.number().min(0).max(1)).length(PAINTINGS) }),
  z.object({ id: z.literal('picture'), picture: stylePictureSchema.shape.id }),
]);
export type Style = z.infer<typeof styleSchema>;

/** `everything`, or only the people, or only what is behind them (by person matting). */
export const STYLE_AREAS = ['everything', 'people', 'background'] as const;
export const styleAreaSchema = z.enum(STYLE_AREAS);
export type StyleArea = z.infer<typeof styleAreaSchema>;

/**
 * How frames are rendered. `best`: the generator on every frame. `faithful`: on key frames only, carried along the motion with its texture. `steady`: the
 * same without the texture's remainder, which is calmest. Generators without a fast way (faces, enhance) render as `best` in all three.
 */
export const STYLE_QUALITIES = ['faithful', 'steady', 'best'] as const;
export const styleQualitySchema = z.enum(STYLE_QUALITIES);
export type StyleQuality = z.infer<typeof styleQualitySchema>;

/** What is put behind the people. `remove`: nothing, the file gets an alpha channel. */
export const backgroundSchema = z.discriminatedUnion('mode', [
  /** `amount` 0 to 1: the blur's radius is up to 6 % of the frame's short side. */
  z.object({ mode: z.literal('blur'), amount: z.number().min(0).max(1) }),
  z.object({ mode: z.literal('colour'), colour: z.string().regex(/^#[0-9a-f]{6}$/) }),
  /** A still picture or a video that is open; a video is looped. Covers the frame, centred. */
  z.object({ mode: z.literal('media'), media: mediaIdSchema }),
  z.object({ mode: z.literal('remove') }),
]);
export type Background = z.infer<typeof backgroundSchema>;

/** Strength at a moment of the media's own time. Between two it changes evenly, outside it stays as at the nearest. */
export const strengthKeySchema = z.object({ at: flicksSchema, value: z.number().min(0).max(1) });
export type StrengthKey = z.infer<typeof strengthKeySchema>;
export const MOST_STRENGTH_KEYS = 1000;

/** What is done to a clip's pictures. */
export const clipEffectSchema = z.object({
  style: styleSchema,
  /** 1 to 1000 keys, in order of time, no two at one moment. */
  strength: z.array(strengthKeySchema).min(1).max(MOST_STRENGTH_KEYS),
  /** Brightness and texture of the style with the source's own colours. */
  keepColours: z.boolean(),
  area: styleAreaSchema,
  background: backgroundSchema.nullable(),
  quality: styleQualitySchema,
  /** Writes into the picture that it is generated. */
  label: z.boolean(),
});
export type ClipEffect = z.infer<typeof clipEffectSchema>;

/** Which of the gallery's pictures a tile is: a generator, one of the painter's paintings (`painting`), or a person's picture. */
export const galleryTileSchema = z.object({ style: styleSchema, /** JPEG. */ jpeg: z.instanceof(Uint8Array), /** Of a face style: faces found in the frame. */ faces: z.number().int().nullable() });
export const galleryEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({ type: z.literal('tile'), tile: galleryTileSchema }),
  /** The style could not be shown; the gallery goes on. */
  z.object({ type: z.literal('failed'), style: styleSchema, code: z.string() }),
]);
export type GalleryEvent = z.infer<typeof galleryEventSchema>;

/** Frames of a preview, the one at the playhead first, then those after it, then those before. */
export const stylePreviewEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({ type: z.literal('frame'), time: flicksSchema, duration: flicksSchema, /** JPEG of the styled frame. */ jpeg: z.instanceof(Uint8Array) }),
  /** Something the person should know: `hdr_tone_mapped`, `no_face`, `tiles_smaller`, `size_reduced`. Message `style_warning_<code>`. */
  z.object({ type: z.literal('warning'), code: z.string() }),
]);
export type StylePreviewEvent = z.infer<typeof stylePreviewEventSchema>;

/** A clip being rendered into the engine's own store; an export takes it from there. */
export const renderEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({ type: z.literal('warning'), code: z.string() }),
  /** `frames`: rendered in all; `reused` of them were there from an earlier run. */
  z.object({ type: z.literal('rendered'), frames: z.number().int(), reused: z.number().int() }),
]);
export type RenderEvent = z.infer<typeof renderEventSchema>;

/** What a render is made of: the same request gives the same pictures, so it is also its key. */
export const renderRequestSchema = z.object({
  media: mediaIdSchema,
  start: flicksSchema,
  end: flicksSchema,
  effect: clipEffectSchema,
  /** The picture of the style `picture`; null for every other. */
  picture: stylePictureSchema.nullable(),
});
export type RenderRequest = z.infer<typeof renderRequestSchema>;
