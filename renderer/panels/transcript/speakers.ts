import type { Speaker } from '../../../shared/captions/types.ts';
import { m } from '../../../shared/i18n/index.ts';

/** A speaker as a person reads it: the name given, else "Speaker A". Null when nobody knows who speaks. */
export function speakerName(speaker: Speaker | null, id: string | null): string | null {
  if (id === null) return null;
  const name = speaker?.name.trim() ?? '';
  return name === '' || name === id ? m.transcript_speaker({ id }) : name;
}
