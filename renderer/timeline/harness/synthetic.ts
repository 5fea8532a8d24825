/** Made-up media of any size: the same for the same number of shots, so that runs compare. */
import type { Cue } from '../../../shared/captions/types.ts';
import type { Clip } from '../../../shared/edit.ts';
import type { KeyframeEvent, PreviewEvent, ShotEvent, TagEvent, Transition } from '../../../shared/events.ts';
import { flicks, FLICKS_PER_SECOND, type Flicks } from '../../../shared/time.ts';

export const MEDIA = '0123456789abcdef0123456789abcdef';
export const RATE = { num: 25, den: 1 };
const FRAME = FLICKS_PER_SECOND / 25;
const LABELS = ['person', 'bicycle', 'traffic light', 'mountain bike', 'dog', 'face', 'car', 'lakeside', 'golden retriever', 'park bench', 'umbrella', 'street sign', 'cup', 'dining table', 'valley'];

/** Park and Miller's generator: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export interface Synthetic {
  readonly end: Flicks;
  readonly shots: ShotEvent[];
  readonly keyframes: KeyframeEvent[];
  readonly previews: PreviewEvent[];
  readonly tags: ReadonlyMap<number, TagEvent[]>;
  readonly clips: Clip[];
}

export function synthesize(count: number): Synthetic {
  const random = generator(count + 7);
  const shots: ShotEvent[] = [];
  const keyframes: KeyframeEvent[] = [];
  const tags = new Map<number, TagEvent[]>();
  let frame = 0;
  for (let index = 0; index < count; index++) {
    const draw = random();
    const transitionIn: Transition = index === 0 ? 'start' : draw < 0.84 ? 'cut' : draw < 0.94 ? 'dissolve' : 'fade';
    if (transitionIn === 'dissolve' || transitionIn === 'fade') frame += 8 + Math.floor(random() * 20);
    const length = 12 + Math.floor(random() ** 2 * 240);
    const start = flicks(frame * FRAME);
    shots.push({ type: 'shot', index, start, end: flicks((frame + length) * FRAME), startFrame: frame, endFrame: frame + length, transitionIn, confidence: index === 0 ? 1 : 0.5 + random() / 2 });
    const middle = frame + Math.floor(length * (0.3 + random() * 0.4));
    keyframes.push({ type: 'keyframe', shot: index, rank: 0, time: flicks(middle * FRAME), frame: middle, picture: `picture-${index}` });
    const found = Array.from({ length: Math.floor(random() * 5) }, (): TagEvent => ({ type: 'tag', shot: index, label: LABELS[Math.floor(random() * LABELS.length)] ?? 'person', score: 0.3 + random() * 0.7, source: 'coco', detections: [] }));
    tags.set(index, found.sort((a, b) => b.score - a.score));
    frame += length;
  }
  const end = flicks(frame * FRAME);
  const previews = Array.from({ length: 60 }, (_, i): PreviewEvent => ({ type: 'preview', time: flicks(Math.round((i * end) / 60)), picture: `preview-${i}` }));
  const clips = shots.filter((_, i) => i % Math.max(1, Math.floor(count / 7)) === 2).slice(0, 6).map((shot, i): Clip => ({ id: `clip-${i}`, media: MEDIA, start: shot.start, end: shot.end, name: `bikes · shot ${shot.index + 1}` }));
  return { end, shots, keyframes, previews, tags, clips };
}

/** A plausible sound: bursts of different loudness. Min, max, rms of each bucket. */
export function synthesizeWave(level: number, from: number, count: number): Float32Array {
  const samples = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const t = ((from + i) * 4 ** level) / 100;
    const loud = 0.15 + 0.5 * Math.abs(Math.sin(t * 0.21) * Math.sin(t * 1.7)) + 0.25 * Math.abs(Math.sin(t * 9.1 + Math.sin(t * 31)));
    samples.set([-loud, loud * 0.92, loud * 0.45], i * 3);
  }
  return samples;
}

const PICTURES = 24;

/** JPEGs of 160x90 to stand for frames: tones with a shape, all different. */
export async function syntheticPictures(): Promise<Uint8Array[]> {
  const canvas = new OffscreenCanvas(160, 90);
  const context = canvas.getContext('2d');
  if (!context) return [];
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < PICTURES; i++) {
    context.fillStyle = `hsl(${(i * 47) % 360} 22% ${18 + (i % 5) * 9}%)`;
    context.fillRect(0, 0, 160, 90);
    context.fillStyle = `hsl(${(i * 47 + 40) % 360} 30% ${40 + (i % 4) * 10}%)`;
    context.beginPath();
    context.ellipse(30 + ((i * 29) % 100), 50, 22 + (i % 3) * 8, 26, 0, 0, 7);
    context.fill();
    pictures.push(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 })).arrayBuffer()));
  }
  return pictures;
}

export const SPEAKERS = ['Ann', 'Ben', 'Cho'].map((name, i) => ({ id: `S${i}`, name }));
const SAID = ['We met at the lake in spring.', 'Nobody knew the way back', '你们看见那只狗了吗？', 'It was, like, enormous,\nand it could swim.', 'So we turned round.', 'Yes!'];

/** Cues one after another over the whole length, with pauses: as many as shots. */
export function synthesizeCues(end: Flicks, count: number): Cue[] {
  const random = generator(count + 11);
  const step = end / count;
  return Array.from({ length: count }, (_, i): Cue => {
    const start = Math.round(((i + random() * 0.2) * step) / FRAME) * FRAME;
    const length = Math.max(1, Math.round((step * (0.4 + random() * 0.35)) / FRAME)) * FRAME;
    const speaker = SPEAKERS[Math.floor(i / 3) % SPEAKERS.length]?.id ?? null;
    return { id: `cue-${i}`, start: flicks(start), end: flicks(start + length), text: SAID[i % SAID.length] ?? '', words: [], speaker, touched: false, spans: [], place: null, extras: {} };
  });
}
