/** How far the pictures of a media were examined, for each kind of result on its own: another joint model costs no reading. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Media } from '../../../shared/media.ts';
import { picturesFact } from '../../library/pictureIndex.ts';
import type { Library, PictureText, ShotVectorKind } from '../../library/types.ts';
import type { Saving } from '../saving.ts';
import { canonical } from '../stages.ts';
import type { Look } from './plan.ts';

export type PicturePart = 'text' | ShotVectorKind;

const stateSchema = z.object({ key: z.string(), done: z.number().int().nonnegative() });

export interface PartOptions {
  library: Library;
  media: Media;
  part: PicturePart;
  /** Hash of the models that the results come from. */
  modelHash: string;
  rules: unknown;
  looks: readonly Look[];
  saving: Saving;
}

/** One kind of result. What the library holds of another model, other rules or other shots is taken out when this begins. */
export class PicturePartStore {
  readonly #options: PartOptions;
  readonly #key: string;
  /** Looks whose results are kept. */
  done = 0;

  constructor(options: PartOptions) {
    this.#options = options;
    const { library, saving, modelHash, rules, looks } = options;
    this.#key = createHash('sha256').update(canonical([modelHash, rules, looks])).digest('hex');
    const known = stateSchema.safeParse(saving.try(() => library.getFact(this.#fact))).data;
    if (known?.key === this.#key && known.done <= looks.length) this.done = known.done;
    else this.#begin();
  }

  get complete(): boolean {
    return this.done >= this.#options.looks.length;
  }

  /** Keeps what was found in the looks up to `done`. Told again after a crash, it replaces itself. */
  keepTexts(done: number, texts: readonly PictureText[]): void {
    this.#keep(done, () => this.#options.library.addPictureText(this.#options.media.id, texts));
  }

  keepVectors(done: number, vectors: readonly { shot: number; vector: Float32Array }[]): void {
    const { part, library, media } = this.#options;
    if (part === 'text') throw new Error('text has no vectors');
    this.#keep(done, () => library.addShotVectors(media.id, part, vectors));
  }

  get #fact(): string {
    return picturesFact(this.#options.media.id, this.#options.part);
  }

  #begin(): void {
    const { library, media, part, saving } = this.#options;
    saving.try(() => {
      if (part === 'text') library.putPictureText(media.id, []);
      else library.putShotVectors(media.id, part, []);
      library.putFact(this.#fact, { key: this.#key, done: 0 });
    });
  }

  #keep(done: number, work: () => void): void {
    this.done = done;
    this.#options.saving.try(() => {
      work();
      this.#options.library.putFact(this.#fact, { key: this.#key, done });
    });
  }
}
