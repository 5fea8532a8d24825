/** For tests: real models that stay loaded and whose answers are remembered by their input, so that the same window is not run twice. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalysisEvent } from '../../shared/events.ts';
import { createInference } from '../inference/index.ts';
import { searchTerms } from '../inference/labels.ts';
import { buildWorker, CLIPS, keepLoaded, memoryFacts, MODELS } from '../inference/testRuntime.ts';
import type { Inference, ModelSession, Tensor } from '../inference/types.ts';
import { openLibrary } from '../library/library.ts';
import type { Library } from '../library/types.ts';
import { analyze, type AnalyzeOptions } from './analyze.ts';
import type { Media } from '../../shared/media.ts';

export const clip = (name: string): string => join(CLIPS, name);

export interface TestInference extends Inference {
  /** Models opened since the last look. */
  opened: string[];
  /** Runs that no earlier one had the input of, by model. */
  fresh: Record<string, number>;
}

export interface Bench {
  folder: string;
  inference: TestInference;
  library(name: string): Library;
  close(): Promise<void>;
}

/** Everything an analysis needs, in a folder of its own. `programs`: as for `buildWorker`. */
export async function openBench(programs: Record<string, string> = {}): Promise<Bench> {
  const worker = await buildWorker(programs);
  const folder = mkdtempSync(join(tmpdir(), 'rushes-analysis-'));
  const inner = createInference({ facts: memoryFacts(), workerPath: worker.workerPath, modelsDir: MODELS, candidates: [] });
  const libraries: Library[] = [];
  return {
    folder,
    inference: remembering(keepLoaded(inner)),
    library: (name) => {
      const library = openLibrary({ folder: join(folder, name), searchTerms });
      libraries.push(library);
      return library;
    },
    close: async () => {
      for (const library of libraries) library.close();
      await inner.close();
      worker.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function remembering(inner: Inference): TestInference {
  const answers = new Map<string, Record<string, Tensor>>();
  const outer: TestInference = Object.assign(Object.create(inner) as Inference, {
    opened: [] as string[],
    fresh: {} as Record<string, number>,
    open: async (model: string, options?: Parameters<Inference['open']>[1]): Promise<ModelSession> => {
      outer.opened.push(model);
      const session = await inner.open(model, options);
      return {
        model: session.model,
        provider: session.provider,
        close: () => session.close(),
        run: async (inputs) => {
          const hash = createHash('sha1').update(model);
          for (const { data } of Object.values(inputs)) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
          const key = hash.digest('hex');
          const known = answers.get(key);
          if (known) return structuredClone(known);
          outer.fresh[model] = (outer.fresh[model] ?? 0) + 1;
          const answer = await session.run(inputs);
          answers.set(key, structuredClone(answer));
          return answer;
        },
      };
    },
  });
  return outer;
}

export const ALL = ['shots', 'keyframes', 'tags'] as const;

/** All events of an analysis; `onEvent` sees each as it comes. */
export async function eventsOf(media: Media, options: Omit<AnalyzeOptions, 'stages'> & { stages?: AnalyzeOptions['stages'] }, onEvent?: (event: AnalysisEvent) => void): Promise<AnalysisEvent[]> {
  const events: AnalysisEvent[] = [];
  for await (const event of analyze(media, { stages: ALL, ...options })) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
}

/** Shots, keyframes and tags in a fixed order, without what may differ from run to run. */
export function results(events: readonly AnalysisEvent[]): AnalysisEvent[] {
  const rank = { shot: 0, keyframe: 1, tag: 2 };
  return events
    .filter((event) => event.type === 'shot' || event.type === 'keyframe' || event.type === 'tag')
    .map((event, order) => ({ event, order }))
    .sort((a, b) => shotOf(a.event) - shotOf(b.event) || rank[a.event.type] - rank[b.event.type] || a.order - b.order)
    .map(({ event }) => event);
}

const shotOf = (event: { type: 'shot'; index: number } | { type: 'keyframe' | 'tag'; shot: number }): number => (event.type === 'shot' ? event.index : event.shot);

export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
}

/** Presentation times of the video's frames, in seconds. */
export function frameTimes(path: string): number[] {
  const text = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', path], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => (line.replace(',', '').trim() === '' ? [] : [Number(line.replace(',', ''))]));
}
