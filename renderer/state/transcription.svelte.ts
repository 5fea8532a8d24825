import type { CaptionTrack, Cue } from '../../shared/captions/types.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import type { SpeechEvent, TranscribeOptions } from '../../shared/speech.ts';
import type { StreamChange } from '../../shared/edit.ts';
import { speakerIn } from '../../shared/editCaptions.ts';
import { flicks, maxTime, type Flicks } from '../../shared/time.ts';

export type TranscriptionStatus = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
export type SpeechWarning = Extract<SpeechEvent, { type: 'warning' }>;
export type SpeechDone = Extract<SpeechEvent, { type: 'done' }>;

/** What is asked; with what is left out, the defaults of the engine's contract are meant. */
export type StartOptions = Partial<TranscribeOptions>;

/** Where a track keeps what it was asked with, so that going on asks the very same. */
const OPTION_KEY = 'speech.options';

export function optionsAsExtras(options: StartOptions): Record<string, string> {
  const { language, task, prompt, speakers } = options;
  return { [OPTION_KEY]: JSON.stringify({ language, task, prompt, speakers }) };
}

/** What a track was asked with; for one without (older, imported) only what its kind tells. */
export function optionsOfTrack(track: CaptionTrack): StartOptions {
  const task = track.kind === 'translation' ? 'translate' : 'transcribe';
  try {
    const kept: unknown = JSON.parse(track.extras[OPTION_KEY] ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept, task } : { task };
  } catch {
    return { task };
  }
}

/** The recogniser's languages are ISO 639; its Chinese is written in Simplified script. */
export function languageTag(language: string): string {
  return language === 'zh' ? 'zh-Hans' : language;
}

/** The last moment of a media that any of its streams tells of. */
export function lastMoment(media: Media): Flicks {
  const ends = [media.video, media.audio].flatMap((stream) => (stream?.duration == null ? [] : [stream.startTime + stream.duration]));
  if (media.duration !== null) ends.push(media.startTime + media.duration);
  return flicks(Math.max(media.startTime, ...ends));
}

/** One run of the recogniser over a media, as the window shows it. */
export class Transcription {
  readonly media: Media;
  readonly options: StartOptions;
  status = $state<TranscriptionStatus>('idle');
  progress = $state.raw<ProgressEvent | null>(null);
  /** As the recogniser told it first, ISO 639; null until then. */
  language = $state<string | null>(null);
  warnings = $state.raw<readonly SpeechWarning[]>([]);
  summary = $state.raw<SpeechDone | null>(null);
  error = $state.raw<unknown>(null);
  /** The track that it fills; null until the language is known. */
  trackId = $state<string | null>(null);
  readonly #cancel: () => void;

  constructor(media: Media, options: StartOptions, cancel: () => void) {
    this.media = media;
    this.options = options;
    this.#cancel = cancel;
  }

  cancel(): void {
    this.#cancel();
  }

  /** Takes what is shown of the run itself; cues and speakers go to the track by `streamOf`. */
  note(events: readonly SpeechEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'language':
          this.language ??= event.language;
          break;
        case 'warning':
          if (!this.warnings.some((known) => JSON.stringify(known) === JSON.stringify(event))) this.warnings = [...this.warnings, event];
          break;
        case 'done':
          this.summary = event;
          this.language ??= event.language;
          break;
        case 'cue':
        case 'speakers':
          break;
      }
    }
  }
}

/** The most recent of each cue, ids in order of first coming. */
function latestCues(events: readonly SpeechEvent[]): Cue[] {
  const byId = new Map<string, Cue>();
  for (const event of events) {
    if (event.type === 'cue') byId.set(event.cue.id, event.cue);
  }
  return [...byId.values()];
}

/**
 * What a batch of events changes in its track, as one command; null when nothing. Cues told again (a restarted engine, a
 * media opened again) are left out where the track has them as they are, where a person changed them, and where they
 * begin before `streamedUntil` and are gone: those were removed.
 */
export function streamOf(track: CaptionTrack, events: readonly SpeechEvent[]): StreamChange | null {
  const known = new Map(track.cues.map((cue) => [cue.id, cue]));
  const cues = latestCues(events).filter((cue) => {
    const before = known.get(cue.id);
    if (!before) return cue.start >= track.streamedUntil;
    return !before.touched && JSON.stringify(before) !== JSON.stringify({ ...cue, speaker: speakerIn(track, cue.speaker) });
  });
  const told = events.findLast((event) => event.type === 'speakers')?.speakers ?? null;
  const speakers = told?.filter(({ id }) => speakerIn(track, id) === id) ?? null;
  const newSpeakers = speakers?.some((speaker) => !track.speakers.some((other) => other.id === speaker.id)) ? speakers : null;
  // Past the last cue that came, not as far as the sound is recognised: the next cue may begin before that.
  const until = events.reduce((time, event) => (event.type === 'cue' ? maxTime(time, flicks(event.cue.start + 1)) : time), track.streamedUntil);
  if (cues.length === 0 && newSpeakers === null && until === track.streamedUntil) return null;
  return { type: 'captions.stream', track: track.id, cues, speakers: newSpeakers, language: null, until };
}
