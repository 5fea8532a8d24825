import type { CaptionTrack } from '../../../shared/captions/types.ts';
import { speakerName } from '../transcript/speakers.ts';

/** Who says a sentence, as a person reads it: sentences name a track's speaker by name or by id. Null when nobody knows. */
export function speakerLabel(track: CaptionTrack | null, speaker: string | null): string | null {
  if (speaker === null) return null;
  const byId = track?.speakers.find((each) => each.id === speaker);
  return byId ? speakerName(byId, byId.id) : speaker;
}
