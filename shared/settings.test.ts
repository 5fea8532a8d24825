import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, settingsChangeSchema, settingsSchema } from './settings.ts';

it('a change of one setting says nothing of the others', () => {
  expect(settingsChangeSchema.parse({ theme: 'light' })).toEqual({ theme: 'light' });
  expect(settingsChangeSchema.parse({})).toEqual({});
});

it('settings that are not there yet are the defaults', () => {
  expect(settingsSchema.parse({ locale: 'zh-CN' })).toEqual({ ...DEFAULT_SETTINGS, locale: 'zh-CN' });
});
