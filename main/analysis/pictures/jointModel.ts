/**
 * A joint image-text model that the person added: a folder with `image.onnx`, `text.onnx`, `tokenizer.json` and, where it differs from
 * CLIP's export, `config.json`. Its vectors of a picture and of a text lie in one space, so that words find pictures.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CancelledError, ExpectedError, isCancelled, throwIfCancelled } from '../../../shared/errors.ts';
import type { Inference, ModelSession, Tensor } from '../../inference/types.ts';
import { ClipTokenizer } from './clipTokenizer.ts';
import { middleSquare } from './resample.ts';
import type { RgbPicture } from './types.ts';

const FILES = { image: 'image.onnx', text: 'text.onnx', tokenizer: 'tokenizer.json', config: 'config.json' } as const;

const three = z.tuple([z.number(), z.number(), z.number()]);
const namesSchema = z.object({
  pixels: z.string().default('pixel_values'),
  tokens: z.string().default('input_ids'),
  mask: z.string().default('attention_mask'),
  imageVector: z.string().default('image_embeds'),
  textVector: z.string().default('text_embeds'),
});
/** Everything may be left out. Mean and deviation are those of OpenAI's CLIP. */
const configSchema = z.object({
  size: z.number().int().min(1).max(2048).default(224),
  mean: three.default([0.48145466, 0.4578275, 0.40821073]),
  std: three.refine((values) => values.every((value) => value > 0)).default([0.26862954, 0.26130258, 0.27577711]),
  contextLength: z.number().int().min(3).max(4096).default(77),
  names: namesSchema.default(() => namesSchema.parse({})),
});
type JointConfig = z.infer<typeof configSchema>;

export interface JointModel {
  /** Of all that its vectors depend on. */
  readonly hash: string;
  readonly dimensions: number;
  /** Unit vector of the middle square of a picture. */
  embedPicture(picture: RgbPicture, signal?: AbortSignal): Promise<Float32Array>;
  /** Unit vector of a text; a long one is cut off. */
  embedText(text: string, signal?: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens the model and tries it once on a picture and a text. ExpectedError `image_text_missing` (a file is not there), `image_text_config`
 * (a JSON file isn't what it should be), `image_text_failed` (a graph doesn't take or give what the configuration says),
 * `image_text_apart` (their vectors differ in length); CancelledError.
 */
export async function openJointModel(folder: string, inference: Inference, signal?: AbortSignal): Promise<JointModel> {
  const config = await readConfig(folder);
  const tokenizer = await readTokenizer(folder);
  const sessions: ModelSession[] = [];
  try {
    const hashes: string[] = [];
    for (const file of [FILES.image, FILES.text]) {
      const opened = await openGraph(folder, file, inference, signal);
      sessions.push(opened.session);
      hashes.push(opened.hash);
    }
    throwIfCancelled(signal);
    const [image, text] = sessions;
    if (!image || !text) throw new Error('two graphs are opened');
    return await OpenJointModel.tried({ folder, config, tokenizer, image, text, hash: [...hashes, JSON.stringify(config)].join('+') });
  } catch (error) {
    await Promise.all(sessions.map((session) => session.close()));
    throw error;
  }
}

async function openGraph(folder: string, file: string, inference: Inference, signal?: AbortSignal): Promise<{ session: ModelSession; hash: string }> {
  try {
    return await inference.openFile(join(folder, file), { threads: 1, signal });
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'model_missing') throw missing(folder, file, error);
    throw failed(file, error);
  }
}

async function readConfig(folder: string): Promise<JointConfig> {
  const text = await readFile(join(folder, FILES.config), 'utf8').catch(() => '{}');
  return parsed(FILES.config, () => configSchema.parse(JSON.parse(text)));
}

async function readTokenizer(folder: string): Promise<ClipTokenizer> {
  const text = await readFile(join(folder, FILES.tokenizer), 'utf8').catch((error: unknown) => {
    throw missing(folder, FILES.tokenizer, error);
  });
  return parsed(FILES.tokenizer, () => new ClipTokenizer(JSON.parse(text)));
}

function parsed<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ExpectedError('image_text_config', { file }, { cause: error });
  }
}

const missing = (folder: string, file: string, cause: unknown): ExpectedError => new ExpectedError('image_text_missing', { file, folder }, { cause });

function failed(file: string, error: unknown): Error {
  if (isCancelled(error)) return new CancelledError();
  const reason = error instanceof ExpectedError ? String(error.params['reason'] ?? error.code) : error instanceof Error ? error.message : String(error);
  return new ExpectedError('image_text_failed', { file, reason: (reason.split('\n')[0] ?? '').slice(0, 200) }, { cause: error });
}

interface JointParts {
  folder: string;
  config: JointConfig;
  tokenizer: ClipTokenizer;
  image: ModelSession;
  text: ModelSession;
  hash: string;
}

class OpenJointModel implements JointModel {
  readonly #parts: JointParts;
  dimensions = 0;
  /** Some exports take no mask. */
  #withMask = true;

  private constructor(parts: JointParts) {
    this.#parts = parts;
  }

  static async tried(parts: JointParts): Promise<OpenJointModel> {
    const model = new OpenJointModel(parts);
    const side = 64;
    const pixels = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 37) % 256);
    const picture = await model.embedPicture({ width: side, height: side, pixels });
    const text = await model.#tryText();
    if (picture.length !== text.length) throw new ExpectedError('image_text_apart', { image: picture.length, text: text.length });
    model.dimensions = picture.length;
    return model;
  }

  get hash(): string {
    return this.#parts.hash;
  }

  async embedPicture(picture: RgbPicture, signal?: AbortSignal): Promise<Float32Array> {
    throwIfCancelled(signal);
    const { config, image } = this.#parts;
    const inputs = { [config.names.pixels]: planes(middleSquare(picture, 1, config.size), config) };
    return this.#vector(FILES.image, image, inputs, config.names.imageVector);
  }

  async embedText(text: string, signal?: AbortSignal): Promise<Float32Array> {
    throwIfCancelled(signal);
    const { config, tokenizer, text: session } = this.#parts;
    const { ids, mask } = tokenizer.encode(text, config.contextLength);
    const tensor = (data: BigInt64Array): Tensor => ({ type: 'int64', dims: [1, data.length], data });
    const inputs = { [config.names.tokens]: tensor(ids), ...(this.#withMask ? { [config.names.mask]: tensor(mask) } : {}) };
    return this.#vector(FILES.text, session, inputs, config.names.textVector);
  }

  async close(): Promise<void> {
    await Promise.all([this.#parts.image.close(), this.#parts.text.close()]);
  }

  async #tryText(): Promise<Float32Array> {
    try {
      return await this.embedText('a photo of a dog');
    } catch (error) {
      if (isCancelled(error)) throw error;
      this.#withMask = false;
      return await this.embedText('a photo of a dog').catch(() => {
        throw error;
      });
    }
  }

  async #vector(file: string, session: ModelSession, inputs: Record<string, Tensor>, name: string): Promise<Float32Array> {
    const outputs = await session.run(inputs).catch((error: unknown) => {
      throw failed(file, error);
    });
    const found = outputs[name];
    const length = found?.dims.at(-1) ?? 0;
    if (!(found?.data instanceof Float32Array) || length === 0 || found.data.length !== length) {
      throw failed(file, new Error(`${name}: ${found ? `${found.type} [${found.dims.join(', ')}]` : Object.keys(outputs).join(', ')}`));
    }
    const size = Math.sqrt(found.data.reduce((sum, value) => sum + value * value, 0));
    if (!Number.isFinite(size) || size === 0) throw failed(file, new Error(`${name}: ${size}`));
    return found.data.map((value) => value / size);
  }
}

/** Red, green and blue one after the other, scaled as in training. */
function planes(pixels: Uint8Array, { size, mean, std }: JointConfig): Tensor {
  const data = new Float32Array(3 * size * size);
  for (let channel = 0; channel < 3; channel++) {
    const [shift = 0, scale = 1] = [mean[channel], std[channel]];
    for (let at = 0; at < size * size; at++) data[channel * size * size + at] = ((pixels[at * 3 + channel] ?? 0) / 255 - shift) / scale;
  }
  return { type: 'float32', dims: [1, 3, size, size], data };
}
