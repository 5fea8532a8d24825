/** The analysis' results in the library: what each stage is keyed by, what it left off at, and what to do when it can't be saved. */
import { z } from 'zod';
import type { AnalysisEvent, ShotEvent, Stage } from '../../shared/events.ts';
import { transitionSchema } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { flicksSchema, toSeconds, type Flicks } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import type { Library, StageKey } from '../library/types.ts';
import { KEYFRAME_RULES } from './keyframes.ts';
import { MOST_CANDIDATES } from './samples.ts';
import { SHOT_RULES } from './shots.ts';
import { TAG_RULES } from './tagRules.ts';
import { SCORER_RULES, scorerHash } from './transnet.ts';
import { Saving } from './saving.ts';

/** A frame that was decoded before: where decoding can begin again. */
const positionSchema = z.object({ index: z.number().int().nonnegative(), time: flicksSchema });
export type Position = z.infer<typeof positionSchema>;

/** What a stage says with each piece it stores. */
const checkpointSchema = z.object({
  /** Shots finished. */
  shots: z.number().int().nonnegative(),
  /** Where to decode from to go on with the next; null: from the beginning. */
  from: positionSchema.nullable(),
  /** Shot stage only: the shot in progress. */
  open: z
    .object({
      index: z.number().int(),
      start: flicksSchema,
      startFrame: z.number().int(),
      transitionIn: transitionSchema,
      confidence: z.number(),
    })
    .nullable(),
  /** Shot stage only: damaged places met so far. */
  damaged: z.array(z.object({ from: flicksSchema.nullable(), to: flicksSchema.nullable() })).optional(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;
const NOTHING_DONE: Checkpoint = { shots: 0, from: null, open: null };

export interface StageState {
  complete: boolean;
  checkpoint: Checkpoint;
  events: AnalysisEvent[];
}
export type StageStates = Record<Stage, StageState>;
type StageKeys = Record<Stage, StageKey>;

/** Keys of the three stages. Keyframes and tags follow from shots, so a change there is a change to them. */
export async function stageKeys(media: Media, inference: Inference, sampleInterval: Flicks, signal?: AbortSignal): Promise<StageKeys> {
  const [shots, classifier, detector, faces] = await Promise.all([
    scorerHash(inference, signal),
    inference.hash('efficientnet-lite0'),
    inference.hash('centernet-coco'),
    inference.hash('blazeface'),
  ]);
  const shotRules = { scorer: SCORER_RULES, rules: SHOT_RULES };
  const keyframeRules = { shots: shotRules, keyframes: KEYFRAME_RULES, candidates: MOST_CANDIDATES, every: toSeconds(sampleInterval) };
  const key = (stage: Stage, modelHash: string, params: unknown): StageKey => ({ media: media.id, stage, modelHash, params: canonical(params) });
  return {
    shots: key('shots', shots, shotRules),
    keyframes: key('keyframes', `${shots}+${classifier}`, keyframeRules),
    tags: key('tags', `${shots}+${classifier}+${detector}+${faces}`, { ...keyframeRules, tags: TAG_RULES }),
  };
}

/** JSON with sorted keys: the same parameters always give the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Reads and writes the stages of one media. A library that fails never stops the analysis: it is told of once, then left alone. */
export class StageStore {
  readonly #library: Library;
  readonly #media: Media;
  readonly #keys: StageKeys;
  readonly #saving: Saving;

  constructor(library: Library, media: Media, keys: StageKeys, onFailure: () => void) {
    this.#library = library;
    this.#media = media;
    this.#keys = keys;
    this.#saving = new Saving(onFailure);
  }

  /** What each stage has so far. Anything that can't be read or makes no sense is begun anew. */
  load(): StageStates {
    const shots = this.#read('shots');
    return { shots, keyframes: this.#read('keyframes', shots), tags: this.#read('tags', shots) };
  }

  #read(stage: Stage, shots?: StageState): StageState {
    const nothing: StageState = { complete: false, checkpoint: NOTHING_DONE, events: [] };
    const stored = this.#saving.try(() => this.#library.getStage(this.#keys[stage]));
    if (!stored) return nothing;
    const checkpoint = checkpointSchema.safeParse(stored.checkpoint);
    const known = shotsOf(shots ?? stored).length;
    const sound = checkpoint.success && checkpoint.data.shots <= known && (!shots || shots.complete || !stored.complete);
    if (sound && canGoOn(stored.complete, checkpoint.data)) return { ...stored, checkpoint: checkpoint.data };
    this.clear(stage);
    return nothing;
  }

  clear(stage: Stage): void {
    this.#saving.try(() => this.#library.clearStage(this.#keys[stage]));
  }

  append(stage: Stage, events: AnalysisEvent[], checkpoint: Checkpoint): void {
    this.#saving.try(() => this.#library.append(this.#keys[stage], events, checkpoint));
  }

  complete(stage: Stage): void {
    this.#saving.try(() => this.#library.completeStage(this.#keys[stage]));
  }

  putPicture(picture: string, jpeg: Uint8Array): void {
    this.#saving.try(() => this.#library.putPicture(this.#media.id, picture, jpeg));
  }
}

/** A process that died among the last shots left some without a place to go on from. */
function canGoOn(complete: boolean, checkpoint: Checkpoint): boolean {
  return complete || checkpoint.shots === 0 || checkpoint.from !== null;
}

export function shotsOf(state: Pick<StageState, 'events'>): ShotEvent[] {
  return state.events.filter((event) => event.type === 'shot');
}

/**
 * Stored events of the wanted stages in time order: each shot, then its keyframes, then its tags. What is wrong with the
 * file comes last, whatever is wanted, and by the name that the file has now.
 */
export function replay(states: StageStates, wanted: ReadonlySet<Stage>, name: string): AnalysisEvent[] {
  const ordered: AnalysisEvent[] = [];
  const keyframes = byShot(states.keyframes);
  const tags = byShot(states.tags);
  for (const shot of shotsOf(states.shots)) {
    if (wanted.has('shots')) ordered.push(shot);
    if (wanted.has('keyframes')) ordered.push(...(keyframes.get(shot.index) ?? []));
    if (wanted.has('tags')) ordered.push(...(tags.get(shot.index) ?? []));
  }
  for (const event of states.shots.events) {
    if (event.type === 'warning') ordered.push({ ...event, params: { ...event.params, name } });
  }
  return ordered;
}

function byShot(state: StageState): Map<number, AnalysisEvent[]> {
  const groups = new Map<number, AnalysisEvent[]>();
  for (const event of state.events) {
    if (event.type !== 'keyframe' && event.type !== 'tag') continue;
    groups.set(event.shot, [...(groups.get(event.shot) ?? []), event]);
  }
  return groups;
}
