/**
 * `eval language`, chapters: Choi's joined documents (Pk and WindowDiff, number of segments unknown) beside C99 in the same run, and the topics
 * of QMSum's meetings (F1 of borders within 3 % of the length) beside a uniform split with as many segments.
 */
import { findChapters } from '../../../shared/understanding/chapters/index.ts';
import { isContent, stem, wordsOf } from '../../../shared/understanding/chapters/words.ts';
import { sentencesOfLines } from '../../../shared/understanding/sentences.ts';
import { chapterOptionsSchema, type Sentence } from '../../../shared/understanding/types.ts';
import type { LanguageEncoder } from '../../analysis/language/encoder.ts';
import type { Figure } from '../table.ts';
import { borderErrors, borderF1, type BorderErrors } from './borders.ts';
import { c99 } from './c99.ts';

export interface JoinedDocument {
  id: string;
  sentences: readonly string[];
  /** Sentences that begin a segment, without the first. */
  boundaries: readonly number[];
}

export interface TopicMeeting {
  id: string;
  turns: readonly { speaker: string; text: string }[];
  topics: readonly { topic: string; spans: readonly (readonly [number, number])[] }[];
}

export interface ChapterEvaluation {
  read(name: string): unknown;
  encoder: Pick<LanguageEncoder, 'embed'>;
  /** Print the chapters of the meetings. */
  texts: boolean;
  print(line: string): void;
}

const MOST_ERRORS = 0.05;
const TOLERANCE = 0.03;
const ABOVE_UNIFORM = 2;
const OPTIONS = chapterOptionsSchema.parse({});

export async function evaluateChapters(evaluation: ChapterEvaluation): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, judged] of [['choi-resampled', true], ['choi', false]] as const) {
    const documents = readIfThere(name, evaluation);
    if (documents) figures.push(...(await joined(name, documents as JoinedDocument[], judged, evaluation)));
  }
  const talks = readIfThere('qmsum-val', evaluation);
  if (talks) figures.push(...(await meetings(talks as TopicMeeting[], evaluation)));
  return figures;
}

/** Null, told, when the data can't be read; whatever fails later is an error. */
function readIfThere(name: string, { read, print }: ChapterEvaluation): unknown {
  try {
    return read(name);
  } catch (error) {
    print(`Left out: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function joined(name: string, documents: readonly JoinedDocument[], judged: boolean, { encoder }: ChapterEvaluation): Promise<Figure[]> {
  const [ours, byWords, reference]: [BorderErrors[], BorderErrors[], BorderErrors[]] = [[], [], []];
  for (const { sentences: texts, boundaries } of documents) {
    const sentences = texts.map((text, line): Sentence => ({ text, line, start: null, end: null, speaker: null }));
    const vectors = await encoder.embed(texts, { language: 'minilm', kind: 'passage' });
    ours.push(borderErrors(boundaries, bordersOf(sentences, vectors), texts.length));
    byWords.push(borderErrors(boundaries, bordersOf(sentences, null), texts.length));
    reference.push(borderErrors(boundaries, c99(texts.map((text) => wordsOf(text, 'en').filter(isContent).map(stem))), texts.length));
  }
  const figure = (label: string, errors: readonly BorderErrors[], key: keyof BorderErrors, target: number | null): Figure => ({
    name: `${name}: ${label}`,
    value: 100 * mean(errors.map((error) => error[key])),
    unit: '%',
    reference: { name: 'C99', value: 100 * mean(reference.map((error) => error[key])) },
    target: target === null ? null : { kind: 'at_most', value: 100 * target },
  });
  return [
    figure('Pk', ours, 'pk', judged ? MOST_ERRORS : null),
    figure('WindowDiff', ours, 'windowDiff', judged ? MOST_ERRORS : null),
    figure('Pk, words alone', byWords, 'pk', null),
    figure('WindowDiff, words alone', byWords, 'windowDiff', null),
  ];
}

const bordersOf = (sentences: readonly Sentence[], vectors: readonly Float32Array[] | null): number[] =>
  findChapters({ sentences, vectors, language: 'en', options: OPTIONS }).slice(1).map(({ firstSentence }) => firstSentence);

interface MeetingScore {
  ours: number;
  words: number;
  uniform: number;
}

async function meetings(all: readonly TopicMeeting[], { encoder, texts, print }: ChapterEvaluation): Promise<Figure[]> {
  const scores: MeetingScore[] = [];
  for (const { id, turns, topics } of all) {
    const sentences = sentencesOfLines(turns.map(({ speaker, text }) => `${speaker}: ${text}`), 'en');
    const vectors = await encoder.embed(sentences.map(({ text }) => text), { language: 'minilm', kind: 'passage' });
    const right = topicBorders(topics);
    const lineOf = (sentence: number): number => sentences[sentence]?.line ?? 0;
    const chapters = findChapters({ sentences, vectors, language: 'en', options: OPTIONS });
    const found = chapters.slice(1).map(({ firstSentence }) => lineOf(firstSentence));
    const uniform = found.map((_, i) => Math.round(((i + 1) * turns.length) / (found.length + 1)));
    const score = (borders: readonly number[]): number => borderF1(right, borders, TOLERANCE * turns.length);
    scores.push({ ours: score(found), words: score(bordersOf(sentences, null).map(lineOf)), uniform: score(uniform) });
    if (texts) for (const line of [`\n${id}`, ...chapters.map(({ title, firstSentence }) => `  ${String(lineOf(firstSentence)).padStart(5)} ${title}`)]) print(line);
  }
  const middle = Math.ceil(scores.length / 2);
  return [figureOf('', scores, true), figureOf(', first half', scores.slice(0, middle), false), figureOf(', second half', scores.slice(middle), false), byWords(scores)];
}

function figureOf(part: string, scores: readonly MeetingScore[], judged: boolean): Figure {
  const uniform = 100 * mean(scores.map((score) => score.uniform));
  return {
    name: `QMSum${part}: F1 of borders within ${100 * TOLERANCE} %`,
    value: 100 * mean(scores.map((score) => score.ours)),
    unit: '%',
    reference: { name: 'uniform', value: uniform },
    target: judged ? { kind: 'at_least', value: ABOVE_UNIFORM * uniform } : null,
  };
}

const byWords = (scores: readonly MeetingScore[]): Figure => ({
  name: `QMSum: F1 of borders within ${100 * TOLERANCE} %, words alone`,
  value: 100 * mean(scores.map((score) => score.words)),
  unit: '%',
  target: null,
});

/** Turns where a topic's span begins; a topic that comes back begins again. */
export function topicBorders(topics: TopicMeeting['topics']): number[] {
  const starts = new Set(topics.flatMap(({ spans }) => spans.map(([first]) => first)));
  return [...starts].sort((a, b) => a - b).slice(1);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
