import type { CaptionTrack } from '../../../shared/captions/types.ts';
import { m } from '../../../shared/i18n/index.ts';
import { formatCount } from '../../ui/format.ts';
import { languageName } from './languages.ts';

/** What a track is called: its own name, else its language, told apart by what it is. */
export function trackName(track: CaptionTrack): string {
  if (track.name.trim() !== '') return track.name;
  const language = languageName(track.language);
  return track.kind === 'translation' ? m.captions_track_translation({ language }) : language;
}

/** With the number of its cues, for lists. */
export function trackLabel(track: CaptionTrack): string {
  return `${trackName(track)} · ${formatCount(track.cues.length)}`;
}
