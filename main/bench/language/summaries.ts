/**
 * `eval language`, summaries: meetings of QMSum by the app's own way (sentences, embeddings, chapters, summary) at the word count of the
 * reference, the meeting's general summary; beside TextRank, LexRank, lead and random in the same run.
 */
import { findChapters } from '../../../shared/understanding/chapters/index.ts';
import { sentencesOfLines } from '../../../shared/understanding/sentences.ts';
import { summarise } from '../../../shared/understanding/summary/index.ts';
import { readingLength } from '../../../shared/understanding/summary/words.ts';
import { chapterOptionsSchema, type Sentence } from '../../../shared/understanding/types.ts';
import type { LanguageEncoder } from '../../analysis/language/encoder.ts';
import type { Figure } from '../table.ts';
import { lead, lexRank, random, textRank, type Ranking } from './plainSummaries.ts';
import { rouge, type Rouge } from './rouge.ts';

/** A QMSum meeting. */
export interface SummaryMeeting {
  id: string;
  turns: readonly { speaker: string; text: string }[];
  general_summary: string;
}

export interface SummaryEvaluation {
  encoder: Pick<LanguageEncoder, 'embed'>;
  /** Print the summaries. */
  texts: boolean;
  print(line: string): void;
}

const SEEDS = [1, 2, 3, 4, 5];
const LEAST = { one: 0.31, two: 0.06 };
const ABOVE_TEXTRANK = { one: 0.05, two: 0.03 };

type Scores = Record<string, Rouge>;

/** Prints every method's figures over all meetings and over each half; the figures of all are held to the targets. */
export async function evaluateSummaries(meetings: readonly SummaryMeeting[], evaluation: SummaryEvaluation): Promise<Figure[]> {
  const scores: Scores[] = [];
  for (const meeting of meetings) scores.push(await scoresOf(meeting, evaluation));
  const middle = Math.ceil(scores.length / 2);
  for (const [name, part] of [['all', scores], ['first half', scores.slice(0, middle)], ['second half', scores.slice(middle)]] as const) {
    evaluation.print(`ROUGE-1, 2, L (F1, stemmed) at the reference's word count, ${name} (${part.length} meetings)`);
    for (const method of Object.keys(part[0] ?? {})) {
      const { one, two, longest } = meanOf(part, method);
      evaluation.print(`  ${method.padEnd(34)} ${[one, two, longest].map((value) => value.toFixed(3)).join('  ')}`);
    }
  }
  return figuresOf(meanOf(scores, OURS), meanOf(scores, TEXTRANK));
}

const OURS = 'ours';
const TEXTRANK = 'TextRank';

function figuresOf(ours: Rouge, textrank: Rouge): Figure[] {
  const percent = (value: number): number => value * 100;
  const figure = (name: string, key: 'one' | 'two', least: number, above: number): Figure[] => [
    { name, value: percent(ours[key]), unit: '%', reference: { name: TEXTRANK, value: percent(textrank[key]) }, target: { kind: 'at_least', value: percent(least) } },
    { name: `${name} above TextRank`, value: percent(ours[key] - textrank[key]), unit: '%', target: { kind: 'at_least', value: percent(above) } },
  ];
  return [...figure('summary, ROUGE-1', 'one', LEAST.one, ABOVE_TEXTRANK.one), ...figure('summary, ROUGE-2', 'two', LEAST.two, ABOVE_TEXTRANK.two)];
}

function meanOf(scores: readonly Scores[], method: string): Rouge {
  const mean = (key: keyof Rouge): number => scores.reduce((sum, score) => sum + (score[method]?.[key] ?? 0), 0) / Math.max(1, scores.length);
  return { one: mean('one'), two: mean('two'), longest: mean('longest') };
}

async function scoresOf({ id, turns, general_summary: reference }: SummaryMeeting, { encoder, texts, print }: SummaryEvaluation): Promise<Scores> {
  const sentences = sentencesOfLines(turns.map(({ speaker, text }) => `${speaker}: ${text}`), 'en');
  const vectors = await encoder.embed(sentences.map(({ text }) => text), { language: 'minilm', kind: 'passage' });
  const length = readingLength(reference);
  const chapters = findChapters({ sentences, vectors, language: 'en', options: chapterOptionsSchema.parse({}) });
  const summaryBy = (means: readonly Float32Array[] | null): string[] =>
    summarise({ sentences, vectors: means, language: 'en', length: { unit: 'words', value: length }, chapters }).sentences.map(({ text }) => text);
  const ours = summaryBy(vectors);
  if (texts) for (const line of [`\n${id}, ${length} words`, ...ours.map((text) => `  ${text}`)]) print(line);
  const plain = sentences.map(withoutMarks);
  const score = (summary: readonly string[]): Rouge => rouge(reference, summary.join(' '));
  const ranked = (ranking: Ranking): Rouge => score(within(plain, ranking, length));
  const draws = SEEDS.map((seed) => ({ random: ranked(random(plain, seed)) }));
  return {
    [OURS]: score(ours),
    'ours without an encoder': score(summaryBy(null)),
    [TEXTRANK]: ranked(textRank(plain)),
    LexRank: ranked(lexRank(plain)),
    lead: ranked(lead(plain)),
    [`random (mean of ${SEEDS.length})`]: meanOf(draws, 'random'),
  };
}

/** Marks of the transcriber ("{vocalsound}") are nobody's words. */
const withoutMarks = ({ text }: Sentence): string => text.replace(/\{[^{}]*\}/g, ' ');

/** The best ones that fit, in order of the text. */
function within(sentences: readonly string[], ranking: Ranking, words: number): string[] {
  const chosen: number[] = [];
  let left = words;
  for (const index of ranking) {
    const length = readingLength(sentences[index] ?? '');
    if (length === 0 || length > left) continue;
    chosen.push(index);
    left -= length;
  }
  return chosen.sort((a, b) => a - b).map((index) => sentences[index] ?? '');
}
