import type {
  AnalysisEvent,
  DoneEvent,
  KeyframeEvent,
  PreviewEvent,
  ProgressEvent,
  ShotEvent,
  TagEvent,
  WarningEvent,
} from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';

/** A shot with what was found in it. A new object whenever something was added. */
export interface ShotItem {
  readonly shot: ShotEvent;
  readonly keyframes: readonly KeyframeEvent[];
  /** Best score first. */
  readonly tags: readonly TagEvent[];
}

export type AnalysisStatus = 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';

interface Found {
  keyframes: KeyframeEvent[];
  tags: TagEvent[];
}

/** What the analysis of one media has streamed so far. Takes the same event twice, as after an engine's restart. */
export class Analysis {
  readonly media: Media;
  status = $state<AnalysisStatus>('idle');
  error = $state.raw<Error | null>(null);
  shots = $state.raw<readonly ShotItem[]>([]);
  previews = $state.raw<readonly PreviewEvent[]>([]);
  progress = $state.raw<ProgressEvent | null>(null);
  warnings = $state.raw<readonly WarningEvent[]>([]);
  summary = $state.raw<DoneEvent | null>(null);
  /** Shots in which each label was found, most first. */
  readonly tagCounts = $derived.by(() => countLabels(this.shots));

  readonly shotEvents: readonly ShotEvent[] = $derived(this.shots.map((item) => item.shot));
  readonly keyframes: readonly KeyframeEvent[] = $derived(this.shots.flatMap((item) => item.keyframes));

  /** Keyframes and tags that came before their shot. */
  readonly #early = new Map<number, Found>();

  constructor(media: Media) {
    this.media = media;
  }

  /** Forgets everything found, for a fresh run. */
  reset(): void {
    this.shots = [];
    this.previews = [];
    this.progress = null;
    this.warnings = [];
    this.summary = null;
    this.error = null;
    this.#early.clear();
  }

  apply(events: readonly AnalysisEvent[]): void {
    const batch = new Batch(this.shots, this.#early);
    const previews: PreviewEvent[] = [];
    for (const event of events) {
      switch (event.type) {
        case 'shot':
          batch.addShot(event);
          break;
        case 'keyframe':
          batch.addKeyframe(event);
          break;
        case 'tag':
          batch.addTag(event);
          break;
        case 'preview':
          previews.push(event);
          break;
        case 'progress':
          this.progress = event;
          break;
        case 'warning':
          this.#addWarning(event);
          break;
        case 'done':
          this.summary = event;
          break;
      }
    }
    if (batch.changed) this.shots = batch.shots;
    if (previews.length > 0) this.previews = mergePreviews(this.previews, previews);
  }

  /** The shot shown at `time`: the last that starts at or before it. -1 before the first. */
  shotAt(time: Flicks): number {
    let low = 0;
    let high = this.shots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.shots[middle]?.shot.start ?? Infinity) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Picture that stands for the file: the longest shot's, as films begin and change in black. The first one while it is read. */
  readonly poster: string | null = $derived.by(() => {
    const first = this.keyframes[0] ?? this.previews[0];
    const shown = this.status === 'running' ? first : (longestShot(this.shots)?.keyframes[0] ?? first);
    return shown?.picture ?? null;
  });

  #addWarning(event: WarningEvent): void {
    const text = JSON.stringify(event);
    if (!this.warnings.some((known) => JSON.stringify(known) === text)) this.warnings = [...this.warnings, event];
  }
}

function longestShot(items: readonly ShotItem[]): ShotItem | null {
  const length = ({ shot }: ShotItem): number => shot.end - shot.start;
  let longest: ShotItem | null = null;
  for (const item of items) {
    if (item.keyframes.length > 0 && (longest === null || length(item) > length(longest))) longest = item;
  }
  return longest;
}

/** Collects one batch's changes in a copy, so that readers see either all of it or none. */
class Batch {
  changed = false;
  readonly shots: ShotItem[];
  readonly #early: Map<number, Found>;

  constructor(shots: readonly ShotItem[], early: Map<number, Found>) {
    this.shots = shots.slice();
    this.#early = early;
  }

  addShot(shot: ShotEvent): void {
    const known = this.shots[shot.index];
    const early = this.#early.get(shot.index);
    this.#early.delete(shot.index);
    // Shots come in order; an index beyond the end would leave a hole that every reader had to mind.
    if (shot.index > this.shots.length) return;
    this.shots[shot.index] = { shot, keyframes: known?.keyframes ?? early?.keyframes ?? [], tags: known?.tags ?? early?.tags ?? [] };
    this.changed = true;
  }

  addKeyframe(event: KeyframeEvent): void {
    const add = (list: readonly KeyframeEvent[]): KeyframeEvent[] =>
      [...list.filter((known) => known.rank !== event.rank), event].sort((a, b) => a.rank - b.rank);
    this.#change(event.shot, (found) => ({ ...found, keyframes: add(found.keyframes) }));
  }

  addTag(event: TagEvent): void {
    const add = (list: readonly TagEvent[]): TagEvent[] =>
      [...list.filter((known) => known.label !== event.label || known.source !== event.source), event].sort((a, b) => b.score - a.score);
    this.#change(event.shot, (found) => ({ ...found, tags: add(found.tags) }));
  }

  #change(index: number, change: (found: Found) => Found): void {
    const item = this.shots[index];
    if (!item) {
      this.#early.set(index, change(this.#early.get(index) ?? { keyframes: [], tags: [] }));
      return;
    }
    this.shots[index] = { shot: item.shot, ...change({ keyframes: [...item.keyframes], tags: [...item.tags] }) };
    this.changed = true;
  }
}

function mergePreviews(known: readonly PreviewEvent[], added: readonly PreviewEvent[]): PreviewEvent[] {
  const byTime = new Map<number, PreviewEvent>();
  for (const preview of [...known, ...added]) byTime.set(preview.time, preview);
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

function countLabels(shots: readonly ShotItem[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const item of shots) {
    for (const label of new Set(item.tags.map((tag) => tag.label))) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}
