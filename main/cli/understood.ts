/** What a command learns of a text: summary and chapters, with the warnings told. */
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { understandRequestSchema, type Chapter, type Sentence, type Summary, type UnderstandEvent, type UnderstandRequest } from '../../shared/understanding/types.ts';
import type { CommandContext } from './run.ts';
import { progressLine } from './words.ts';

export interface Understood {
  summary: Summary | null;
  chapters: Chapter[];
}

/** The talk of a media is put into the library's index by the way, so that `rushes search` knows it. */
export async function understandText(
  source: { sentences: Sentence[]; language: string; name: string; media: Media | null },
  wanted: Pick<UnderstandRequest, 'summary' | 'chapters'>,
  { engine, output, signal }: CommandContext,
): Promise<Understood> {
  const { sentences, language, media } = source;
  const opened = await engine();
  const understood: Understood = { summary: null, chapters: [] };
  const request = understandRequestSchema.parse({ ...wanted, media: media?.id ?? null, language, sentences, index: media !== null });
  for await (const event of opened.jobs.understand(request, signal)) {
    if (event.type === 'progress') output.progress(progressLine(event));
    else if (event.type === 'warning') output.note(m.cli_warning({ sentence: sentenceOf(event, source) }));
    else if (event.type === 'summary') understood.summary = event.summary;
    else if (event.type === 'chapters') understood.chapters = event.chapters;
  }
  output.clearProgress();
  return understood;
}

function sentenceOf({ code }: Extract<UnderstandEvent, { type: 'warning' }>, { name, language }: { name: string; language: string }): string {
  switch (code) {
    case 'language_unknown':
      return m.cli_understand_language_unknown({ language });
    case 'no_sentences':
      return m.cli_understand_no_sentences({ name });
    case 'provider_fell_back':
      return m.cli_understand_fell_back();
    case 'not_saved':
      return m.cli_understand_not_saved({ name });
  }
}
