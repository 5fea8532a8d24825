/** The three CNNs that look at samples: EfficientNet-lite0 at every one, CenterNet and BlazeFace at a few a shot. */
import type { VideoStream } from '../../shared/media.ts';
import type { ModelSession, Tensor } from '../inference/types.ts';
import type { SampleFrame } from '../media/types.ts';
import { faceBox } from '../media/forms.ts';
import { fromCorners, suppress, type ScoredBox } from './boxes.ts';
import type { SessionPool } from './models.ts';
import { measurePicture } from './pictureMeasures.ts';
import type { Detections, Examined, LabelledBox } from './samples.ts';
import { TAG_RULES } from './tagRules.ts';

const CLASSIFY_SIDE = 224;
export const DETECT_SIDE = 512;
const FACE_SIDE = 256;

/** Names of COCO classes by number, for `Examiner`. */
export type CocoName = (index: number) => string;

export class Examiner {
  readonly #classifier: ModelSession;
  readonly #detector: ModelSession | null;
  readonly #faces: ModelSession | null;
  readonly #cocoName: CocoName;

  private constructor(classifier: ModelSession, detector: ModelSession | null, faces: ModelSession | null, cocoName: CocoName) {
    this.#classifier = classifier;
    this.#detector = detector;
    this.#faces = faces;
    this.#cocoName = cocoName;
  }

  /** Opens what is needed: keyframes alone need no detectors. */
  static async open(pool: SessionPool, withDetectors: boolean, cocoName: CocoName): Promise<Examiner> {
    const names = ['efficientnet-lite0', ...(withDetectors ? ['centernet-coco', 'blazeface'] : [])];
    const [classifier, detector, faces] = await Promise.all(names.map((name) => pool.open(name)));
    if (!classifier) throw new Error('no classifier');
    return new Examiner(classifier, detector ?? null, faces ?? null, cocoName);
  }

  /** Classifies a sample and measures its picture. */
  async examine(sample: SampleFrame): Promise<Examined> {
    const answer = this.#classifier.run({ frames: picture(sample.classify, CLASSIFY_SIDE) });
    const measures = measurePicture(sample.detect, DETECT_SIDE);
    const { probabilities, features } = await answer;
    return {
      ...measures,
      index: sample.index,
      time: sample.time,
      probabilities: floats(probabilities),
      features: normalised(floats(features)),
      detect: sample.detect,
      face: sample.face,
      jpeg: sample.jpeg,
    };
  }

  /** Finds objects and faces on a sample, once; boxes are of the frame as shown. Nothing without detectors. */
  async detect(sample: Examined, video: VideoStream): Promise<Detections> {
    if (sample.detections) return sample.detections;
    if (!this.#detector || !this.#faces) return { objects: [], faces: [] };
    const [objects, faces] = await Promise.all([
      this.#detector.run({ frame: picture(sample.detect.slice(), DETECT_SIDE) }),
      this.#faces.run({ frame: picture(sample.face.slice(), FACE_SIDE) }),
    ]);
    sample.detections = {
      objects: objectsOf(floats(objects.detections), this.#cocoName),
      faces: facesOf(floats(faces.faces), video),
    };
    return sample.detections;
  }
}

function picture(data: Uint8Array, side: number): Tensor {
  return { type: 'uint8', dims: [1, side, side, 3], data };
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('a model gave no floats');
  return tensor.data;
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** Rows of x1, y1, x2, y2 (0..1 of the stretched frame, so of the frame), score, class. Suppressed within each class. */
export function objectsOf(rows: Float32Array, cocoName: CocoName): LabelledBox[] {
  const byLabel = new Map<string, LabelledBox[]>();
  for (let i = 0; i + 5 < rows.length; i += 6) {
    const score = rows[i + 4] ?? 0;
    const box = fromCorners(rows[i] ?? 0, rows[i + 1] ?? 0, rows[i + 2] ?? 0, rows[i + 3] ?? 0);
    if (score < TAG_RULES.coco.box || !box) continue;
    const label = cocoName(rows[i + 5] ?? -1);
    byLabel.set(label, [...(byLabel.get(label) ?? []), { label, box, score }]);
  }
  return [...byLabel.values()].flatMap((boxes) => suppress(boxes, TAG_RULES.overlap));
}

/** Rows of x1, y1, x2, y2 (0..1 of the letterboxed square), score. */
export function facesOf(rows: Float32Array, video: VideoStream): ScoredBox[] {
  const found: ScoredBox[] = [];
  for (let i = 0; i + 4 < rows.length; i += 5) {
    const score = rows[i + 4] ?? 0;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rows.subarray(i, i + 4);
    const box = faceBox(video, [x1, y1, x2 - x1, y2 - y1]);
    if (score >= TAG_RULES.face.box && box[2] > 0 && box[3] > 0) found.push({ box, score });
  }
  return suppress(found, TAG_RULES.overlap);
}
