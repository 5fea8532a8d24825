/** Making a caption track, and its speakers. */
import { rulesFor } from './rules.ts';
import { ZERO } from '../time.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionRules, type CaptionTrack, type Cue, type Speaker } from './types.ts';
import type { CueChange } from './cueChange.ts';

export interface NewTrack {
  media: CaptionTrack['media'];
  language: string;
  name: string;
  kind: CaptionTrack['kind'];
  id: string;
  rules?: CaptionRules;
}

/** A track without cues: the language's rules unless others are given, the usual style. */
export function emptyTrack({ media, language, name, kind, id, rules }: NewTrack): CaptionTrack {
  const own = rules ?? rulesFor(language);
  return {
    id,
    media,
    language,
    name,
    kind,
    cues: [],
    speakers: [],
    rules: { ...own },
    // Short-form cues stand large, as vertical clips show them.
    style: own.base === 'short-form' ? { ...DEFAULT_CAPTION_STYLE, size: 8, bold: true } : { ...DEFAULT_CAPTION_STYLE },
    isDefault: false,
    streamedUntil: ZERO,
    extras: {},
  };
}

/** The name of a cue's speaker; null when it has none or the track does not know it. An unnamed speaker is called by its id (A, B, …). */
export function speakerName(track: Pick<CaptionTrack, 'speakers'>, id: string | null): string | null {
  if (id === null) return null;
  const speaker = track.speakers.find((one) => one.id === id);
  return speaker ? speaker.name || speaker.id : null;
}

/** The speakers with one renamed: for `captions.set`. Names are kept to 100 characters. */
export function renameSpeaker(track: Pick<CaptionTrack, 'speakers'>, id: string, name: string): Speaker[] {
  return track.speakers.map((speaker) => (speaker.id === id ? { ...speaker, name: name.trim().slice(0, 100) } : speaker));
}

/** One speaker merged into another: the speakers that are left, for `captions.set`, and the cues that change, for `cues.replace`. */
export function mergeSpeakers(track: Pick<CaptionTrack, 'speakers' | 'cues'>, from: string, into: string): { speakers: Speaker[]; cues: CueChange } {
  const known = track.speakers.some((speaker) => speaker.id === into);
  if (from === into || !known) return { speakers: track.speakers, cues: { remove: [], insert: [] } };
  const moved: Cue[] = track.cues.filter((cue) => cue.speaker === from).map((cue) => ({ ...cue, speaker: into }));
  return {
    speakers: track.speakers.filter((speaker) => speaker.id !== from),
    cues: { remove: moved.map((cue) => cue.id), insert: moved },
  };
}
