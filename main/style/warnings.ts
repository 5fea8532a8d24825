/** Tells the person each thing once. */
import type { Painted } from './questions.ts';
import type { StyleWarning } from './types.ts';

export class WarnOnce {
  readonly #tell: ((code: StyleWarning) => void) | undefined;
  readonly #told = new Set<StyleWarning>();
  /** Null: nobody looked for faces. */
  #faces: number | null = null;

  constructor(tell?: (code: StyleWarning) => void) {
    this.#tell = tell;
  }

  of({ warnings, faces }: Pick<Painted, 'warnings' | 'faces'>): void {
    for (const code of warnings) this.say(code);
    if (faces !== null) this.#faces = (this.#faces ?? 0) + faces;
  }

  say(code: StyleWarning): void {
    if (this.#told.has(code)) return;
    this.#told.add(code);
    this.#tell?.(code);
  }

  /** After the last frame: that no frame at all had a face is known only then. */
  end(): void {
    if (this.#faces === 0) this.say('no_face');
  }
}
