/** Mending cues that break the rules. */
import { checkCues } from './check.ts';
import { flicks, frameDuration, fromSeconds } from '../time.ts';
import { visibleLength } from './text.ts';
import type { CaptionContext, Violation } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

export interface FixedCues {
  cues: Cue[];
  /** What is still wrong because it can't be met. */
  unmet: Violation[];
}

/** Mends all cues. */
export function fixCues(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): FixedCues {
  const gap = rules.gapFrames * frameDuration(context.frameRate);
  const sorted = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
  const fixed = sorted.map((cue, i) => {
    const next = sorted[i + 1];
    const room = next ? next.start - gap : Infinity;
    const need = Math.max(fromSeconds(rules.shortest), fromSeconds(visibleLength(cue.text, rules) / rules.readingSpeed));
    const end = Math.max(cue.start + 1, Math.min(Math.max(cue.end, cue.start + need), cue.start + fromSeconds(rules.longest), room));
    return { ...cue, end: flicks(end) };
  });
  return { cues: fixed, unmet: checkCues(fixed, rules, context) };
}

/** Mends one cue. */
export function fixCue(cues: readonly Cue[], id: string, rules: CaptionRules, context: CaptionContext): FixedCues {
  const all = fixCues(cues, rules, context);
  return { cues: all.cues, unmet: all.unmet.filter((violation) => violation.cue === id) };
}
