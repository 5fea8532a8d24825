/** What a person can choose, and what the window remembers. Kept by the app; the engine gets a copy. */
import { z } from 'zod';

export const PROVIDERS = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export const providerSchema = z.enum(PROVIDERS);
export type Provider = z.infer<typeof providerSchema>;

const fields = {
  locale: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'dark', 'light']),
  /** `auto`: measured and remembered; anything else is forced. */
  provider: z.enum(['auto', ...PROVIDERS]),
  /** Dock sizes in percent and the like, keyed by pane group. */
  layout: z.record(z.string(), z.array(z.number())),
  exportFolder: z.string().nullable(),
};

export const settingsSchema = z.object({
  locale: fields.locale.default('system'),
  theme: fields.theme.default('system'),
  provider: fields.provider.default('auto'),
  layout: fields.layout.default({}),
  exportFolder: fields.exportFolder.default(null),
});
/** Some of the settings. Of the fields without their defaults: zod fills those in for fields that are left out, partial or not. */
export const settingsChangeSchema = z.object(fields).partial();
export type Settings = z.infer<typeof settingsSchema>;
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
