/** Words become cues as they come; at the end, cues follow speakers and cuts that are known better by then. */
import type { CaptionContext } from '../../../shared/captions/ruleTypes.ts';
import { snapToCuts } from '../../../shared/captions/cuts.ts';
import { CueBuilder, makeCues } from '../../../shared/captions/segment.ts';
import type { CaptionRules, Cue, Word } from '../../../shared/captions/types.ts';
import type { CueEvent, Turn } from '../../../shared/speech.ts';
import type { Flicks } from '../../../shared/time.ts';
import { speakerAt } from './speakers.ts';

export interface CueStreamOptions {
  rules: CaptionRules;
  context: CaptionContext;
  emit(event: CueEvent): void;
}

export class CueStream {
  readonly #options: CueStreamOptions;
  readonly #builder: CueBuilder;
  readonly #told = new Map<string, Cue>();
  #words = 0;

  constructor(options: CueStreamOptions) {
    this.#options = options;
    this.#builder = new CueBuilder({ rules: options.rules, context: options.context, idPrefix: 'w' });
  }

  get cues(): number {
    return this.#told.size;
  }

  get words(): number {
    return this.#words;
  }

  /** `until`: recognition is done up to here. */
  push(words: readonly Word[], speakers: readonly (string | null)[], until: Flicks): void {
    this.#words += words.length;
    for (const cue of this.#builder.push(words, speakers)) this.#tell(named(cue, this.#told), until);
  }

  finish(until: Flicks): void {
    for (const cue of this.#builder.finish()) this.#tell(named(cue, this.#told), until);
  }

  /** Tells anew every cue that `turns` (null: as they are) or `cuts` change. A cue in which the speaker changes becomes several. */
  settle(turns: readonly Turn[] | null, cuts: readonly Flicks[], until: Flicks): void {
    const { rules, context } = this.#options;
    const cues = [...this.#told.values()].flatMap((cue) => (turns === null ? [cue] : this.#parted(cue, turns)));
    const snapped = cuts.length > 0 ? snapToCuts(cues, rules, { ...context, cuts }) : cues;
    for (const cue of snapped) if (!isSame(cue, this.#told.get(cue.id))) this.#tell(cue, until);
  }

  #parted(cue: Cue, turns: readonly Turn[]): Cue[] {
    const speakers = cue.words.map(({ start, end }) => speakerAt(turns, Math.round((start + end) / 2) as Flicks));
    const [first = null] = speakers;
    if (speakers.every((speaker) => speaker === first)) return [{ ...cue, speaker: first ?? cue.speaker }];
    const { rules, context } = this.#options;
    const parts = makeCues(cue.words, { rules, context, speakers, idPrefix: 'w' });
    const taken = new Map(this.#told);
    return parts.map((part, index) => {
      const renamed = index === 0 ? { ...part, id: cue.id } : named(part, taken);
      taken.set(renamed.id, renamed);
      return renamed;
    });
  }

  #tell(cue: Cue, until: Flicks): void {
    this.#told.set(cue.id, cue);
    this.#options.emit({ type: 'cue', cue, until });
  }
}

/** Named by its begin, so that the same words always give the same ids. */
function named(cue: Cue, taken: ReadonlyMap<string, Cue>): Cue {
  const base = `w${cue.start.toString(36)}`;
  let id = base;
  for (let copy = 2; taken.has(id); copy += 1) id = `${base}-${copy}`;
  return { ...cue, id };
}

function isSame(a: Cue, b: Cue | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end && a.text === b.text && a.speaker === b.speaker && a.words.length === b.words.length;
}
