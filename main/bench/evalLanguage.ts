/** `eval language`: summaries, chapters, search and answers on texts with known answers, each beside plain methods in the same run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openEncoder, type LanguageEncoder } from '../analysis/language/encoder.ts';
import type { Inference } from '../inference/types.ts';
import type { EmbeddingCache } from '../library/types.ts';
import { evaluateAnswers, type AskedMeeting } from './language/answers.ts';
import { evaluateChapters } from './language/chapters.ts';
import { evaluateSearch, type SearchMeeting } from './language/search.ts';
import { evaluateSummaries, type SummaryMeeting } from './language/summaries.ts';
import { machineLine, report, type Figure } from './table.ts';

export interface LanguageEvalOptions {
  /** Folder with qmsum-val.json.gz and choi-resampled.json.gz. */
  data: string;
  /** One part's name; null: all. */
  part: string | null;
  /** Print what was written and found. */
  texts: boolean;
  inference: Inference;
  /** Keeps embeddings between runs; null embeds everything. */
  cache: EmbeddingCache | null;
  print(line: string): void;
}

/** What a part is given. */
export interface LanguageEvalContext {
  /** Reads `name`.json.gz of the data folder. Throws when it isn't there. */
  read(name: string): unknown;
  encoder: LanguageEncoder;
  texts: boolean;
  print(line: string): void;
}

/** Each returns figures with their targets. */
const PARTS: Readonly<Record<string, (context: LanguageEvalContext) => Promise<Figure[]>>> = {
  summary: (context) => evaluateSummaries(context.read('qmsum-val') as SummaryMeeting[], context),
  chapters: evaluateChapters,
  search: ({ read, encoder }) => evaluateSearch(read('qmsum-val') as SearchMeeting[], encoder),
  answers: ({ read, encoder }) => evaluateAnswers(read('qmsum-val') as AskedMeeting[], encoder),
};
export const LANGUAGE_PARTS: readonly string[] = Object.keys(PARTS);

/** Prints everything; true when all targets are met. */
export async function run({ data, part, texts, inference, cache, print }: LanguageEvalOptions): Promise<boolean> {
  print(machineLine());
  const encoder = openEncoder(inference, cache);
  const read = (name: string): unknown => {
    const path = join(data, `${name}.json.gz`);
    if (!existsSync(path)) throw new Error(`${path} is not there: give the folder with --data DIR`);
    return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
  };
  try {
    let met = true;
    for (const [name, evaluate] of Object.entries(PARTS)) {
      if (part !== null && part !== name) continue;
      print(`\n${name}`);
      met = report(await evaluate({ read, encoder, texts, print }), print) && met;
    }
    return met;
  } finally {
    await encoder.close();
  }
}
