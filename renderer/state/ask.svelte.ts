import { isCancelled } from '../../shared/errors.ts';
import type { MediaId } from '../../shared/media.ts';
import type { AskResult, Sentence } from '../../shared/understanding/types.ts';
import type { EngineClient } from '../bridge/engine.ts';
import type { StoryState } from './story.svelte.ts';

/** A question with what came of it. `sentences` are those that the answers' numbers mean. */
export interface Asked {
  readonly id: number;
  readonly media: MediaId;
  readonly question: string;
  readonly sentences: readonly Sentence[];
  /** Null while it is being answered, or when that failed. */
  readonly result: AskResult | null;
  readonly error: unknown;
}

const MOST_ANSWERS = 5;
/** Questions that are kept while the window is open. */
const MOST_KEPT = 50;

/** Questions put to the current media's transcript, and their answers. */
export class AskState {
  /** What is in the field. */
  question = $state('');
  /** Counts how often a command asked for the field: it takes the focus each time. */
  focusWanted = $state(0);
  #all = $state.raw<readonly Asked[]>([]);
  #running: { id: number; abort: AbortController } | null = null;
  #nextId = 1;

  readonly #engine: EngineClient;
  readonly #story: StoryState;
  readonly #media: () => MediaId | null;

  constructor(engine: EngineClient, story: StoryState, media: () => MediaId | null) {
    this.#engine = engine;
    this.#story = story;
    this.#media = media;
  }

  /** Of the current media, newest first. */
  readonly asked: readonly Asked[] = $derived.by(() => this.#all.filter((each) => each.media === this.#media()));
  readonly latest: Asked | null = $derived.by(() => this.asked[0] ?? null);
  readonly busy = $derived.by(() => this.latest !== null && this.latest.result === null && this.latest.error === null);

  /** Asks what is in the field, else what is given. A question that was asked before comes to the front, answered anew. */
  async ask(question: string = this.question): Promise<void> {
    const media = this.#media();
    const text = question.trim().slice(0, 1000);
    const { sentences, language } = this.#story;
    if (media === null || text === '' || sentences.length === 0) return;
    this.question = text;
    this.#running?.abort.abort();
    const abort = new AbortController();
    const asked: Asked = { id: this.#nextId++, media, question: text, sentences, result: null, error: null };
    this.#running = { id: asked.id, abort };
    this.#all = [asked, ...this.#all.filter((each) => each.media !== media || (each.question !== text && each.result !== null))].slice(0, MOST_KEPT);
    try {
      const result = await this.#engine.call('ask', { question: text, language, sentences: [...sentences], limit: MOST_ANSWERS }, abort.signal);
      this.#replace({ ...asked, result });
    } catch (error) {
      if (isCancelled(error)) this.#all = this.#all.filter((each) => each.id !== asked.id);
      else this.#replace({ ...asked, error });
    }
  }

  /** Brings an earlier question to the front as it was answered. */
  recall(id: number): void {
    const found = this.#all.find((each) => each.id === id);
    if (!found) return;
    this.question = found.question;
    this.#all = [found, ...this.#all.filter((each) => each.id !== id)];
  }

  #replace(asked: Asked): void {
    this.#all = this.#all.map((each) => (each.id === asked.id ? asked : each));
  }
}
