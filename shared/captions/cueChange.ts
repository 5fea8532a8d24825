/** What an operation on cues answers with. */
import type { Cue } from './types.ts';

/** As `cues.replace` takes it: ids that go and cues that come; an id in both is replaced. */
export interface CueChange {
  remove: string[];
  insert: Cue[];
}

/** The change that puts `cues` in the place of those with the same ids, marked as changed by a person. */
export function replaceWith(cues: readonly Cue[]): CueChange {
  return { remove: cues.map((cue) => cue.id), insert: cues.map((cue) => ({ ...cue, touched: true })) };
}
