/** What a person can choose, and what the window remembers. Kept by the app; the engine gets a copy. */
import { z } from 'zod';

export const PROVIDERS = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export const providerSchema = z.enum(PROVIDERS);
export type Provider = z.infer<typeof providerSchema>;

export const settingsSchema = z.object({
  locale: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** `auto`: measured and remembered; anything else is forced. */
  provider: z.enum(['auto', ...PROVIDERS]).default('auto'),
  /** Dock sizes in percent and the like, keyed by pane group. */
  layout: z.record(z.string(), z.array(z.number())).default({}),
  exportFolder: z.string().nullable().default(null),
});
export type Settings = z.infer<typeof settingsSchema>;
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
