import { isCancelled } from '../../shared/errors.ts';
import type { MediaId } from '../../shared/media.ts';
import type { FoundMoment, SearchList } from '../../shared/understanding/types.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { keepAbove } from './found-order.ts';
import { ListSelection } from './list-selection.svelte.ts';
import type { SelectHow } from './selection.svelte.ts';
import { suggest, type Suggestion, type SuggestionFacts } from './suggestions.ts';

export type SearchScope = 'this' | 'all';
export type FoundKind = FoundMoment['kind'];
export const FOUND_KINDS = ['speech', 'tag', 'text', 'picture'] as const satisfies readonly FoundKind[];

/** A shot whose likes are looked for. */
export interface LikeShot {
  readonly media: MediaId;
  readonly mediaName: string;
  readonly shot: number;
}

/** Typing pauses this long (milliseconds) before it is searched for. */
const PAUSE_MS = 120;
const REFRESH_MS = 1000;
export const MOST_MOMENTS = 500;
/** Lists that need no model: what they find is shown until everything has been asked. */
const QUICK_LISTS: SearchList[] = ['words', 'text'];

/** What the search needs to know of the rest: which file is shown, and what there is to be found. */
export interface SearchSurroundings extends SuggestionFacts {
  currentMedia(): MediaId | null;
}

/** Two moments of two answers are the same when this is. */
export function foundKey({ media, kind, start, end, snippet }: FoundMoment): string {
  return `${media}/${kind}/${start}/${end}/${snippet}`;
}

/** One box over everything opened so far, and shots like a shot: the question, its moments, what is picked of them. */
export class Search {
  query = $state('');
  scope = $state<SearchScope>('this');
  /** Shots like this one are looked for in place of a query. */
  like = $state.raw<LikeShot | null>(null);
  /** Everything found; null: nothing is searched for, or no answer is here yet. */
  found = $state.raw<readonly FoundMoment[] | null>(null);
  /** Only these kinds are shown; none: all of them. */
  kinds = $state.raw<ReadonlySet<FoundKind>>(new Set());
  busy = $state(false);
  error = $state.raw<unknown>(null);
  readonly #selection = new ListSelection();

  /** Something is searched for. */
  readonly active: boolean = $derived(this.query.trim() !== '' || this.like !== null);
  /** What is shown of it. */
  readonly moments: readonly FoundMoment[] | null = $derived.by(() => this.found && (this.kinds.size === 0 ? this.found : this.found.filter(({ kind }) => this.kinds.has(kind))));
  /** How many of each kind were found. */
  readonly counts: Readonly<Record<FoundKind, number>> = $derived.by(() => {
    const counts = { speech: 0, tag: 0, text: 0, picture: 0 };
    for (const { kind } of this.found ?? []) counts[kind] += 1;
    return counts;
  });
  readonly suggestions: readonly Suggestion[] = $derived.by(() => suggest(this.query, this.scope, this.#around));

  readonly #engine: EngineClient;
  readonly #around: SearchSurroundings;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;
  /** Index of the moment under the pointer; -1 outside the list. */
  #pointed = -1;
  /** The latest answer in its own order, while the shown order is held for the pointer. */
  #waiting: readonly FoundMoment[] | null = null;

  constructor(engine: EngineClient, around: SearchSurroundings) {
    this.#engine = engine;
    this.#around = around;
  }

  get picked(): ReadonlySet<number> {
    return this.#selection.picked;
  }
  get lead(): number {
    return this.#selection.lead;
  }
  /** The leading moment; null for none. */
  get leadMoment(): FoundMoment | null {
    return this.moments?.[this.lead] ?? null;
  }
  get pickedMoments(): FoundMoment[] {
    return this.#selection.sorted.flatMap((index) => this.moments?.[index] ?? []);
  }

  /** Searches after a short pause. An empty query ends the search at once. */
  type(query: string): void {
    this.#ask(query, null);
    if (query.trim() === '') return;
    this.busy = true;
    this.#timer = setTimeout(() => void this.run(), PAUSE_MS);
  }

  /** Searches now for exactly this. */
  async pick(name: string): Promise<void> {
    this.#ask(name, null);
    await this.run();
  }

  /** Looks for shots like this one. */
  async findLike(shot: LikeShot): Promise<void> {
    this.#ask('', shot);
    await this.run();
  }

  /** Ends the search. */
  clear(): void {
    this.#ask('', null);
  }

  /** Sets the question. What was found for another one goes; while someone types on it stays until the next answer. */
  #ask(query: string, like: LikeShot | null): void {
    clearTimeout(this.#timer);
    const on = query.trim() !== '' && this.query.trim() !== '' && like === null && this.like === null;
    this.query = query;
    this.like = like;
    if (on) return;
    this.#running?.abort();
    this.found = null;
    this.#waiting = null;
    this.kinds = new Set();
    this.error = null;
    this.busy = false;
    this.#selection.clear();
  }

  setScope(scope: SearchScope): void {
    if (scope === this.scope) return;
    this.scope = scope;
    void this.run();
  }

  /** Shows a kind, or hides it again; with none chosen all are shown. */
  toggleKind(kind: FoundKind): void {
    const next = new Set(this.kinds);
    if (!next.delete(kind)) next.add(kind);
    this.#keepPicks(() => (this.kinds = next));
  }

  showAllKinds(): void {
    this.#keepPicks(() => (this.kinds = new Set()));
  }

  /** Asks again, as after more was found; keeps what is shown until the answer is here. */
  async run(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.active) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    try {
      const found = await (this.like ? this.#askLike(this.like, running.signal) : this.#askQuery(running.signal));
      if (running.signal.aborted) return;
      this.#show(found);
      this.error = null;
    } catch (error) {
      if (!isCancelled(error) && !running.signal.aborted) this.error = error;
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }

  /** The whole answer; while it takes its time and nothing is shown, what the quick lists find is shown. */
  async #askQuery(signal: AbortSignal): Promise<readonly FoundMoment[]> {
    const args = { query: this.query.trim(), media: this.#within(), limit: MOST_MOMENTS };
    let whole = false;
    const answer = this.#engine.call('search', { ...args, lists: null }, signal).finally(() => (whole = true));
    if (this.found === null) {
      this.#engine
        .call('search', { ...args, lists: QUICK_LISTS }, signal)
        .then((quick) => {
          if (!whole && !signal.aborted && quick.length > 0) this.#show(quick);
        })
        // The whole answer fails by the same reason, and tells it.
        .catch(() => undefined);
    }
    return answer;
  }

  #askLike({ media, shot }: LikeShot, signal: AbortSignal): Promise<readonly FoundMoment[]> {
    return this.#engine.call('similarShots', { media, shot, within: this.#within(), limit: MOST_MOMENTS }, signal);
  }

  #within(): MediaId[] | null {
    const media = this.scope === 'this' ? this.#around.currentMedia() : null;
    return media === null ? null : [media];
  }

  /** Asks again soon, because more is known; not more often than once a second. */
  refreshSoon(): void {
    if (!this.active || this.#refresh !== undefined) return;
    this.#refresh = setTimeout(() => {
      this.#refresh = undefined;
      void this.run();
    }, REFRESH_MS);
  }

  /** The pointer is on the moment at `index`, -1: it has left the list. What it is on does not move. */
  point(index: number): void {
    this.#pointed = index;
    if (index >= 0 || !this.#waiting) return;
    const waiting = this.#waiting;
    this.#show(waiting);
  }

  select(index: number, how: SelectHow): void {
    this.#selection.select(index, how);
  }
  selectAll(): void {
    this.#selection.selectAll(this.moments?.length ?? 0);
  }

  #show(found: readonly FoundMoment[]): void {
    const held = this.#pointed >= 0 && this.moments ? this.moments.slice(0, this.#pointed + 1) : [];
    this.#waiting = held.length > 0 ? found : null;
    this.#keepPicks(() => (this.found = keepAbove(held, found, foundKey)));
  }

  /** The picks stay on their moments while the list changes. */
  #keepPicks(change: () => void): void {
    const before = this.moments ?? [];
    change();
    this.#selection.follow(before, this.moments ?? [], foundKey);
  }
}
