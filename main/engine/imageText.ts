/** The joint image-text model that the person added: opened at first use, again when the setting changes. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { openJointModel, type JointModel } from '../analysis/pictures/jointModel.ts';
import type { Inference } from '../inference/types.ts';
import type { Logger } from './log.ts';

export class ImageTextModel {
  readonly #inference: () => Inference;
  readonly #logger: Logger;
  #folder: string | null = null;
  #opening: Promise<JointModel | null> | null = null;

  constructor(inference: () => Inference, logger: Logger) {
    this.#inference = inference;
    this.#logger = logger;
  }

  /** Null: none. True when that is another than before, whose model is closed. */
  use(folder: string | null): boolean {
    if (folder === this.#folder) return false;
    const before = this.#opening;
    this.#folder = folder;
    this.#opening = null;
    void before?.then((model) => model?.close());
    return true;
  }

  /** Null when none was added, or when it can't be opened any more: that is logged, and the rest works without it. */
  async model(signal?: AbortSignal): Promise<JointModel | null> {
    const folder = this.#folder;
    if (folder === null) return null;
    this.#opening ??= openJointModel(folder, this.#inference()).catch((error: unknown) => {
      this.#logger.warn({ err: error, folder }, 'the image-text model cannot be used');
      return null;
    });
    const model = await this.#opening;
    throwIfCancelled(signal);
    return model;
  }

  /** Opens and tries a folder, and lets it go. Throws as `openJointModel`. */
  async check(folder: string): Promise<void> {
    const model = await openJointModel(folder, this.#inference());
    await model.close();
  }
}
