/**
 * Looks at the keyframes of a media, after its analysis: reads their text, keeps how they look (features of the tag model), and what
 * the joint image-text model makes of them. For the search; results go to the library as they come.
 */
import { isCancelled, throwIfCancelled } from '../../../shared/errors.ts';
import type { ProgressEvent } from '../../../shared/events.ts';
import type { Media } from '../../../shared/media.ts';
import type { Inference, ModelSession } from '../../inference/types.ts';
import type { Library } from '../../library/types.ts';
import { streamOf, type EventQueue } from '../eventQueue.ts';
import { SessionPool } from '../models.ts';
import { ProgressMeter } from '../progress.ts';
import { Saving } from '../saving.ts';
import { rgbFrame, READ_SIDE } from './frames.ts';
import type { JointModel } from './jointModel.ts';
import { LAYOUT_RULES } from './layout.ts';
import { looksOf, type Look } from './plan.ts';
import { PicturePartStore, type PicturePart } from './pictureStore.ts';
import { openTextReader, textReaderHash, type TextReader } from './reader.ts';
import { middleSquare } from './resample.ts';
import { fingerprintOf, isSame, SAME_RULES, type Fingerprint } from './sameness.ts';
import { BOX_RULES } from './textBoxes.ts';
import { READ_RULES } from './readRules.ts';
import type { RgbPicture, TextBlock } from './types.ts';

const FEATURES_MODEL = 'efficientnet-lite0';
/** The classifier's side and the part of the short side that it sees. */
const FEATURES_VIEW = { side: 224, part: 0.875 } as const;

export interface ExamineOptions {
  inference: Inference;
  library: Library;
  /** Null: the person added none. */
  joint: JointModel | null;
  signal?: AbortSignal;
  /** The library can't keep results; told once. */
  onNotSaved?: () => void;
}

/**
 * Streams progress in pictures (`items`). Leaving the loop early or aborting `signal` stops within a second; what was found is kept, and
 * what the library has is not done again. A media without shots or video is done at once. Throws ExpectedError as `Inference.open` and
 * by `classifyFailure`; CancelledError.
 */
export async function* examinePictures(media: Media, options: ExamineOptions): AsyncGenerator<ProgressEvent> {
  throwIfCancelled(options.signal);
  yield* streamOf<ProgressEvent>(options.signal, (queue, signal) => perform(media, options, queue, signal));
}

async function perform(media: Media, options: ExamineOptions, queue: EventQueue<ProgressEvent>, signal: AbortSignal): Promise<void> {
  const { library } = options;
  const shots = library.latestEvents(media.id, 'shots').filter((event) => event.type === 'shot');
  const keyframes = library.latestEvents(media.id, 'keyframes').filter((event) => event.type === 'keyframe');
  const looks = media.video ? looksOf(shots, keyframes) : [];
  if (looks.length === 0) return;
  const parts = await openParts(media, options, looks);
  const first = Math.min(...Object.values(parts).map(({ done }) => done));
  if (first >= looks.length) return;
  const examination = new Examination(media, options, parts, signal);
  const stop = (): void => void examination.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await examination.run(looks, first, (event) => queue.push(event));
  } finally {
    signal.removeEventListener('abort', stop);
    await examination.close();
  }
}

type Parts = Partial<Record<PicturePart, PicturePartStore>>;

async function openParts(media: Media, { inference, library, joint, onNotSaved }: ExamineOptions, looks: readonly Look[]): Promise<Parts> {
  const [text, features] = await Promise.all([textReaderHash(inference), inference.hash(FEATURES_MODEL)]);
  const saving = new Saving(onNotSaved ?? (() => undefined));
  const store = (part: PicturePart, modelHash: string, rules: unknown): PicturePartStore => new PicturePartStore({ library, media, part, modelHash, rules, looks, saving });
  return {
    text: store('text', text, { side: READ_SIDE, box: BOX_RULES, read: READ_RULES, layout: LAYOUT_RULES, same: SAME_RULES }),
    features: store('features', features, { side: READ_SIDE, view: FEATURES_VIEW }),
    ...(joint ? { joint: store('joint', joint.hash, { side: READ_SIDE }) } : {}),
  };
}

/** One run over the looks, with its models. */
class Examination {
  readonly #media: Media;
  readonly #options: ExamineOptions;
  readonly #parts: Parts;
  readonly #signal: AbortSignal;
  readonly #pool: SessionPool;
  #reader: TextReader | null = null;
  #classifier: ModelSession | null = null;
  /** The last picture that was read. */
  #read: { fingerprint: Fingerprint; blocks: TextBlock[]; shot: number } | null = null;

  constructor(media: Media, options: ExamineOptions, parts: Parts, signal: AbortSignal) {
    this.#media = media;
    this.#options = options;
    this.#parts = parts;
    this.#signal = signal;
    this.#pool = new SessionPool(options.inference, () => undefined);
  }

  /** The next frame is decoded while one is examined. */
  async run(looks: readonly Look[], first: number, tell: (event: ProgressEvent) => void): Promise<void> {
    const progress = new ProgressMeter(looks.length, tell, { stage: 'pictures', unit: 'items' });
    progress.update(first);
    const began = performance.now();
    let next = this.#frame(looks[first]);
    for (let index = first; index < looks.length; index++) {
      const picture = await next;
      next = this.#frame(looks[index + 1]);
      next.catch(() => undefined);
      throwIfCancelled(this.#signal);
      await this.#look(looks[index], index, picture);
      progress.update(index + 1);
    }
    const rate = ((looks.length - first) * 1000) / Math.max(1, performance.now() - began);
    tell({ type: 'progress', stage: 'pictures', unit: 'items', done: looks.length, total: looks.length, rate, eta: 0 });
  }

  async close(): Promise<void> {
    const [reader] = [this.#reader];
    this.#reader = null;
    await Promise.all([this.#pool.close(), reader?.close()]);
  }

  async #frame(look: Look | undefined): Promise<RgbPicture | null> {
    return look ? rgbFrame(this.#media, look, this.#signal) : null;
  }

  /** A frame that can't be decoded counts as looked at. */
  async #look(look: Look | undefined, index: number, picture: RgbPicture | null): Promise<void> {
    const { text, features, joint } = this.#parts;
    if (!look) return;
    if (features && features.done <= index) features.keepVectors(index + 1, picture && look.first ? [{ shot: look.shot, vector: await this.#features(picture) }] : []);
    if (joint && joint.done <= index) await this.#joint(joint, look, index, picture);
    if (text && text.done <= index) {
      const blocks = picture ? await this.#text(picture, look) : [];
      text.keepTexts(index + 1, blocks.map((block) => ({ shot: look.shot, time: look.time, ...block })));
    }
  }

  /** A model that is closed meanwhile (the person took another) is left out from here on. */
  async #joint(store: PicturePartStore, look: Look, index: number, picture: RgbPicture | null): Promise<void> {
    const model = this.#options.joint;
    if (!model) return;
    try {
      store.keepVectors(index + 1, picture && look.first ? [{ shot: look.shot, vector: await model.embedPicture(picture, this.#signal) }] : []);
    } catch (error) {
      if (!isCancelled(error) || this.#signal.aborted) throw error;
      delete this.#parts.joint;
    }
  }

  async #features(picture: RgbPicture): Promise<Float32Array> {
    this.#classifier ??= await this.#pool.open(FEATURES_MODEL);
    const { side, part } = FEATURES_VIEW;
    const { features } = await this.#classifier.run({ frames: { type: 'uint8', dims: [1, side, side, 3], data: middleSquare(picture, part, side) } });
    if (!(features?.data instanceof Float32Array)) throw new Error('the classifier gave no features');
    return unit(features.data);
  }

  /** New text of this look: none when the shot showed the same before. */
  async #text(picture: RgbPicture, look: Look): Promise<TextBlock[]> {
    const fingerprint = fingerprintOf(picture);
    const before = this.#read;
    const same = before !== null && isSame(before.fingerprint, fingerprint);
    const blocks = same ? before.blocks : await this.#ask(picture);
    // What is compared is the picture that was read, so that a slow change adds up.
    this.#read = { fingerprint: same ? before.fingerprint : fingerprint, blocks, shot: look.shot };
    if (before?.shot !== look.shot) return blocks;
    const known = new Set(before.blocks.map(({ text }) => text));
    return blocks.filter((block) => !known.has(block.text));
  }

  async #ask(picture: RgbPicture): Promise<TextBlock[]> {
    this.#reader ??= await openTextReader(this.#options.inference, { signal: this.#signal });
    return this.#reader.ask(picture, { transfer: [picture.pixels.buffer], signal: this.#signal });
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
