/** One shot's tags from its samples: ImageNet classes pooled over all of them, objects and faces over a few. */
import type { Detection, ShotEvent, TagEvent, TagSource } from '../../shared/events.ts';
import { toSeconds } from '../../shared/time.ts';
import type { Box } from '../../shared/events.ts';
import type { Examined, ShotSamples } from './samples.ts';
import { TAG_RULES } from './tagRules.ts';

export type ImagenetName = (index: number) => string;

/** The label of a face tag. */
export const FACE_LABEL = 'face';

/** Samples the detectors look at: the keyframes, and others spread evenly over the shot. In time order. */
export function samplesToDetect(shot: ShotEvent, samples: ShotSamples, keyframes: readonly Examined[]): Examined[] {
  const { secondsEach, least, most } = TAG_RULES.looks;
  const seconds = toSeconds(shot.end) - toSeconds(shot.start);
  const wanted = Math.min(most, Math.max(least, Math.round(seconds / secondsEach)));
  const chosen = new Set(keyframes);
  const { candidates } = samples;
  const spread = Math.min(wanted, candidates.length);
  for (let i = 0; i < spread && chosen.size < wanted; i++) {
    const candidate = candidates[Math.floor(((i + 0.5) * candidates.length) / spread)];
    if (candidate) chosen.add(candidate);
  }
  return [...chosen].sort((a, b) => a.index - b.index);
}

/** The shot's tags, best first. `looked`: samples that carry detections. */
export function tagsOf(shot: ShotEvent, samples: ShotSamples, looked: readonly Examined[], imagenetName: ImagenetName): TagEvent[] {
  const tags = [...classTags(shot, samples, imagenetName), ...boxTags(shot, looked)];
  return tags.sort((a, b) => b.score - a.score);
}

/** Mean probability over the shot: a class seen in passing on one frame is not what the shot shows. */
function classTags(shot: ShotEvent, samples: ShotSamples, imagenetName: ImagenetName): TagEvent[] {
  const scores = new Map<string, number>();
  samples.meanProbabilities().forEach((score, index) => {
    const label = imagenetName(index);
    // A few classes share a readable name ("crane"): together they are that name.
    if (score > 0.01) scores.set(label, (scores.get(label) ?? 0) + score);
  });
  return [...scores]
    .filter(([, score]) => score >= TAG_RULES.imagenet.least)
    .sort((a, b) => b[1] - a[1])
    .slice(0, TAG_RULES.imagenet.most)
    .map(([label, score]) => ({ type: 'tag', shot: shot.index, label, score, source: 'imagenet', detections: [] }));
}

function boxTags(shot: ShotEvent, looked: readonly Examined[]): TagEvent[] {
  const found = new Map<string, { label: string; source: TagSource; detections: Detection[] }>();
  const add = (source: TagSource, label: string, sample: Examined, box: Box, score: number): void => {
    const key = `${source} ${label}`;
    const entry = found.get(key) ?? { label, source, detections: [] };
    entry.detections.push({ time: sample.time, frame: sample.index, box, score });
    found.set(key, entry);
  };
  for (const sample of looked) {
    for (const { label, box, score } of sample.detections?.objects ?? []) add('coco', label, sample, box, score);
    for (const { box, score } of sample.detections?.faces ?? []) add('face', FACE_LABEL, sample, box, score);
  }
  return [...found.values()].flatMap(({ label, source, detections }) => {
    const best = detections.reduce((a, b) => (b.score > a.score ? b : a));
    const least = source === 'face' ? TAG_RULES.face.least : TAG_RULES.coco.least;
    if (best.score < least) return [];
    return [{ type: 'tag' as const, shot: shot.index, label, score: best.score, source, box: best.box, detections }];
  });
}
