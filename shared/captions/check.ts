/** What is wrong with cues by their track's rules. */
import { linesOf, visibleLength } from './text.ts';
import { FLICKS_PER_SECOND, frameDuration } from '../time.ts';
import type { CaptionContext, Violation, ViolationCode } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

/** Violations of all cues, in order of time. */
export function checkCues(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): Violation[] {
  const found: Violation[] = [];
  const frame = frameDuration(context.frameRate);
  const sorted = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
  sorted.forEach((cue, i) => {
    const add = (code: ViolationCode, value: number, limit: number): number => found.push({ cue: cue.id, code, value, limit });
    const seconds = (cue.end - cue.start) / FLICKS_PER_SECOND;
    const length = visibleLength(cue.text, rules);
    const lines = linesOf(cue.text);
    if (cue.text.trim() === '') add('empty', 0, 1);
    if (cue.start < 0) add('negative_time', cue.start / FLICKS_PER_SECOND, 0);
    const longest = Math.max(0, ...lines.map((line) => visibleLength(line, rules)));
    if (longest > rules.lineLength) add('line_too_long', longest, rules.lineLength);
    if (lines.length > rules.lines) add('too_many_lines', lines.length, rules.lines);
    if (seconds < rules.shortest - 0.01) add('too_short', seconds, rules.shortest);
    if (seconds > rules.longest + 0.01) add('too_long', seconds, rules.longest);
    if (length > rules.readingSpeed * (seconds + 0.01)) add('too_fast', length / Math.max(seconds, 0.001), rules.readingSpeed);
    const before = sorted[i - 1];
    if (before && before.end > cue.start) add('overlap', (before.end - cue.start) / FLICKS_PER_SECOND, 0);
    else if (before && (cue.start - before.end) / frame < rules.gapFrames - 0.5) add('gap_too_small', (cue.start - before.end) / frame, rules.gapFrames);
  });
  return found;
}
