/** Measures of a media in the library: piece by piece, so that an interrupted run goes on. */
import { z } from 'zod';
import type { Media } from '../../../shared/media.ts';
import type { Library, StageKey } from '../../library/types.ts';
import { Saving } from '../saving.ts';
import { canonical } from '../stages.ts';

/** Cells of a stored piece: a minute's. */
const PIECE = 120;

const checkpointSchema = z.object({ cells: z.number().int().nonnegative() });

/** One stage's rows of numbers, from the first cell on. A library that fails is told of once and left alone; the rows stay in memory. */
export class MeasureStore {
  readonly #library: Library;
  readonly #key: StageKey;
  readonly #saving: Saving;
  readonly rows: number[][] = [];
  #stored = 0;
  complete = false;

  /** Reads what there is. `rules`: the measuring depends on nothing else. `columns`: numbers in a row. */
  constructor(library: Library, media: Media, stage: string, rules: unknown, columns: number, onFailure: () => void) {
    this.#library = library;
    this.#key = { media: media.id, stage, modelHash: '', params: canonical(rules) };
    this.#saving = new Saving(onFailure);
    const stored = this.#saving.try(() => library.getMeasures(this.#key));
    if (!stored) return;
    for (const { from, rows } of stored.events) if (from === this.rows.length) this.rows.push(...rows);
    const checkpoint = checkpointSchema.safeParse(stored.checkpoint);
    const sound = checkpoint.success && checkpoint.data.cells === this.rows.length && this.rows.every((row) => row.length === columns);
    if (sound) {
      this.complete = stored.complete;
      this.#stored = this.rows.length;
      return;
    }
    this.rows.length = 0;
    this.#saving.try(() => library.clearStage(this.#key));
  }

  push(row: readonly number[]): void {
    this.rows.push(row.map((value) => Math.round(value * 1000) / 1000));
    if (this.rows.length - this.#stored >= PIECE) this.#append();
  }

  finish(): void {
    if (this.rows.length > this.#stored) this.#append();
    this.#saving.try(() => this.#library.completeStage(this.#key));
    this.complete = true;
  }

  #append(): void {
    const from = this.#stored;
    const rows = this.rows.slice(from);
    this.#saving.try(() => this.#library.append(this.#key, [{ type: 'measures', from, rows }], { cells: this.rows.length }));
    this.#stored = this.rows.length;
  }
}
