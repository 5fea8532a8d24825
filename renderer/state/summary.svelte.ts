import type { KeyTerm, Sentence, Summary, SummarySentence } from '../../shared/understanding/types.ts';
import type { MediaId } from '../../shared/media.ts';
import type { EditState, NewClip } from './edit.svelte.ts';
import type { Player } from './player.svelte.ts';
import { clipOfSentence, playFrom } from './story-moments.ts';
import type { StoryState } from './story.svelte.ts';

const NO_SENTENCES: readonly Sentence[] = [];

/** The summary as it is read: which sentence is meant, which are shown as said, which key term is followed. */
export class SummaryDesk {
  /** The sentence that the keys mean: its number among the transcript's; -1 for none. */
  lead = $state(-1);
  /** Shown the other way than the setting says. */
  #turned = $state.raw<ReadonlySet<number>>(new Set());
  #term = $state<string | null>(null);
  #termAt = $state(0);

  readonly #story: StoryState;
  readonly #edit: EditState;
  readonly #player: Player;
  readonly #media: () => MediaId | null;

  constructor(story: StoryState, edit: EditState, player: Player, media: () => MediaId | null) {
    this.#story = story;
    this.#edit = edit;
    this.#player = player;
    this.#media = media;
  }

  readonly summary: Summary | null = $derived.by(() => this.#story.summary?.value ?? null);
  readonly stale = $derived.by(() => this.#story.summary?.stale ?? false);
  /** The transcript's sentences that the summary's numbers mean. */
  readonly sentences: readonly Sentence[] = $derived.by(() => this.#story.summary?.sentences ?? NO_SENTENCES);
  readonly leadSentence: SummarySentence | null = $derived.by(() => this.summary?.sentences.find((each) => each.sentence === this.lead) ?? null);
  /** The key term that is followed; null for none, or when the summary has it no longer. */
  readonly term: KeyTerm | null = $derived.by(() => this.summary?.terms.find((each) => each.term === this.#term) ?? null);
  /** Which of its sentences is shown, from 0. */
  readonly termAt = $derived.by(() => Math.min(this.#termAt, Math.max(0, (this.term?.sentences.length ?? 0) - 1)));
  readonly termSentence: Sentence | null = $derived.by(() => this.sentences[this.term?.sentences[this.termAt] ?? -1] ?? null);

  isAsSaid(sentence: number): boolean {
    return this.#story.settings.verbatim !== this.#turned.has(sentence);
  }

  textOf(each: SummarySentence): string {
    return this.isAsSaid(each.sentence) ? (this.sentences[each.sentence]?.text ?? each.text) : each.text;
  }

  /** Between cleaned for reading and as said, for one sentence. */
  turn(sentence: number): void {
    const next = new Set(this.#turned);
    if (!next.delete(sentence)) next.add(sentence);
    this.#turned = next;
  }

  /** For all of them, those that were turned by themselves too. */
  setAsSaid(verbatim: boolean): void {
    this.#turned = new Set();
    this.#story.change({ verbatim });
  }

  /** The summary with the texts as they are shown. */
  get shown(): Summary | null {
    return this.summary && { ...this.summary, sentences: this.summary.sentences.map((each) => ({ ...each, text: this.textOf(each) })) };
  }

  play(each: SummarySentence): void {
    this.lead = each.sentence;
    if (each.start !== null) playFrom(this.#player, each.start);
  }

  clipOf(sentence: number): NewClip | null {
    const media = this.#media();
    return media === null ? null : clipOfSentence(media, this.#player.range, this.sentences, sentence);
  }

  addClip(sentence: number): void {
    const clip = this.clipOf(sentence);
    if (clip) this.#edit.add([clip]);
  }

  /** The summary's sentences as clips in order of time; one step of undo. How many there are. */
  addAsCut(): number {
    const order = [...(this.summary?.sentences ?? [])].map((each) => each.sentence).sort((a, b) => a - b);
    const clips = order.flatMap((sentence) => this.clipOf(sentence) ?? []);
    this.#edit.add(clips);
    return clips.length;
  }

  /** Follows a key term from its first sentence, or no longer. */
  follow(term: string | null): void {
    this.#term = term;
    this.#termAt = 0;
    this.#showTerm();
  }

  /** To the term's next (previous) sentence, round the ends. */
  stepTerm(by: 1 | -1): void {
    const count = this.term?.sentences.length ?? 0;
    if (count === 0) return;
    this.#termAt = (this.termAt + by + count) % count;
    this.#showTerm();
  }

  #showTerm(): void {
    const start = this.termSentence?.start ?? null;
    if (start !== null) this.#player.seek(start);
  }
}
