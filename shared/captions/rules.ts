/** The rule profiles. Each number says where it is from; a track starts with a copy of one and a person may change each number. */
import type { CaptionRules, RuleProfileId } from './types.ts';

export { checkCues } from './check.ts';
export { fixCue, fixCues } from './fix.ts';

/**
 * Sources:
 * - [N] Netflix, Timed Text Style Guide: General Requirements (duration 5/6 s to 7 s, 2 frames between subtitles at any frame rate, 2 lines at most).
 * - [NE] Netflix, English Timed Text Style Guide (42 characters a line; adult programmes up to 20 characters a second).
 * - [NZ] Netflix, Simplified Chinese Timed Text Style Guide (16 full-width characters a line; adult programmes up to 9 characters a second).
 * - [NT] Netflix, Subtitle Timing Guidelines (an edge less than half a second, 12 frames at 24, from a shot change moves to it).
 * - [B] BBC, Subtitle Guidelines (two lines; 68 % of a 16:9 picture's width or 37 characters of Teletext; 160 to 180 words a minute, 0.33 s a word; subtitles change with the shot).
 */
export const RULES: Record<RuleProfileId, CaptionRules> = {
  'netflix-en': {
    base: 'netflix-en',
    lineLength: 42, // [NE]
    lines: 2, // [N]
    readingSpeed: 20, // [NE]
    shortest: 5 / 6, // [N]
    longest: 7, // [N]
    gapFrames: 2, // [N]
    words: null,
    snapSeconds: 0.5, // [NT]
  },
  'netflix-zh': {
    base: 'netflix-zh',
    lineLength: 16, // [NZ]
    lines: 2, // [N]
    readingSpeed: 9, // [NZ]
    shortest: 5 / 6, // [N]
    longest: 7, // [N]
    gapFrames: 2, // [N]
    words: null,
    snapSeconds: 0.5, // [NT]
  },
  bbc: {
    base: 'bbc',
    lineLength: 37, // [B] 3.1
    lines: 2, // [B] 3.3
    // [B] 4.1: 180 words a minute, at the 5 characters a word of typing and of subtitling's tables (Díaz Cintas and Remael: 180 words a minute are 15 characters a second).
    readingSpeed: 15,
    // [B] 4.1 asks for 0.3 s a word and gives no least time of its own; one second is what 6.2 asks of a subtitle beside a shot change.
    shortest: 1,
    // [B] gives no longest time: two lines of 37 characters at the slower 0.375 s a word are under 6 s; 7 s is the trade's six-second rule with room, and [N].
    longest: 7,
    // [B] 4.5: consecutive subtitles follow each other without a gap.
    gapFrames: 0,
    words: null,
    // [B] 6.1 and 6.2: a subtitle's edge within a second of a shot change should meet it; half a second keeps the speech in step.
    snapSeconds: 0.5,
  },
  // One to three words at a time, as vertical clips show them: a custom, without a published standard. One line that fits a 9:16 picture at a large size.
  'short-form': {
    base: 'short-form',
    lineLength: 24,
    lines: 1,
    // Words follow the voice; nobody reads ahead. Half above Netflix's limit, where fast speech (7 syllables a second) still passes.
    readingSpeed: 30,
    shortest: 0.2,
    longest: 3,
    gapFrames: 0,
    words: 3,
    snapSeconds: 0,
  },
};

/** The profile for a language (BCP 47 or ISO 639): Netflix's Chinese rules for Chinese, its English ones, which many of its guides share, for all else. */
export function rulesFor(language: string): CaptionRules {
  const primary = language.toLowerCase().split(/[-_]/)[0] ?? '';
  return ['zh', 'yue', 'cmn', 'wuu', 'nan'].includes(primary) ? RULES['netflix-zh'] : RULES['netflix-en'];
}
