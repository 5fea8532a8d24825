/** What a person can choose, and what the window remembers. Kept by the app; the engine gets a copy. */
import { z } from 'zod';
import { DEFAULT_FILLERS } from './tighten/fillerLists.ts';
import { DEFAULT_SILENCE } from './tighten/silences.ts';

export const PROVIDERS = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export const providerSchema = z.enum(PROVIDERS);
export type Provider = z.infer<typeof providerSchema>;

/** What tightening looks for. Its lists are the person's own. */
export const tightenSettingsSchema = z.object({
  silences: z.boolean().default(true),
  /** Part of full scale. */
  threshold: z.number().min(0.001).max(0.5).default(DEFAULT_SILENCE.threshold),
  /** Seconds. */
  minimum: z.number().min(0.1).max(10).default(DEFAULT_SILENCE.minimum),
  /** Seconds. */
  margin: z.number().min(0).max(2).default(DEFAULT_SILENCE.margin),
  fillers: z.boolean().default(true),
  lists: z
    .record(z.string(), z.array(z.object({ text: z.string().min(1).max(100), setOff: z.boolean() })))
    .default(() => Object.fromEntries(Object.entries(DEFAULT_FILLERS).map(([language, list]) => [language, [...list]]))),
  repeats: z.boolean().default(true),
});
export type TightenSettings = z.infer<typeof tightenSettingsSchema>;

const fields = {
  locale: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'dark', 'light']),
  /** `auto`: measured and remembered; anything else is forced. */
  provider: z.enum(['auto', ...PROVIDERS]),
  /** Dock sizes in percent and the like, keyed by pane group. */
  layout: z.record(z.string(), z.array(z.number())),
  exportFolder: z.string().nullable(),
  tighten: tightenSettingsSchema,
  /** Folder of a joint image-text model that the person added; null: none. */
  imageTextModel: z.string().nullable(),
};

export const settingsSchema = z.object({
  locale: fields.locale.default('system'),
  theme: fields.theme.default('system'),
  provider: fields.provider.default('auto'),
  layout: fields.layout.default({}),
  exportFolder: fields.exportFolder.default(null),
  tighten: fields.tighten.default(() => tightenSettingsSchema.parse({})),
  imageTextModel: fields.imageTextModel.default(null),
});
/** Some of the settings. Of the fields without their defaults: zod fills those in for fields that are left out, partial or not. */
export const settingsChangeSchema = z.object(fields).partial();
export type Settings = z.infer<typeof settingsSchema>;
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
