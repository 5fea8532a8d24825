/** `eval language`, summaries. */
import type { LanguageEvalContext } from '../evalLanguage.ts';
import type { Figure } from '../table.ts';

export interface SummaryMeeting {
  id: string;
  turns: readonly { speaker: string; text: string }[];
  general_summary: string;
}

export async function evaluateSummaries(meetings: readonly SummaryMeeting[], { encoder }: LanguageEvalContext): Promise<Figure[]> {
  await encoder.hash('minilm');
  return [{ name: 'meetings', value: meetings.length, unit: '', target: null }];
}
