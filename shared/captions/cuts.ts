/** Moving cues' edges to shot cuts. */
import { FLICKS_PER_SECOND, flicks, frameDuration } from '../time.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

/** Cues with their in and out times on shot cuts that are near. */
export function snapToCuts(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): Cue[] {
  const gap = rules.gapFrames * frameDuration(context.frameRate);
  const reach = rules.snapSeconds * FLICKS_PER_SECOND;
  return cues.map((cue) => {
    const on = context.cuts.find((cut) => Math.abs(cut - cue.start) < reach) ?? cue.start;
    const off = context.cuts.find((cut) => Math.abs(cut - cue.end) < reach);
    const end = off === undefined ? cue.end : off - gap;
    return end > on ? { ...cue, start: on, end: flicks(end) } : cue;
  });
}
