/**
 * The app's contract with its window: a few `invoke` channels and a few events. Arguments are parsed in main, and the
 * sender is checked to be our own window's top frame.
 */
import { z } from 'zod';
import { captionTrackSchema } from '../captions/types.ts';
import { wireErrorSchema } from '../events.ts';
import { mediaIdSchema, mediaSchema, type MediaId } from '../media.ts';
import { stylePictureSchema } from '../style/types.ts';
import { settingsChangeSchema, settingsSchema } from '../settings.ts';
import { grantSchema } from './engine.ts';

/** `warnings` are sentences in the person's language about what could not be read. */
export const importedCaptionsSchema = z.object({
  tracks: z.array(captionTrackSchema),
  warnings: z.array(z.string()),
  failed: z.array(z.object({ name: z.string(), error: wireErrorSchema })),
});
export type ImportedCaptions = z.infer<typeof importedCaptionsSchema>;

export const openResultSchema = z.object({
  opened: z.array(mediaSchema),
  failed: z.array(z.object({ name: z.string(), error: wireErrorSchema })),
  /** Name of a project that was among them and is now the current one. */
  project: z.string().nullable(),
  /** Subtitle files among them, read as tracks of the media they came with or that is current; null when there were none. */
  captions: importedCaptionsSchema.nullable(),
});
export type OpenResult = z.infer<typeof openResultSchema>;

export const recentSchema = z.object({ id: z.string(), name: z.string(), folder: z.string(), openedMs: z.number(), exists: z.boolean() });
export type Recent = z.infer<typeof recentSchema>;

export const TARGET_KINDS = ['clip', 'clips', 'keyframes', 'sheet', 'csv', 'json', 'project', 'captions', 'text', 'chapters'] as const;
export const targetSchema = z.object({ grant: grantSchema, path: z.string() });
export type Target = z.infer<typeof targetSchema>;

export const APP_CHANNELS = {
  /** File dialog; opens what was chosen. */
  pickMedia: { args: z.object({}), result: openResultSchema },
  openRecent: { args: z.object({ id: z.string() }), result: openResultSchema },
  recent: { args: z.object({}), result: z.array(recentSchema) },
  forgetRecent: { args: z.object({ id: z.string() }), result: z.object({}) },
  /**
   * A place to write to. `ask` false: the remembered export folder with a name not taken yet; true: a dialog.
   * `clip`, `sheet`, `csv`, `json`, `project`, `captions`, `text`, `chapters` are files, `clips` and `keyframes` folders. Null when the person cancelled.
   */
  target: {
    args: z.object({ kind: z.enum(TARGET_KINDS), media: mediaIdSchema.nullable(), name: z.string().max(200), extension: z.string().max(8), ask: z.boolean() }),
    result: targetSchema.nullable(),
  },
  /** Shows a written file or folder in the file manager; only what a grant covers. */
  reveal: { args: z.object({ grant: grantSchema }), result: z.object({}) },
  settings: { args: z.object({}), result: settingsSchema },
  setSettings: { args: settingsChangeSchema, result: settingsSchema },
  /** Asks for the folder of a joint image-text model and tries it. The folder, for the setting; null when none was chosen or it doesn't work. */
  chooseImageTextModel: { args: z.object({}), result: z.object({ folder: z.string().nullable(), error: wireErrorSchema.nullable() }) },
  /** Asks for a .rushes file and makes it the current project. Its name without the ending; null when none was opened. */
  openProject: { args: z.object({}), result: z.object({ name: z.string().nullable(), error: wireErrorSchema.nullable() }) },
  /** Asks for subtitle files and reads them as tracks of a media. */
  importCaptions: { args: z.object({ media: mediaIdSchema }), result: importedCaptionsSchema },
  /** Asks for a picture and reads it as a style. Null when none was chosen. */
  chooseStylePicture: { args: z.object({}), result: z.object({ picture: stylePictureSchema.nullable(), error: wireErrorSchema.nullable() }) },
  /** Locale and theme that `system` means now; platform for shortcuts. */
  environment: {
    args: z.object({}),
    result: z.object({ locale: z.string(), dark: z.boolean(), platform: z.string(), version: z.string() }),
  },
  /** Paths given on the command line or by the file manager, opened now and handed over once. */
  startFiles: { args: z.object({}), result: openResultSchema },
} as const;
export type AppChannel = keyof typeof APP_CHANNELS;
export type AppArgs<C extends AppChannel> = z.input<(typeof APP_CHANNELS)[C]['args']>;
export type AppResult<C extends AppChannel> = z.infer<(typeof APP_CHANNELS)[C]['result']>;

/** Channel used by the preload for dropped files: their paths come from `webUtils`, never from the page. */
export const DROP_CHANNEL = 'openDropped';
/** `media`: the current one, which subtitle files are for unless media come with them. */
export const dropSchema = z.object({ paths: z.array(z.string()).min(1).max(1000), media: mediaIdSchema.nullable().default(null) });

/** Likewise, for a picture dropped on the styles. */
export const STYLE_DROP_CHANNEL = 'stylePictureDropped';
export const styleDropSchema = z.object({ path: z.string() });

export const appEventSchema = z.discriminatedUnion('type', [
  /** A menu item or shortcut of the native menu: one of the window's commands. */
  z.object({ type: z.literal('command'), command: z.string() }),
  z.object({ type: z.literal('opened'), result: openResultSchema }),
  z.object({ type: z.literal('engine'), state: z.enum(['starting', 'ready', 'stopped']) }),
  z.object({ type: z.literal('proxy'), media: mediaIdSchema }),
  z.object({ type: z.literal('theme'), dark: z.boolean() }),
]);
export type AppEvent = z.infer<typeof appEventSchema>;

/** What the preload puts on `window.rushes`. The engine's port arrives as a window message `rushes:engine-port`. */
export interface Bridge {
  invoke<C extends AppChannel>(channel: C, args: AppArgs<C>): Promise<AppResult<C>>;
  openDropped(files: File[], media: MediaId | null): Promise<OpenResult>;
  stylePictureDropped(file: File): Promise<AppResult<'chooseStylePicture'>>;
  onEvent(listener: (event: AppEvent) => void): () => void;
  /** Asks the app to (re)connect the window to the engine; the port comes by window message. */
  connectEngine(): void;
}
export const ENGINE_PORT_MESSAGE = 'rushes:engine-port';

/**
 * Where the window's <video> finds a media: the file itself, or the proxy made of it. Any other host or path is
 * answered 404, and so is a media that was not opened in this run.
 */
export const MEDIA_SCHEME = 'media';
export function mediaUrl(id: MediaId, form: 'file' | 'proxy'): string {
  return `${MEDIA_SCHEME}://${form}/${id}`;
}
