import { findInCues, PatternError, replaceMatches, type Match, type PatternProblem } from '../../shared/captions/find.ts';
import type { Cue } from '../../shared/captions/types.ts';
import type { CaptionsState } from './captions.svelte.ts';

/** A part of a cue's text that was found. */
export interface FoundMark {
  readonly from: number;
  readonly to: number;
  readonly current: boolean;
}

/** Searching more cues than this at each key would hold up typing. */
const MANY = 5000;
/** Milliseconds without a key before a long track is searched. */
const PAUSE_MS = 250;
const NONE: readonly FoundMark[] = [];

/** Find and replace in the current track. Matches follow every change of the text. */
export class CaptionFind {
  /** The bar is open: matches are shown. */
  open = $state(false);
  /** What is searched for. */
  text = $state('');
  /** What stands in the field: searched for a moment later where the track is long. */
  typed = $state('');
  replacement = $state('');
  regex = $state(false);
  caseSensitive = $state(false);
  wholeWord = $state(false);
  /** Which match is shown, counted from 0. */
  #place = $state(0);

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #captions: CaptionsState;
  readonly #goTo: (cue: string) => void;

  constructor(captions: CaptionsState, goTo: (cue: string) => void) {
    this.#captions = captions;
    this.#goTo = goTo;
  }

  readonly #cues: readonly Cue[] = $derived.by(() => this.#captions.current?.cues ?? []);
  readonly #found: { matches: readonly Match[]; problem: PatternProblem | null } = $derived.by(() => {
    const { open, text, regex, caseSensitive, wholeWord } = this;
    if (!open || text === '') return { matches: [], problem: null };
    try {
      return { matches: findInCues(this.#cues, { text, regex, caseSensitive, wholeWord }), problem: null };
    } catch (error) {
      if (error instanceof PatternError) return { matches: [], problem: error.problem };
      throw error;
    }
  });
  readonly matches: readonly Match[] = $derived(this.#found.matches);
  /** Why the pattern can't be used as a regular expression; null when it can. */
  readonly problem: PatternProblem | null = $derived(this.#found.problem);
  /** -1 when there is none. */
  readonly place: number = $derived(this.matches.length === 0 ? -1 : Math.min(this.#place, this.matches.length - 1));
  readonly #byCue: ReadonlyMap<string, readonly FoundMark[]> = $derived.by(() => {
    const byCue = new Map<string, FoundMark[]>();
    for (const [index, { cue, from, to }] of this.matches.entries()) {
      const mark = { from, to, current: index === this.place };
      const list = byCue.get(cue);
      if (list) list.push(mark);
      else byCue.set(cue, [mark]);
    }
    return byCue;
  });

  /** Takes what is typed, and goes on by `then` once it is searched for. */
  type(text: string, then: () => void): void {
    this.typed = text;
    clearTimeout(this.#timer);
    const search = (): void => {
      this.text = text;
      then();
    };
    if (this.#cues.length <= MANY) search();
    else this.#timer = setTimeout(search, PAUSE_MS);
  }

  marksOf(cue: string): readonly FoundMark[] {
    return this.#byCue.get(cue) ?? NONE;
  }

  /** Goes to the next (1) or previous (-1) match, round the ends; 0 to the one that is current. */
  step(by: number): void {
    const count = this.matches.length;
    if (count === 0) return;
    this.#place = (this.place + by + count) % count;
    const match = this.matches[this.#place];
    if (match) this.#goTo(match.cue);
  }

  /** The first match at or behind the leading cue becomes the current one. */
  fromHere(index: (cue: string) => number): void {
    const here = this.#captions.lead === null ? 0 : index(this.#captions.lead);
    const found = this.matches.findIndex((match) => index(match.cue) >= here);
    this.#place = Math.max(0, found);
    this.step(0);
  }

  replaceOne(): void {
    const match = this.matches[this.place];
    if (match) this.#replace([match]);
    this.step(0);
  }

  /** How many were replaced, as one step of undo. */
  replaceAll(): number {
    const { matches } = this;
    return this.#replace(matches) ? matches.length : 0;
  }

  #replace(matches: readonly Match[]): boolean {
    return this.#captions.replace(replaceMatches(this.#cues, matches, this.replacement));
  }
}
