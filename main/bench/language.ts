/** `bench language`: a query over very many stored sentences. Meetings of QMSum, where they are, give the text. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openEncoder } from '../analysis/language/encoder.ts';
import type { Inference } from '../inference/types.ts';
import { measureMillion } from './language/million.ts';
import type { SearchMeeting } from './language/search.ts';
import { machineLine, report } from './table.ts';

export interface LanguageBenchOptions {
  /** qmsum-val.json.gz */
  data: string;
  sentences: number;
  inference: Inference;
  print(line: string): void;
}

/** True when the targets are met. */
export async function run({ data, sentences, inference, print }: LanguageBenchOptions): Promise<boolean> {
  if (!existsSync(data)) throw new Error(`${data} is not there: the benchmark makes its text of real meetings`);
  print(machineLine());
  const meetings = JSON.parse(gunzipSync(readFileSync(data)).toString('utf8')) as SearchMeeting[];
  const encoder = openEncoder(inference, null);
  try {
    return report(await measureMillion(meetings, encoder, Math.ceil(sentences / 1000) * 1000, print), print);
  } finally {
    await encoder.close();
  }
}
