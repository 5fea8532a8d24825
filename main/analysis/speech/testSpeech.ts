/** For tests: real speech models and libraries in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cue } from '../../../shared/captions/types.ts';
import { transcribeOptionsSchema, type SpeechEvent } from '../../../shared/speech.ts';
import { createInference } from '../../inference/index.ts';
import { buildWorker, keepLoaded, memoryFacts, MODELS } from '../../inference/testRuntime.ts';
import type { Inference } from '../../inference/types.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import { probeMedia } from '../../media/probe.ts';
import { transcribe } from './transcribe.ts';

/** For `skip` of a test whose speech is synthesised: not every ffmpeg has the filter. */
export const NO_FLITE = [spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'flite=text=a', '-f', 'null', '-']).status !== 0, 'this ffmpeg has no flite filter'] as const;

export interface SpeechBench {
  folder: string;
  inference: Inference;
  /** A library of its own for each name. */
  library(name: string): Library;
  close(): Promise<void>;
}

export async function openSpeechBench(): Promise<SpeechBench> {
  const worker = await buildWorker({ 'speech-worker': 'main/analysis/speech/worker.ts' });
  const folder = mkdtempSync(join(tmpdir(), 'rushes-speech-'));
  const inference = keepLoaded(createInference({ facts: memoryFacts(), workerPath: worker.workerPath, modelsDir: MODELS, candidates: [] }));
  const libraries: Library[] = [];
  return {
    folder,
    inference,
    library: (name) => {
      const library = openLibrary({ folder: join(folder, `library-${createHash('sha1').update(name).digest('hex')}`), searchTerms: () => [] });
      libraries.push(library);
      return library;
    },
    close: async () => {
      for (const library of libraries) library.close();
      await inference.close();
      worker.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A file made by ffmpeg in the bench's folder. */
export function makeSound({ folder }: SpeechBench, name: string, ...args: string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path]);
  return path;
}

/** Input arguments for a text spoken by ffmpeg's synthesizer. */
export const say = (text: string, voice = 'slt'): string[] => ['-f', 'lavfi', '-i', `flite=text='${text}':voice=${voice}`];

export interface Heard {
  events: SpeechEvent[];
  cues: Cue[];
  /** Of all cues, in small letters without marks. */
  text: string;
}

/** Transcribes a file, as English with one speaker where `options` don't say otherwise. */
export async function hearFile(bench: SpeechBench, path: string, options: Record<string, unknown> = {}, library = bench.library(path)): Promise<Heard> {
  const media = await probeMedia(path);
  const events: SpeechEvent[] = [];
  for await (const event of transcribe(media, { ...transcribeOptionsSchema.parse({ language: 'en', speakers: false, ...options }), inference: bench.inference, library })) events.push(event);
  const cues = new Map(events.flatMap((event) => (event.type === 'cue' ? [[event.cue.id, event.cue]] : [])));
  const ordered = [...cues.values()].sort((a, b) => a.start - b.start);
  return { events, cues: ordered, text: plainText(ordered.map(({ text }) => text).join(' ')) };
}

export const plainText = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, '').replace(/\s+/g, ' ').trim();
