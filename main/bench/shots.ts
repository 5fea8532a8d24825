/** `bench shots`: how fast shots are found, decoding included, beside ffmpeg's own rate and the plain pipeline, on one film. */
import { join } from 'node:path';
import { cpus } from 'node:os';
import type { ShotEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { SessionPool } from '../analysis/models.ts';
import { ShotPass } from '../analysis/shotPass.ts';
import { SMALL_BYTES } from '../analysis/smallFrames.ts';
import { openScorer, type ScorerCounts } from '../analysis/transnet.ts';
import type { Inference } from '../inference/types.ts';
import { decodeVideo } from '../media/decode.ts';
import { smallFilter } from '../media/forms.ts';
import { probeMedia } from '../media/probe.ts';
import { fileUrl, inputOptions, pipeName, startTool } from '../media/process.ts';
import { benchFilm } from './film.ts';
import { compareScenes, f1, plainScores, scenesOf, scenesOfShots, type Agreement } from './reference.ts';

export interface ShotsBenchOptions {
  /** The film to read; one is put together from the sample clips when none is given. */
  film?: string;
  minutes?: number;
  /** Folder of the sample clips. */
  clips: string;
  inference: Inference;
  print(line: string): void;
}

const TARGETS = { overPlain: 2.5, ofDecode: 0.5, f1: 0.99 } as const;

interface Timed {
  frames: number;
  seconds: number;
}

/** Runs the three on the same film, one after another. True when every target is met. */
export async function run(options: ShotsBenchOptions): Promise<boolean> {
  const { print, inference } = options;
  const path = options.film ?? (await benchFilm(options.clips, options.minutes ?? 5));
  const media = await probeMedia(path);
  print(`film: ${media.name}, ${media.video?.width}x${media.video?.height}, ${media.video?.codec}; ${cpus().length} cores (${cpus()[0]?.model ?? '?'})`);
  const decode = await decodeOnly(media);
  print(line('ffmpeg to 48x27 (the limit)', decode));
  const ours = await oursOn(media, inference);
  const { windows, skipped, again, exact } = ours.counts;
  print(`${line('Rushes', ours)}  (${windows} windows, ${skipped} skipped as still, ${again} asked again, ${exact} asked of the float model, ${ours.form})`);
  const plain = await plainOn(media, inference);
  print(`${line('plain TransNetV2, float, stride 50', plain)}  (decoding ${plain.decoding.toFixed(1)} s, inference ${(plain.seconds - plain.decoding).toFixed(1)} s)`);
  const agreement = compareScenes(scenesOf(plain.scores), scenesOfShots(ours.shots));
  return report(print, { decode, plain, ours, agreement });
}

function report(print: (line: string) => void, { decode, plain, ours, agreement }: { decode: Timed; plain: Timed; ours: Timed; agreement: Agreement }): boolean {
  const rows = [
    { name: 'times the plain pipeline', value: rate(ours) / rate(plain), target: TARGETS.overPlain },
    { name: "of ffmpeg's decode rate", value: rate(ours) / rate(decode), target: TARGETS.ofDecode },
    { name: `F1 against the plain pipeline, ±2 frames (${agreement.hits} same, ${agreement.missed.length} missed, ${agreement.extra.length} extra)`, value: f1(agreement), target: TARGETS.f1 },
  ];
  for (const { name, value, target } of rows) print(`${value >= target ? 'ok  ' : 'MISS'} ${value.toFixed(3)} ${name} (target ${target})`);
  for (const [before, after] of agreement.missed) print(`     missed between frames ${before} and ${after}`);
  for (const [before, after] of agreement.extra) print(`     extra between frames ${before} and ${after}`);
  return rows.every(({ value, target }) => value >= target);
}

const rate = ({ frames, seconds }: Timed): number => frames / seconds;
const line = (name: string, timed: Timed): string => `${name.padEnd(36)} ${timed.frames} frames in ${timed.seconds.toFixed(1)} s: ${rate(timed).toFixed(0)} frames/s`;

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work(), (performance.now() - started) / 1000];
}

/** One ffmpeg with its default threads; what it writes is counted, or kept when `keep` is given. */
async function readSmall(media: Media, keep?: Buffer[]): Promise<number> {
  const output = ['-map', `0:${media.video?.index ?? 0}`, '-fps_mode', 'passthrough', '-vf', smallFilter, '-f', 'rawvideo', pipeName(0)];
  const child = await startTool('ffmpeg', [...inputOptions(), '-i', fileUrl(media.path), ...output], { pipes: 1, name: media.name });
  let bytes = 0;
  child.pipes[0]?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    keep?.push(chunk);
  });
  await child.done;
  return Math.floor(bytes / SMALL_BYTES);
}

async function decodeOnly(media: Media): Promise<Timed> {
  const [frames, seconds] = await timed(() => readSmall(media));
  return { frames, seconds };
}

async function plainOn(media: Media, inference: Inference): Promise<Timed & { scores: Float32Array; decoding: number }> {
  const session = await inference.open('transnetv2');
  try {
    const [result, seconds] = await timed(async () => {
      const chunks: Buffer[] = [];
      const [, decoding] = await timed(() => readSmall(media, chunks));
      return { scores: await plainScores(Buffer.concat(chunks), session), decoding };
    });
    return { ...result, frames: result.scores.length, seconds };
  } finally {
    await session.close();
  }
}

interface Ours extends Timed {
  shots: ShotEvent[];
  counts: ScorerCounts;
  form: string;
}

/** The shot stage as `analyze` runs it. Loading the models is left out, as it is for the plain pipeline. */
async function oursOn(media: Media, inference: Inference): Promise<Ours> {
  const pool = new SessionPool(inference, () => undefined);
  try {
    const sessions = await openScorer(pool);
    const shots: ShotEvent[] = [];
    let frames = 0;
    const pass = new ShotPass(sessions, null, { onShot: (shot) => shots.push(shot), onFrame: () => frames++ });
    const [, seconds] = await timed(async () => {
      const decode = decodeVideo(media, { small: true, samples: false });
      await pass.run(decode.small, async () => (await decode.end).endTime);
    });
    return { frames, seconds, shots, counts: pass.counts, form: sessions.fast[0]?.model ?? '' };
  } finally {
    await pool.close();
  }
}

/** Folder of the sample clips below the project's root. */
export function sampleClips(root: string): string {
  return join(root, 'e2e', 'media');
}
