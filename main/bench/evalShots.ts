/**
 * `eval shots`: our shots beside the reference's on clips whose predictions are known, and our conversion of scores to scenes
 * on the scores and labels of the SHOT test set (200 short videos; AutoShot, Zhu et al. 2023).
 */
import { access, readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ShotEvent } from '../../shared/events.ts';
import { flicks } from '../../shared/time.ts';
import { SessionPool } from '../analysis/models.ts';
import { ShotPass } from '../analysis/shotPass.ts';
import { ShotBuilder } from '../analysis/shots.ts';
import { openScorer } from '../analysis/transnet.ts';
import type { Inference } from '../inference/types.ts';
import { decodeVideo } from '../media/decode.ts';
import { probeMedia } from '../media/probe.ts';
import { compareScenes, f1, scenesOf, scenesOfShots, type Agreement, type Scene } from './reference.ts';

export interface ShotsEvalOptions {
  /** Folder with the reference predictions and labels. */
  data: string;
  /** Folders where the clips may lie, tried in order. */
  clips: readonly string[];
  inference: Inference;
  print(line: string): void;
}

const PREDICTIONS = '.predictions.txt';
const pairsSchema = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));
const scoresSchema = z.record(z.string(), z.array(z.number()));
const labelsSchema = z.record(z.string(), z.unknown());

/** Prints F1, missed and extra cuts for each clip and in total. Without the data folder it says so. */
export async function run(options: ShotsEvalOptions): Promise<void> {
  const { data, print } = options;
  const files = await readdir(data).catch(() => null);
  if (!files) {
    print(`eval shots: no folder ${data}; nothing to compare with. Give another with --data DIR.`);
    return;
  }
  await evaluateClips(files.filter((file) => file.endsWith(PREDICTIONS)), options);
  if (files.includes('autoshot_scores.json') && files.includes('gt_scenes.json')) await evaluateConversion(options);
}

async function evaluateClips(files: readonly string[], options: ShotsEvalOptions): Promise<void> {
  const { print, data } = options;
  print('Clips: ours beside the reference predictions of TransNetV2 (threshold 0.5), ±2 frames');
  const labels = await hardCuts(data);
  const totals: Agreement[] = [];
  const pool = new SessionPool(options.inference, () => undefined);
  try {
    const sessions = await openScorer(pool);
    for (const file of files) {
      const name = basename(file, PREDICTIONS);
      const clip = await firstOf(options.clips.map((folder) => join(folder, name)));
      if (!clip) {
        print(`  ${name}: the clip isn't here`);
        continue;
      }
      const pass = await shotsOf(clip, sessions);
      const reference = await referenceScenes(data, name);
      const agreement = compareScenes(reference, scenesOfShots(pass));
      totals.push(agreement);
      print(row(name, agreement));
      const cuts = labels.get(name);
      if (cuts) {
        const truth = scenesOfCuts(cuts, pass.at(-1)?.endFrame ?? 0);
        print(row('  labelled by eye, ours', compareScenes(truth, scenesOfShots(pass))));
        print(row('  labelled by eye, reference', compareScenes(truth, reference)));
      }
    }
  } finally {
    await pool.close();
  }
  print(row('all clips', total(totals)));
}

async function shotsOf(path: string, sessions: Awaited<ReturnType<typeof openScorer>>): Promise<ShotEvent[]> {
  const shots: ShotEvent[] = [];
  const pass = new ShotPass(sessions, null, { onShot: (shot) => shots.push(shot), onFrame: () => undefined });
  const decode = decodeVideo(await probeMedia(path), { small: true, samples: false });
  await pass.run(decode.small, async () => (await decode.end).endTime);
  return shots;
}

/** The reference's own scene file where there is one, else its predictions converted. */
async function referenceScenes(data: string, name: string): Promise<Scene[]> {
  const scenes = await readFile(join(data, `${name}.scenes.txt`), 'utf8').catch(() => null);
  const rows = (text: string): number[][] => text.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  if (scenes) return rows(scenes).map(([first = 0, last = 0]) => ({ first, last }));
  return scenesOf(rows(await readFile(join(data, name + PREDICTIONS), 'utf8')).map(([single = 0]) => single));
}

/** Last frames before hard cuts, by clip. */
async function hardCuts(data: string): Promise<Map<string, number[]>> {
  const text = await readFile(join(data, 'labels_hardcuts.json'), 'utf8').catch(() => '{}');
  const found = new Map<string, number[]>();
  for (const [key, value] of Object.entries(labelsSchema.parse(JSON.parse(text)))) {
    const cuts = z.array(z.number()).safeParse(value);
    if (cuts.success) found.set(basename(key), cuts.data);
  }
  return found;
}

function scenesOfCuts(cuts: readonly number[], frames: number): Scene[] {
  return [...cuts, frames - 1].map((last, i) => ({ first: i === 0 ? 0 : (cuts[i - 1] ?? 0) + 1, last }));
}

async function evaluateConversion({ data, print }: ShotsEvalOptions): Promise<void> {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(data, file), 'utf8'));
  const scores = scoresSchema.parse(await read('autoshot_scores.json'));
  const truth = pairsSchema.parse(await read('gt_scenes.json'));
  print("SHOT test set: AutoShot's scores, our conversion to scenes and our comparison (published: 0.8295 at 0.5, 0.8405 at 0.296)");
  for (const threshold of [0.5, 0.296]) {
    const each = Object.entries(truth).flatMap(([video, scenes]) => {
      const values = scores[video];
      return values ? [compareScenes(scenes.map(([first, last]) => ({ first, last })), convert(values, threshold))] : [];
    });
    print(`  ${each.length} videos at ${threshold}: ${figures(total(each))}`);
  }
}

/**
 * Through the same builder as the app's shots; AutoShot has one head only, so it stands for both. There are no pictures here:
 * `returns` says that none comes back, so that no cut is taken for a flash.
 */
function convert(scores: readonly number[], threshold: number): Scene[] {
  const builder = new ShotBuilder();
  const shots = scores.flatMap((score, index) => {
    const flagged = score > threshold ? 1 : 0;
    return builder.push({ index, time: flicks(index), single: flagged, many: flagged, luma: 128, spread: 64, change: score, returns: 1 });
  });
  return scenesOfShots([...shots, ...builder.finish(flicks(scores.length))]);
}

function total(agreements: readonly Agreement[]): Agreement {
  return {
    hits: agreements.reduce((sum, each) => sum + each.hits, 0),
    missed: agreements.flatMap((each) => each.missed),
    extra: agreements.flatMap((each) => each.extra),
  };
}

const figures = (agreement: Agreement): string =>
  `F1 ${f1(agreement).toFixed(4)}, ${agreement.hits} same, ${agreement.missed.length} missed, ${agreement.extra.length} extra`;
const places = (name: string, spans: readonly [number, number][]): string => (spans.length === 0 || spans.length > 12 ? '' : `; ${name} at ${spans.map(([before]) => before).join(', ')}`);
const row = (name: string, agreement: Agreement): string =>
  `  ${name.padEnd(30)} ${figures(agreement)}${places('missed', agreement.missed)}${places('extra', agreement.extra)}`;

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path).then(() => true, () => false);
    if (found) return path;
  }
  return null;
}

/** Folders to look for clips in: beside the data, then the project's own samples. */
export function clipFolders(data: string, root: string): string[] {
  return [join(dirname(dirname(data)), 'media'), join(root, 'e2e', 'media')];
}
