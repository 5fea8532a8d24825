import type { ProgressEvent } from '../../shared/events.ts';
import type { Chapter, Sentence, Summary, UnderstandEvent } from '../../shared/understanding/types.ts';

export type StoryStatus = 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
export type StoryWarning = Extract<UnderstandEvent, { type: 'warning' }>;

/** A result with the sentences that its numbers mean. */
export interface Understood<Value> {
  readonly value: Value;
  readonly sentences: readonly Sentence[];
  /** Something it was made of has changed since: shown until the new one is here. */
  readonly stale: boolean;
}

/** What is understood of one media. Results of an earlier run stay until those of the new one come. */
export class Understanding {
  status = $state<StoryStatus>('idle');
  progress = $state.raw<ProgressEvent | null>(null);
  warnings = $state.raw<readonly StoryWarning[]>([]);
  error = $state.raw<unknown>(null);
  summary = $state.raw<Understood<Summary> | null>(null);
  /** As they are computed; a person's own are in the edit. */
  chapters = $state.raw<Understood<readonly Chapter[]> | null>(null);

  /** A new run was asked for: what is there is shown as old. */
  age(): void {
    if (this.summary && !this.summary.stale) this.summary = { ...this.summary, stale: true };
    if (this.chapters && !this.chapters.stale) this.chapters = { ...this.chapters, stale: true };
  }

  /** The run begins; it may be told the same events again by an engine that was restarted. */
  begin(): void {
    this.age();
    this.status = 'running';
    this.progress = null;
    this.warnings = [];
    this.error = null;
  }

  apply(events: readonly UnderstandEvent[], sentences: readonly Sentence[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'warning':
          if (!this.warnings.some((known) => JSON.stringify(known) === JSON.stringify(event))) this.warnings = [...this.warnings, event];
          break;
        case 'chapters':
          this.chapters = { value: event.chapters, sentences, stale: false };
          break;
        case 'summary':
          this.summary = { value: event.summary, sentences, stale: false };
          break;
        case 'indexed':
        case 'done':
          break;
      }
    }
  }

  /** There is no transcript (any more). */
  forget(): void {
    this.status = 'idle';
    this.progress = null;
    this.warnings = [];
    this.error = null;
    this.summary = null;
    this.chapters = null;
  }
}
