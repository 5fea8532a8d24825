import { formatSummary } from '../../../shared/understanding/summary/index.ts';
import { m } from '../../../shared/i18n/index.ts';
import type { AppState } from '../../state/app.svelte.ts';
import { speakerLabel } from './speaker-label.ts';

/** The summary as it is shown now, as a text: Markdown, or as plain text in the chosen form. Empty before there is one. */
export function summaryText(app: AppState, form: 'text' | 'md'): string {
  const { shown } = app.summary;
  if (!shown) return '';
  const { track, settings } = app.story;
  const named = { ...shown, sentences: shown.sentences.map((each) => ({ ...each, speaker: speakerLabel(track, each.speaker) })) };
  return formatSummary(named, form === 'md' ? 'md' : settings.summaryForm, { title: app.media.current?.media.name ?? '', terms: m.story_terms() });
}
