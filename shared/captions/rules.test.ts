import { describe, expect, it } from 'vitest';
import english from '../i18n/messages/en/captions.json' with { type: 'json' };
import chinese from '../i18n/messages/zh-CN/captions.json' with { type: 'json' };
import { VIOLATION_CODES } from './ruleTypes.ts';
import { RULES, rulesFor } from './rules.ts';
import { captionRulesSchema, RULE_PROFILES } from './types.ts';

describe('profiles', () => {
  it.each(RULE_PROFILES)('%s is whole and has a name in both languages', (profile) => {
    expect(captionRulesSchema.parse(RULES[profile])).toEqual(RULES[profile]);
    expect(RULES[profile].base).toBe(profile);
    const key = `captions_profile_${profile.replace('-', '_')}`;
    for (const catalogue of [english, chinese]) expect(catalogue).toHaveProperty(key);
  });

  it('Chinese in all its forms has the Chinese rules', () => {
    expect(['zh', 'zh-Hans', 'zh_TW', 'yue', 'ZH'].map((language) => rulesFor(language).base)).toEqual(Array<string>(5).fill('netflix-zh'));
    expect(['en', 'fr-CA', 'und', 'ja'].map((language) => rulesFor(language).base)).toEqual(Array<string>(4).fill('netflix-en'));
  });
});

describe('sentences', () => {
  const keys = [...VIOLATION_CODES.map((code) => `captions_rule_${code}`), 'captions_pattern_too_long', 'captions_pattern_too_slow', 'captions_find_bad'];
  it.each(keys)('%s is said in both languages', (key) => {
    for (const catalogue of [english, chinese]) expect(catalogue).toHaveProperty(key, expect.stringMatching(/\S/));
  });
});
