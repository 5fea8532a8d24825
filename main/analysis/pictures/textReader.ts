/** Text in a picture, by the detector and the reader of PP-OCRv4: boxes, crops, characters, blocks. Runs in the picture worker. */
import type { InferenceSession } from 'onnxruntime-node';
import type { Runtime } from '../../inference/ort.ts';
import { CancelledError } from '../../../shared/errors.ts';
import { decodeSteps, type ReadText } from './characters.ts';
import { blocksOf } from './layout.ts';
import { cropLine, LINE_HEIGHT, turnedUpright, widthOf } from './lineCrop.ts';
import { READ_RULES } from './readRules.ts';
import { textBoxes } from './textBoxes.ts';
import type { RgbPicture, TextBlock, TextLine, TurnedBox } from './types.ts';
import type { WordSpaces } from './wordSpaces.ts';

/** Grey that the reader's scaling takes to about zero: what it was padded with in training. */
const PADDING = 127;

export interface ReaderParts {
  runtime: Runtime;
  detect: InferenceSession;
  read: InferenceSession;
  characters: readonly string[];
  spaces: WordSpaces;
}

interface Crop {
  box: TurnedBox;
  /** Index of the box that it shows: a box may be cropped in two directions. */
  of: number;
  pixels: Uint8Array;
  width: number;
}

export class PictureTextReader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Blocks in reading order. `dropped` ends it between two runs with CancelledError. */
  async read(picture: RgbPicture, dropped: () => boolean): Promise<TextBlock[]> {
    return blocksOf(await this.lines(picture, dropped));
  }

  async lines(picture: RgbPicture, dropped: () => boolean): Promise<TextLine[]> {
    const boxes = await this.#boxes(picture);
    const crops = boxes.flatMap((box, of) => cropsOf(picture, box, of));
    const texts = new Map<Crop, ReadText>();
    for (const batch of batchesOf(crops)) {
      if (dropped()) throw new CancelledError();
      const answers = await this.#readBatch(batch);
      batch.forEach((crop, index) => texts.set(crop, answers[index] ?? { text: '', score: 0 }));
    }
    return boxes.flatMap((box, of) => {
      const best = crops.filter((crop) => crop.of === of).map((crop) => texts.get(crop) ?? { text: '', score: 0 }).sort((a, b) => b.score - a.score)[0];
      return best && isText(best) ? [{ box, text: this.#parts.spaces.restore(best.text), score: best.score }] : [];
    });
  }

  close(): Promise<unknown> {
    return Promise.all([this.#parts.detect.release(), this.#parts.read.release()]);
  }

  async #boxes({ width, height, pixels }: RgbPicture): Promise<TurnedBox[]> {
    const { runtime, detect } = this.#parts;
    const { text } = await detect.run({ frames: new runtime.Tensor('uint8', pixels, [1, height, width, 3]) });
    if (!(text?.data instanceof Float32Array)) throw new Error('the text detector gave no floats');
    return textBoxes(text.data, width, height);
  }

  async #readBatch(batch: readonly Crop[]): Promise<ReadText[]> {
    const { runtime, read, characters } = this.#parts;
    const width = Math.max(READ_RULES.leastWidth, ...batch.map((crop) => crop.width));
    const size = width * LINE_HEIGHT * 3;
    const lines = new Uint8Array(batch.length * size).fill(PADDING);
    for (const [index, crop] of batch.entries()) {
      const row = crop.width * 3;
      for (let y = 0; y < LINE_HEIGHT; y++) lines.set(crop.pixels.subarray(y * row, (y + 1) * row), index * size + y * width * 3);
    }
    const answer = await read.run({ lines: new runtime.Tensor('uint8', lines, [batch.length, LINE_HEIGHT, width, 3]) });
    const [classes, scores] = [answer.characters?.data, answer.scores?.data];
    if (!(classes instanceof BigInt64Array) || !(scores instanceof Float32Array)) throw new Error('the text reader gave no characters');
    const steps = classes.length / batch.length;
    return batch.map((_, index) => decodeSteps(classes.subarray(index * steps, (index + 1) * steps), scores.subarray(index * steps, (index + 1) * steps), characters));
  }
}

/** Upright boxes are read as they are and turned by a right angle either way; what is surest counts. */
function cropsOf(picture: RgbPicture, box: TurnedBox, of: number): Crop[] {
  const turned = turnedUpright(box);
  const down: TurnedBox = { ...turned, across: [-turned.across[0], -turned.across[1]] };
  const ways = box.height >= READ_RULES.upright * box.width ? [box, turned, down] : [box];
  return ways.map((way) => ({ box: way, of, pixels: cropLine(picture, way), width: widthOf(way) }));
}

/** Lines of like width together: the widest sets what each costs. */
function batchesOf(crops: readonly Crop[]): Crop[][] {
  const batches: Crop[][] = [];
  for (const crop of [...crops].sort((a, b) => a.width - b.width)) {
    const batch = batches.at(-1);
    const fits = batch && batch.length < READ_RULES.batch && crop.width - (batch[0]?.width ?? 0) < READ_RULES.widthStep;
    if (fits) batch.push(crop);
    else batches.push([crop]);
  }
  return batches;
}

function isText({ text, score }: ReadText): boolean {
  const signs = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (signs === 0) return /^[-–—:+=/%&#@$€¥!?]+$/.test(text) && score >= READ_RULES.shortLine;
  return score >= (signs <= 2 ? READ_RULES.shortLine : READ_RULES.line);
}
