/** `rushes summarize`: the sentences that stand for a talk, as text, Markdown or JSON. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { toSeconds } from '../../shared/time.ts';
import { formatSummary } from '../../shared/understanding/summary/index.ts';
import type { Sentence, Summary } from '../../shared/understanding/types.ts';
import { checkTarget, writeSafely } from '../media/safeFile.ts';
import type { CommandContext } from './run.ts';
import type { SummarizeOptions } from './summarizeOptions.ts';
import { readText } from './textSource.ts';
import { understandText } from './understood.ts';

export async function summarize(options: SummarizeOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { file, length, out, overwrite } = options;
  const target = out === null ? null : { path: out, overwrite, inputs: file === '-' ? [] : [file] };
  if (target) await checkTarget(target);
  const source = await readText(file, context, options.language);
  // Chapters are found too: the summary covers them.
  const { summary } = await understandText(source, { summary: length, chapters: {} }, context);
  throwIfCancelled(signal);
  const text = textOf(options, summary, source);
  if (target) {
    await writeSafely(target, `${text}\n`);
    output.note(m.cli_wrote({ path: target.path }));
  } else if (text !== '') {
    await output.line(text);
  }
}

function textOf({ format }: SummarizeOptions, summary: Summary | null, { sentences, language, name }: { sentences: readonly Sentence[]; language: string; name: string }): string {
  const found: Summary = summary ?? { sentences: [], terms: [], method: 'words', whole: true };
  switch (format) {
    case 'txt':
      return formatSummary(found, 'text', { title: '', terms: '' });
    case 'md':
      return formatSummary(found, 'md', { title: name, terms: m.story_terms() });
    case 'json':
      return JSON.stringify(summaryToJson(found, sentences, language));
  }
}

/** Times in seconds where there are any; `line` counts from 0, as the cue or line of the text. */
function summaryToJson(summary: Summary, sentences: readonly Sentence[], language: string): Record<string, unknown> {
  return {
    language,
    method: summary.method,
    sentences: summary.sentences.map(({ sentence, text, start, end, speaker, score }) => ({
      text,
      verbatim: sentences[sentence]?.text ?? text,
      ...(start === null || end === null ? {} : { start: toSeconds(start), end: toSeconds(end) }),
      ...(speaker === null ? {} : { speaker }),
      line: sentences[sentence]?.line ?? 0,
      score: Number(score.toFixed(4)),
    })),
    terms: summary.terms.map(({ term }) => term),
  };
}
