import { isCancelled } from '../../shared/errors.ts';
import type { Moment } from '../../shared/ipc/engine.ts';
import type { MediaId } from '../../shared/media.ts';
import type { EngineClient } from '../bridge/engine.ts';

export type SearchScope = 'this' | 'all';
export interface Suggestion {
  readonly label: string;
  /** In the person's language. */
  readonly name: string;
  readonly count: number;
}

/** Typing pauses this long (milliseconds) before it is searched for. */
const PAUSE_MS = 120;
const REFRESH_MS = 1000;
const MOST_MOMENTS = 500;
const MOST_SUGGESTIONS = 12;

/** What the search needs to know of the rest: which file is shown, and the tags found so far with their names. */
export interface SearchSurroundings {
  currentMedia(): MediaId | null;
  tagCounts(scope: SearchScope): readonly { label: string; count: number }[];
  /** Names a person may type for a label: shown name first. */
  namesOf(label: string): readonly string[];
}

/** Tag search: a query, its moments, and suggestions out of what was found. */
export class Search {
  query = $state('');
  scope = $state<SearchScope>('this');
  /** Null: nothing is searched for. */
  moments = $state.raw<readonly Moment[] | null>(null);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  picked = $state.raw<ReadonlySet<number>>(new Set());
  lead = $state(-1);

  readonly #engine: EngineClient;
  readonly #around: SearchSurroundings;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;
  #anchor = -1;

  readonly suggestions: readonly Suggestion[] = $derived.by(() => this.#suggest());

  constructor(engine: EngineClient, around: SearchSurroundings) {
    this.#engine = engine;
    this.#around = around;
  }

  /** Searches after a short pause. An empty query ends the search at once. */
  type(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    if (query.trim() === '') {
      this.#running?.abort();
      this.moments = null;
      this.error = null;
      this.busy = false;
      this.#clearPicks();
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.run(), PAUSE_MS);
  }

  /** Searches now for exactly this label's shown name. */
  async pick(name: string): Promise<void> {
    this.query = name;
    await this.run();
  }

  setScope(scope: SearchScope): void {
    this.scope = scope;
    if (this.query.trim() !== '') void this.run();
  }

  /** Asks again, as after new tags arrived; keeps what is shown until the answer is here. */
  async run(): Promise<void> {
    clearTimeout(this.#timer);
    const query = this.query.trim();
    if (query === '') return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    const media = this.#around.currentMedia();
    try {
      const scope = this.scope === 'this' && media !== null ? [media] : null;
      const moments = await this.#engine.call('searchTags', { query, media: scope, limit: MOST_MOMENTS }, running.signal);
      if (running.signal.aborted) return;
      this.#replace(moments);
      this.error = null;
    } catch (error) {
      if (!isCancelled(error) && !running.signal.aborted) this.error = error;
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }

  /** Asks again soon, because more was found; not more often than once a second. */
  refreshSoon(): void {
    if (this.query.trim() === '' || this.#refresh !== undefined) return;
    this.#refresh = setTimeout(() => {
      this.#refresh = undefined;
      void this.run();
    }, REFRESH_MS);
  }

  select(index: number, how: 'replace' | 'toggle' | 'extend'): void {
    const next = new Set(how === 'toggle' ? this.picked : []);
    if (how === 'extend' && this.#anchor >= 0) {
      for (let i = Math.min(this.#anchor, index); i <= Math.max(this.#anchor, index); i += 1) next.add(i);
    } else if (!(how === 'toggle' && next.delete(index))) {
      next.add(index);
    }
    if (how !== 'extend') this.#anchor = index;
    this.picked = next;
    this.lead = index;
  }

  get pickedMoments(): Moment[] {
    return [...this.picked].sort((a, b) => a - b).flatMap((index) => this.moments?.[index] ?? []);
  }

  /** New answers to the same question keep the picks on the same moments. */
  #replace(moments: readonly Moment[]): void {
    const keyOf = (moment: Moment): string => `${moment.media}/${moment.shot}/${moment.label}/${moment.source}`;
    const before = new Set(this.pickedMoments.map(keyOf));
    const lead = this.moments?.[this.lead];
    this.moments = moments;
    this.picked = new Set(moments.flatMap((moment, index) => (before.has(keyOf(moment)) ? [index] : [])));
    this.lead = lead ? moments.findIndex((moment) => keyOf(moment) === keyOf(lead)) : -1;
    this.#anchor = this.lead;
  }

  #clearPicks(): void {
    this.picked = new Set();
    this.lead = -1;
    this.#anchor = -1;
  }

  #suggest(): Suggestion[] {
    const typed = this.query.trim().toLowerCase();
    const all = this.#around.tagCounts(this.scope).map(({ label, count }) => {
      const names = this.#around.namesOf(label);
      return { label, count, name: names[0] ?? label, names };
    });
    const rank = (names: readonly string[]): number => {
      const lower = names.map((name) => name.toLowerCase());
      if (lower.some((name) => name.startsWith(typed))) return 0;
      return lower.some((name) => name.includes(typed)) ? 1 : 2;
    };
    return all
      .map((entry) => ({ entry, rank: typed === '' ? 0 : rank(entry.names) }))
      .filter(({ rank: place }) => place < 2)
      .sort((a, b) => a.rank - b.rank || b.entry.count - a.entry.count)
      .slice(0, MOST_SUGGESTIONS)
      .map(({ entry }) => ({ label: entry.label, name: entry.name, count: entry.count }));
  }
}
