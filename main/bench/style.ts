/**
 * `bench style`: styles rendered the fast way beside the plain one, in the same run on the same clips; what a person waits for; memory at
 * 3840x2160. Likeness and steadiness are judged by scikit-image and OpenCV.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { painting } from '../../shared/style/effect.ts';
import type { Media } from '../../shared/media.ts';
import { flicks } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import { probeMedia } from '../media/probe.ts';
import { openStylist } from '../style/stylist.ts';
import type { Stylist, TimedFrame } from '../style/types.ts';
import { pythonEnvironment, PythonReference } from './python.ts';
import { HEIGHT, STYLE_CLIPS, styleClip, TUNING_CLIPS, WIDTH, type StyleClip } from './style/clips.ts';
import { keepSource, paintClip, paintFrozen, paintPublished, type Painted, type Way } from './style/measure.ts';
import { measureStyleMemory } from './style/memory.ts';
import { pictureVector } from './style/picture.ts';
import { measureWaits } from './style/waits.ts';
import { machineLine, report, type Figure } from './table.ts';

export const STYLE_BENCH_PARTS = ['vintage', 'painter', 'picture', 'waits', 'memory'] as const;
export type StyleBenchPart = (typeof STYLE_BENCH_PARTS)[number];

export interface StyleBenchOptions {
  part: string | null;
  /** Folder of the sample clips. */
  clips: string;
  /** Only clips whose name holds this. */
  only: string | null;
  /** On the clips that parameters were chosen on, for choosing others. */
  tuning: boolean;
  /** Plain frames of an earlier run serve again, with their time: for choosing parameters, not for the table. */
  keptPlain: boolean;
  /** The CycleGAN generator as it was published (models/tools/cyclegan.py), which is then the plain way of vintage; null: our own graph on every frame is. */
  published: string | null;
  inference: Inference;
  print(line: string): void;
}

const PACKAGES = ['numpy==1.26.4', 'opencv-python-headless==4.10.0.84', 'scikit-image==0.24.0'];
const SCRIPT = join('main', 'bench', 'style', 'style_reference.py');

const likenessSchema = z.object({ ssim: z.number(), colour: z.number(), unsteadiness: z.number() });
/** `next`: the plain frames beside those after them, moved: how much of the generator's look outlives one frame at all. */
const answerSchema = z.object({ next: z.object({ ssim: z.number(), colour: z.number() }), source: likenessSchema, styled: z.record(z.string(), likenessSchema) });

export async function run(options: StyleBenchOptions): Promise<boolean> {
  const { print, part } = options;
  print(machineLine());
  const wanted = (name: StyleBenchPart): boolean => part === null || part === name;
  const figures: Figure[] = [];
  const painted = (['vintage', 'painter', 'picture'] as const).filter(wanted);
  if (painted.length > 0) {
    const environment = await pythonEnvironment('style-reference', PACKAGES, print);
    const judge = await PythonReference.open(environment, SCRIPT);
    const stylist = await openStylist(options.inference);
    try {
      for (const name of painted) figures.push(...(await table(name, { ...options, judge, stylist })));
    } finally {
      judge.close();
      await stylist.close();
    }
  }
  if (wanted('waits')) figures.push(...(await measureWaits(options.clips, print)));
  if (wanted('memory')) figures.push(...(await measureStyleMemory(options.clips, print)));
  return report(figures, print);
}

type TableOptions = StyleBenchOptions & { judge: PythonReference; stylist: Stylist };

/** What is asked of a way beside the plain one. */
interface Promised {
  way: Way;
  faster: number;
  colour: number | null;
  ssim: number | null;
  /** Warping error over plain's. */
  steadier: number;
}

async function promisesOf(name: (typeof STYLE_BENCH_PARTS)[number], stylist: Stylist): Promise<{ plain: Way; ways: Record<string, Promised> }> {
  if (name === 'vintage') {
    const base = { style: { id: 'vintage' }, vector: null } as const;
    return {
      plain: { ...base, quality: 'best', int8: false },
      ways: {
        faithful: { way: { ...base, quality: 'faithful', int8: false }, faster: 7, colour: 2, ssim: 0.9, steadier: 0.7 },
        'faithful, int8 keys': { way: { ...base, quality: 'faithful', int8: true }, faster: 10, colour: 2.5, ssim: 0.9, steadier: 0.7 },
        steady: { way: { ...base, quality: 'steady', int8: false }, faster: 7, colour: null, ssim: null, steadier: 0.7 },
      },
    };
  }
  const base = name === 'painter' ? { style: painting(5), vector: null } : { style: { id: 'picture', picture: '0'.repeat(32) } as const, vector: await pictureVector(stylist) };
  return {
    plain: { ...base, quality: 'best', int8: false },
    ways: {
      faithful: { way: { ...base, quality: 'faithful', int8: false }, faster: 2, colour: null, ssim: null, steadier: 0.6 },
      steady: { way: { ...base, quality: 'steady', int8: false }, faster: 2, colour: null, ssim: null, steadier: 0.6 },
    },
  };
}

async function table(name: 'vintage' | 'painter' | 'picture', options: TableOptions): Promise<Figure[]> {
  const { plain, ways } = await promisesOf(name, options.stylist);
  const clips = (options.tuning ? TUNING_CLIPS : STYLE_CLIPS).filter((clip) => (options.only === null || clip.name.includes(options.only)) && (name === 'vintage' || clip.motion !== 'violent'));
  const figures: Figure[] = [];
  if (name === 'vintage') options.print(options.published === null ? 'Plain is our own graph on every frame; what was asked is asked beside the published one (--published FILE).' : `Plain is ${options.published} on every frame.`);
  options.print(`\n${name}: x faster than plain, SSIM and CIEDE2000 to plain, warping error in levels`);
  for (const clip of clips) figures.push(...(await measureClip(name, clip, plain, ways, options)));
  return figures;
}

async function measureClip(name: string, clip: StyleClip, plain: Way, ways: Record<string, Promised>, options: TableOptions): Promise<Figure[]> {
  const { stylist, inference, judge, clips, print } = options;
  const folder = mkdtempSync(join(tmpdir(), 'rushes-bench-style-'));
  try {
    const media = await probeMedia(await styleClip(clips, clip));
    const source = await keepSource(media, folder);
    // Loading models and choosing providers are no part of the comparison.
    for (const way of [plain, ...Object.values(ways).map((one) => one.way)]) await warm(stylist, way);
    const { reference, own } = await plainWays(name, clip, { media, plain, folder }, options);
    const painted: Record<string, Painted> = {};
    for (const [which, { way }] of Object.entries(ways)) painted[which] = await paintClip(stylist, media, way, join(folder, `${which.replace(/\W+/g, '-')}.rgb`));
    const violent = clip.motion === 'violent';
    const compared = violent ? await paintFrozen(inference, media, join(folder, 'frozen.rgb')) : reference;
    const request = { width: WIDTH, height: HEIGHT, source: source.path, reference: compared.path, styled: { ...Object.fromEntries(Object.entries(painted).map(([which, one]) => [which, one.path])), plain: reference.path } };
    const answer = answerSchema.parse(await judge.ask(request));
    print(`  ${clip.name}, ${reference.frames} frames, plain ${(reference.seconds / reference.frames).toFixed(2)} s a frame, beside ${violent ? 'frozen statistics on every frame' : 'plain'}`);
    print(`    ${row('source', null, answer.source)}`);
    print(`    ${row('plain', 1, answer.styled['plain'] ?? null)}`);
    if (own) print(`    ${row('our own graph, every frame', reference.seconds / own.seconds, null)}`);
    print(`    ${'its next frame, moved'.padEnd(22)}          SSIM ${answer.next.ssim.toFixed(3)}   dE ${answer.next.colour.toFixed(2)}`);
    for (const [which, one] of Object.entries(painted)) print(`    ${row(which, reference.seconds / one.seconds, answer.styled[which] ?? null)}`);
    return Object.entries(ways).flatMap(([which, promise]) => {
      const [one, likeness, beside] = [painted[which], answer.styled[which], answer.styled['plain']];
      if (!one || !likeness || !beside) throw new Error(`nothing was measured of ${which}`);
      if (one.frames !== source.frames) throw new Error(`${which} gave ${one.frames} frames of ${source.frames}`);
      return figuresOf(`${name}, ${clip.name}, ${which}`, promise, { faster: reference.seconds / one.seconds, ...likeness }, { plain: beside.unsteadiness, source: answer.source.ssim, timed: !violent, own: own ? own.seconds / one.seconds : null });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Frames of the plain way: our own graph on every frame, or, where its file was given, the generator as it was published, with our own beside it for its
 * time (null where kept frames serve).
 */
async function plainWays(name: string, clip: StyleClip, { media, plain, folder }: { media: Media; plain: Way; folder: string }, options: TableOptions): Promise<{ reference: Painted; own: Painted | null }> {
  const { stylist, inference, keptPlain } = options;
  const published = name === 'vintage' ? options.published : null;
  const ours = (target: string): Promise<Painted> => paintClip(stylist, media, plain, target);
  const kept = keptPlain ? `${published === null ? 'plain' : 'published'}-${name}-${clip.name}` : null;
  const reference = await plainFrames(kept, folder, published === null ? ours : (target) => paintPublished(inference, published, media, target));
  return { reference, own: published !== null && !keptPlain ? await ours(join(folder, 'own.rgb')) : null };
}

/** Under a name, they are kept for the next run. */
async function plainFrames(kept: string | null, folder: string, paint: (target: string) => Promise<Painted>): Promise<Painted> {
  if (kept === null) return paint(join(folder, 'plain.rgb'));
  const path = join(tmpdir(), 'rushes-bench', 'style', `${kept.replace(/\W+/g, '-')}.rgb`);
  const facts = `${path}.json`;
  if (existsSync(facts)) return JSON.parse(readFileSync(facts, 'utf8')) as Painted;
  const painted = await paint(path);
  writeFileSync(facts, JSON.stringify(painted));
  return painted;
}

function figuresOf(
  title: string,
  { faster, colour, ssim, steadier }: Promised,
  measured: { faster: number; ssim: number; colour: number; unsteadiness: number },
  beside: { plain: number; source: number; timed: boolean; own: number | null },
): Figure[] {
  return [
    { name: `${title}: faster than plain`, value: measured.faster, unit: 'times', reference: beside.own === null ? null : { name: 'our own graph', value: beside.own }, target: beside.timed ? { kind: 'at_least', value: faster } : null },
    { name: `${title}: CIEDE2000`, value: measured.colour, unit: '', target: colour === null ? null : { kind: 'at_most', value: colour } },
    { name: `${title}: SSIM`, value: measured.ssim, unit: '', reference: { name: 'source', value: beside.source }, target: ssim === null ? null : { kind: 'at_least', value: Math.max(ssim, beside.source + 0.03) } },
    { name: `${title}: warping error over plain's`, value: measured.unsteadiness / beside.plain, unit: 'times', target: beside.timed ? { kind: 'at_most', value: steadier } : null },
  ];
}

function row(name: string, faster: number | null, likeness: z.infer<typeof likenessSchema> | null): string {
  const speed = faster === null ? '' : `${faster.toFixed(1)}x`;
  return likeness ? `${name.padEnd(22)} ${speed.padStart(6)}   SSIM ${likeness.ssim.toFixed(3)}   dE ${likeness.colour.toFixed(2)}   WE ${likeness.unsteadiness.toFixed(2)}` : `${name.padEnd(22)} ${speed.padStart(6)}`;
}

/** A few small frames, so that the models are there. */
async function warm(stylist: Stylist, { style, vector, quality, int8 }: Way): Promise<void> {
  const look = { style, vector, quality, int8, strength: () => 1, keepColours: false, area: 'everything', background: null } as const;
  const painted = stylist.paint(greyFrames(), look, { signal: new AbortController().signal });
  while (!(await painted.next()).done);
}

async function* greyFrames(): AsyncGenerator<TimedFrame> {
  for (let i = 0; i < 3; i++) yield { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128), time: flicks(i), duration: flicks(1), cut: i === 0 };
}
