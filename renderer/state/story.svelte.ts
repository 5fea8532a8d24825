import { untrack } from 'svelte';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import { sentencesOfCues } from '../../shared/understanding/sentences.ts';
import { DEFAULT_UNDERSTANDING, type Chapter, type Sentence, type UnderstandingSettings } from '../../shared/understanding/types.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { EditState } from './edit.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { Understanding } from './understanding.svelte.ts';

export interface StoryAround {
  readonly entry: () => MediaEntry | null;
  readonly entries: () => readonly MediaEntry[];
  /** Its speech is being recognised now: a transcript that still grows is not worked on. */
  readonly transcribing: (id: MediaId) => boolean;
}

/** What a media's understanding is made of: one that differs in anything is made anew. */
interface Wanted {
  readonly id: MediaId;
  readonly name: string;
  readonly sentences: readonly Sentence[];
  /** BCP 47, or `auto`. */
  readonly language: string;
  readonly length: UnderstandingSettings['summaryLength'];
  readonly detail: number;
  /** Starts of shots, once all are known. */
  readonly cuts: readonly Flicks[];
}

/** Milliseconds without another change before the work begins: a correction is many changes, a slider's way too. */
const PAUSE_MS = 300;
const NO_SENTENCES: readonly Sentence[] = [];
const NO_CUTS: readonly Flicks[] = [];
const NOTHING = new Understanding();

/** The track that a media's story is made of: the chosen one, else the recognised speech, else the first. */
export function storyTrack(tracks: readonly CaptionTrack[], media: MediaId, chosen: string | null): CaptionTrack | null {
  const own = tracks.filter((track) => track.media === media);
  return own.find((track) => track.id === chosen) ?? own.findLast((track) => track.kind === 'speech') ?? own[0] ?? null;
}

/**
 * Summaries and chapters of the open media: made by themselves once a transcript is there and anew whenever it or a setting
 * changes, one media at a time, the one that is looked at first. Indexing for the search goes along.
 */
export class StoryState {
  #understood = $state.raw<ReadonlyMap<MediaId, Understanding>>(new Map());
  /** What each media was last asked with. */
  readonly #asked = new Map<MediaId, Wanted>();
  readonly #due = new Set<MediaId>();
  #running: { id: MediaId; job: Job<unknown> } | null = null;
  /** The search knows more sentences; set by the app's state. */
  onIndexed: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Sentences of unchanged cues are not made again. */
  readonly #made = new WeakMap<object, { key: string; sentences: readonly Sentence[] }>();
  readonly #cutsOf = new WeakMap<object, readonly Flicks[]>();

  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #edit: EditState;
  readonly #around: StoryAround;

  constructor(engine: EngineClient, jobs: Jobs, edit: EditState, around: StoryAround) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#edit = edit;
    this.#around = around;
  }

  readonly #id: MediaId | null = $derived.by(() => this.#around.entry()?.media.id ?? null);
  readonly settings: UnderstandingSettings = $derived.by(() => this.#settingsOf(this.#id));
  readonly track: CaptionTrack | null = $derived.by(() => (this.#id === null ? null : storyTrack(this.#edit.captions, this.#id, this.settings.track)));
  /** Of the current media as its cues are now; results may still mean older ones and carry those with them. */
  readonly sentences: readonly Sentence[] = $derived.by(() => this.#sentencesOf(this.track));
  /** Of those sentences: BCP 47, or `auto`. */
  readonly language: string = $derived.by(() => languageOf(this.track));
  readonly #current: Understanding = $derived.by(() => (this.#id === null ? undefined : this.#understood.get(this.#id)) ?? NOTHING);
  readonly status = $derived.by(() => this.#current.status);
  readonly progress = $derived.by(() => this.#current.progress);
  readonly warnings = $derived.by(() => this.#current.warnings);
  readonly error = $derived.by(() => this.#current.error);
  readonly summary = $derived.by(() => this.#current.summary);
  /** As computed; `ChaptersState` has those that count. */
  readonly computedChapters = $derived.by(() => this.#current.chapters);
  /** Of any open media, as computed. */
  computedChaptersOf(id: MediaId): readonly Chapter[] {
    return this.#understood.get(id)?.chapters?.value ?? [];
  }

  readonly busy = $derived.by(() => this.status === 'waiting' || this.status === 'running');

  readonly #wanted: readonly Wanted[] = $derived.by(() => this.#around.entries().flatMap((entry) => this.#wantedOf(entry) ?? []));

  /** Call it in an effect: follows the transcripts and settings of all open media. */
  watch(): void {
    const wanted = this.#wanted;
    const open = this.#around.entries().map((entry) => entry.media.id);
    untrack(() => this.#follow(wanted, open));
  }

  /** Changes settings of the current media; they are part of the project, and undo leaves them. */
  change(change: Partial<UnderstandingSettings>): void {
    if (this.#id !== null) this.#edit.run({ type: 'understanding.set', media: this.#id, change });
  }

  /** Makes the current media's story again, as after a failure. */
  start(): void {
    const id = this.#id;
    if (id === null || !this.#asked.has(id)) return;
    this.#due.add(id);
    this.#next();
  }

  #settingsOf(id: MediaId | null): UnderstandingSettings {
    return (id === null ? undefined : this.#edit.edit.understanding[id]) ?? DEFAULT_UNDERSTANDING;
  }

  #sentencesOf(track: CaptionTrack | null): readonly Sentence[] {
    if (!track) return NO_SENTENCES;
    const key = `${track.language} ${JSON.stringify(track.speakers)}`;
    const known = this.#made.get(track.cues);
    if (known?.key === key) return known.sentences;
    const sentences = sentencesOfCues(track.cues, track.speakers, languageOf(track));
    this.#made.set(track.cues, { key, sentences });
    return sentences;
  }

  #wantedOf({ media, analysis }: MediaEntry): Wanted | null {
    const settings = this.#settingsOf(media.id);
    const track = storyTrack(this.#edit.captions, media.id, settings.track);
    if (!track || this.#around.transcribing(media.id)) return null;
    const sentences = this.#sentencesOf(track);
    if (sentences.length === 0) return null;
    const cuts = analysis.status === 'done' ? this.#cuts(analysis.shotEvents) : NO_CUTS;
    return { id: media.id, name: media.name, sentences, language: languageOf(track), length: settings.summaryLength, detail: settings.chapterDetail, cuts };
  }

  #cuts(shots: readonly { readonly index: number; readonly start: Flicks }[]): readonly Flicks[] {
    const known = this.#cutsOf.get(shots);
    if (known) return known;
    const cuts = shots.filter((shot) => shot.index > 0).map((shot) => shot.start);
    this.#cutsOf.set(shots, cuts);
    return cuts;
  }

  #follow(wanted: readonly Wanted[], open: readonly MediaId[]): void {
    const ids = new Set(wanted.map(({ id }) => id));
    for (const id of [...this.#asked.keys()]) {
      if (!ids.has(id)) this.#drop(id, open.includes(id));
    }
    for (const each of wanted) {
      const asked = this.#asked.get(each.id);
      if (asked && isSame(asked, each)) continue;
      this.#asked.set(each.id, each);
      this.#due.add(each.id);
      if (this.#running?.id === each.id) this.#running.job.cancel();
      const understanding = this.#of(each.id);
      understanding.age();
      understanding.status = 'waiting';
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, PAUSE_MS);
    }
  }

  /** No transcript, or one that is being recognised anew: what was made of it goes with it only in the first case. */
  #drop(id: MediaId, open: boolean): void {
    this.#asked.delete(id);
    this.#due.delete(id);
    if (this.#running?.id === id) this.#running.job.cancel();
    const understanding = this.#understood.get(id);
    if (open && this.#around.transcribing(id)) {
      understanding?.age();
      if (understanding) understanding.status = 'idle';
    } else if (open) understanding?.forget();
    else this.#understood = new Map([...this.#understood].filter(([other]) => other !== id));
  }

  #of(id: MediaId): Understanding {
    const known = this.#understood.get(id);
    if (known) return known;
    const made = new Understanding();
    this.#understood = new Map([...this.#understood, [id, made]]);
    return made;
  }

  #next(): void {
    if (this.#running) return;
    const current = this.#around.entry()?.media.id;
    const id = current !== undefined && this.#due.has(current) ? current : [...this.#due][0];
    const wanted = id === undefined ? undefined : this.#asked.get(id);
    if (id === undefined || !wanted) return;
    this.#due.delete(id);
    void this.#run(wanted);
  }

  async #run(wanted: Wanted): Promise<void> {
    const { id, name, sentences, language, length, detail, cuts } = wanted;
    const understanding = this.#of(id);
    const isLatest = (): boolean => this.#asked.get(id) === wanted;
    understanding.begin();
    const job = this.#engine.start('understand', { media: id, language, sentences: [...sentences], summary: length, chapters: { detail, cuts: [...cuts] }, index: true });
    this.#running = { id, job };
    try {
      const end = await this.#jobs.follow('understanding', name, job, (events) => {
        if (isLatest()) understanding.apply(events, sentences);
        if (events.some((event) => event.type === 'indexed')) this.onIndexed();
      });
      if (isLatest()) understanding.status = end;
    } catch (error) {
      if (isLatest()) {
        understanding.status = 'failed';
        understanding.error = error;
      }
    } finally {
      this.#running = null;
      understanding.progress = null;
      // Changes that are still coming start what is due themselves.
      if (this.#timer === undefined) this.#next();
    }
  }
}

function languageOf(track: CaptionTrack | null): string {
  return !track || track.language === '' || track.language === 'und' ? 'auto' : track.language;
}

function isSame(a: Wanted, b: Wanted): boolean {
  return a.sentences === b.sentences && a.language === b.language && a.detail === b.detail && a.cuts === b.cuts && JSON.stringify(a.length) === JSON.stringify(b.length);
}
