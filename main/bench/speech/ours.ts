/** Our own transcription, timed, in this process: with a fresh library each time, so that nothing comes from one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cue, Word } from '../../../shared/captions/types.ts';
import { joinWords } from '../../../shared/captions/text.ts';
import { transcribeOptionsSchema, type TranscribeOptions } from '../../../shared/speech.ts';
import { transcribe } from '../../analysis/speech/transcribe.ts';
import type { Inference } from '../../inference/types.ts';
import { openLibrary } from '../../library/library.ts';
import { probeMedia } from '../../media/probe.ts';

export interface Transcribed {
  text: string;
  words: Word[];
  cues: Cue[];
  language: string;
  /** Wall time with decoding and opening the models, and processor time of this process. */
  seconds: number;
  cpu: number;
  /** Wall time to the first cue; null without any. */
  first: number | null;
  warnings: string[];
}

export async function transcribeFile(path: string, inference: Inference, options: Partial<TranscribeOptions> = {}): Promise<Transcribed> {
  const folder = mkdtempSync(join(tmpdir(), 'rushes-bench-speech-'));
  const library = openLibrary({ folder, searchTerms: () => [] });
  const cues = new Map<string, Cue>();
  const warnings: string[] = [];
  let [language, first] = ['und', null as number | null];
  const started = performance.now();
  const cpu = process.cpuUsage();
  try {
    const media = await probeMedia(path);
    library.putMedia(media);
    for await (const event of transcribe(media, { ...transcribeOptionsSchema.parse(options), inference, library })) {
      if (event.type === 'cue') {
        first ??= (performance.now() - started) / 1000;
        cues.set(event.cue.id, event.cue);
      } else if (event.type === 'done') language = event.language;
      else if (event.type === 'warning') warnings.push(event.code);
    }
  } finally {
    library.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const list = [...cues.values()].sort((a, b) => a.start - b.start);
  const words = list.flatMap((cue) => cue.words);
  return { text: joinWords(words), words, cues: list, language, seconds, cpu: (used.user + used.system) / 1e6, first, warnings };
}
