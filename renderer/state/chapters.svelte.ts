import type { MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { chapterAt, chapterRange, mergeChapter, moveChapter, renameChapter, sentenceFrom, splitChapter } from './chapter-edits.ts';
import type { EditState, NewClip } from './edit.svelte.ts';
import type { Player } from './player.svelte.ts';
import { shortName } from './story-moments.ts';
import type { StoryState } from './story.svelte.ts';

const NONE: readonly Chapter[] = [];

/** The chapters of the current media: a person's own, else those that are computed. The first change makes them the person's. */
export class ChaptersState {
  /** The one that the keys mean. */
  lead = $state<string | null>(null);
  /** The one whose title is being written. */
  renaming = $state<string | null>(null);

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

  readonly #own: readonly Chapter[] | null = $derived.by(() => {
    const media = this.#media();
    return media === null ? null : (this.#edit.edit.chapters[media] ?? null);
  });
  /** In order of time. Chapters without a time, which only a text without a video has, are left out. */
  readonly list: readonly Chapter[] = $derived.by(() => this.#own ?? this.#story.computedChapters?.value.filter((chapter) => chapter.start !== null) ?? NONE);
  /** A person has changed them. */
  readonly edited = $derived.by(() => this.#own !== null);
  readonly stale = $derived.by(() => this.#own === null && (this.#story.computedChapters?.stale ?? false));
  /** Index of the one at the playhead; -1 before the first. */
  readonly here = $derived.by(() => (this.#player.media?.id === this.#media() ? chapterAt(this.list, this.#player.time) : -1));
  readonly leadIndex = $derived.by(() => this.list.findIndex((chapter) => chapter.id === this.lead));
  /** The one that a command means: the picked one, else the one at the playhead. */
  readonly meant: Chapter | null = $derived.by(() => this.list[this.leadIndex >= 0 ? this.leadIndex : this.here] ?? null);
  readonly canSplit = $derived.by(() => this.#story.sentences.length > 0 && !this.list.some((chapter) => chapter.start === this.#player.time));
  readonly canMerge = $derived.by(() => this.meant !== null && this.list.indexOf(this.meant) > 0);
  readonly canMove = $derived.by(() => this.meant !== null && this.#moved(this.meant.id) !== null);

  /** Of any open media: a person's own, else those that are computed, with a time. */
  of(media: MediaId): readonly Chapter[] {
    return this.#edit.edit.chapters[media] ?? this.#story.computedChaptersOf(media).filter((chapter) => chapter.start !== null);
  }

  select(id: string): void {
    this.lead = id;
  }

  rename(id: string, title: string): void {
    this.#keep(renameChapter(this.list, id, title));
  }

  /** A chapter begins at the playhead, called by what is said there; its title is then written. */
  split(): void {
    const { sentences } = this.#story;
    const { time } = this.#player;
    const id = crypto.randomUUID();
    const title = shortName(sentences[sentenceFrom(sentences, time)]?.text ?? '');
    if (this.#keep(splitChapter(this.list, sentences, time, { id, title }))) {
      this.lead = id;
      this.renaming = id;
    }
  }

  merge(id: string): void {
    const index = this.list.findIndex((chapter) => chapter.id === id);
    const before = this.list[index - 1];
    if (this.#keep(mergeChapter(this.list, id))) this.lead = before?.id ?? null;
  }

  /** The chapter begins at the playhead. */
  moveToPlayhead(id: string): void {
    this.#keep(this.#moved(id));
  }

  /** Those that are computed count again; undoable. */
  reset(): void {
    const media = this.#media();
    if (media !== null && this.edited) this.#edit.run({ type: 'chapters.set', media, chapters: null });
  }

  /** Picks and shows the chapter `by` places on from the picked one, else from the one at the playhead. */
  step(by: 1 | -1): void {
    const from = this.leadIndex >= 0 ? this.leadIndex : this.here;
    const chapter = this.list[Math.max(0, Math.min(from + by, this.list.length - 1))];
    if (chapter) this.show(chapter);
  }

  show(chapter: Chapter): void {
    this.lead = chapter.id;
    if (chapter.start !== null) this.#player.seek(chapter.start);
  }

  rangeOf(chapter: Chapter): { start: Flicks; end: Flicks } | null {
    return chapterRange(this.list, this.list.indexOf(chapter), this.#player.range.end);
  }

  clipOf(chapter: Chapter): NewClip | null {
    const media = this.#media();
    const range = this.rangeOf(chapter);
    return media === null || range === null || range.end <= range.start ? null : { media, ...range, name: chapter.title };
  }

  #moved(id: string): Chapter[] | null {
    return moveChapter(this.list, this.#story.sentences, id, this.#player.time);
  }

  /** One step of undo. False when there is nothing to change, or it can't be. */
  #keep(chapters: Chapter[] | null): boolean {
    const media = this.#media();
    return chapters !== null && media !== null && this.#edit.run({ type: 'chapters.set', media, chapters });
  }
}
