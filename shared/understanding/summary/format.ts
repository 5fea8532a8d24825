/** A summary as text. */
import { formatClock } from '../../time.ts';
import type { Summary, SummarySentence } from '../types.ts';
import { hasNoSpaces } from './words.ts';

export type SummaryForm = 'text' | 'bullets' | 'md';

/** What the text around it says, in the reader's language. */
export interface SummaryNames {
  title: string;
  /** Heading of the key terms. */
  terms: string;
}

/** Prose, a list of "-", or Markdown with title, times, speakers and key terms. Empty for an empty summary, whatever the form. */
export function formatSummary(summary: Summary, form: SummaryForm, names: SummaryNames): string {
  if (summary.sentences.length === 0) return '';
  switch (form) {
    case 'text':
      return prose(summary.sentences);
    case 'bullets':
      return summary.sentences.map(({ text }) => `- ${text}`).join('\n');
    case 'md':
      return markdown(summary, names);
  }
}

/** Sentences after one another; no space between East Asian ones. */
function prose(sentences: readonly SummarySentence[]): string {
  let text = '';
  for (const sentence of sentences) text += text === '' || (hasNoSpaces(text.slice(-2)) && hasNoSpaces(sentence.text.slice(0, 1))) ? sentence.text : ` ${sentence.text}`;
  return text;
}

function markdown({ sentences, terms }: Summary, names: SummaryNames): string {
  const lines = names.title === '' ? [] : [`# ${escaped(names.title)}`, ''];
  for (const { text, start, speaker } of sentences) {
    const time = start === null ? '' : `**${formatClock(start, 0)}** `;
    const who = speaker === null ? '' : `*${escaped(speaker)}:* `;
    lines.push(`- ${time}${who}${escaped(text)}`);
  }
  if (terms.length > 0) lines.push('', `## ${names.terms}`, '', terms.map(({ term }) => escaped(term)).join(' · '));
  return lines.join('\n');
}

/** Marks that Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/gu, '\\$&');
}
