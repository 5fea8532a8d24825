/** `bench language`: an hour of talk, a correction, a query over very many stored sentences, and memory. Meetings of QMSum, where they are, give the text. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openEncoder } from '../analysis/language/encoder.ts';
import type { Inference } from '../inference/types.ts';
import { measureHour, measureLanguageMemory } from './language/hour.ts';
import { measureMillion } from './language/million.ts';
import type { SearchMeeting } from './language/search.ts';
import { machineLine, report, type Figure } from './table.ts';

export interface LanguageBenchOptions {
  /** qmsum-val.json.gz */
  data: string;
  /** One part's name; null: all. */
  part: string | null;
  sentences: number;
  inference: Inference;
  print(line: string): void;
}

type Part = (meetings: readonly SearchMeeting[] | null, options: LanguageBenchOptions) => Promise<Figure[]>;

const PARTS: Readonly<Record<string, Part>> = {
  hour: (meetings, { inference, print }) => measureHour(meetings, inference, print),
  memory: (meetings) => measureLanguageMemory(meetings),
  million: measureStored,
};
export const LANGUAGE_BENCH_PARTS: readonly string[] = Object.keys(PARTS);

/** Prints everything; true when the targets are met. */
export async function run(options: LanguageBenchOptions): Promise<boolean> {
  const { data, part, print } = options;
  print(machineLine());
  const meetings = existsSync(data) ? (JSON.parse(gunzipSync(readFileSync(data)).toString('utf8')) as SearchMeeting[]) : null;
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(PARTS)) if (part === null || part === name) figures.push(...(await measure(meetings, options)));
  return report(figures, print);
}

async function measureStored(meetings: readonly SearchMeeting[] | null, { sentences, inference, print }: LanguageBenchOptions): Promise<Figure[]> {
  if (meetings === null) {
    print('a query over many sentences is not measured: the meetings (--data) that they are made of are not there');
    return [];
  }
  const encoder = openEncoder(inference, null);
  try {
    return await measureMillion(meetings, encoder, Math.ceil(sentences / 1000) * 1000, print);
  } finally {
    await encoder.close();
  }
}
