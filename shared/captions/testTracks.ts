/** Cues and tracks for tests. */
import type { MediaId } from '../media.ts';
import { flicks, ZERO } from '../time.ts';
import { RULES } from './rules.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack, type Cue } from './types.ts';

/** A cue that says its own id; times in flicks. */
export function someCue(id: string, start: number, end: number): Cue {
  return { id, start: flicks(start), end: flicks(end), text: id, words: [], speaker: null, touched: false, spans: [], place: null, extras: {} };
}

export function someTrack(id: string, media: MediaId, cues: Cue[]): CaptionTrack {
  return {
    id, media, cues, language: 'en', name: id, kind: 'speech', speakers: [], rules: RULES['netflix-en'], style: DEFAULT_CAPTION_STYLE,
    isDefault: false, streamedUntil: ZERO, extras: {},
  };
}
