/** The library's face to the rest of the engine: what was opened, what was found, pictures, waveforms. */
import type { AnalysisEvent } from '../../shared/events.ts';
import type { Moment } from '../../shared/ipc/engine.ts';
import type { StoredSpeech } from '../../shared/speech.ts';
import type { StoredMeasures } from '../../shared/understanding/highlights/measures.ts';
import type { Media, MediaId } from '../../shared/media.ts';

/** Results live under all of these: a change of any one starts that stage anew. */
export interface StageKey {
  media: MediaId;
  stage: string;
  /** Hash of the model or models used; '' for none. */
  modelHash: string;
  /** Parameters as canonical JSON. */
  params: string;
}

/** What a stage keeps: pieces of the analysis or of speech, or measures. */
export type StoredEvent = AnalysisEvent | StoredSpeech | StoredMeasures;

export interface StoredStage<E extends StoredEvent = AnalysisEvent> {
  complete: boolean;
  /** What the stage said when it last stored: where to go on from. Plain JSON. */
  checkpoint: unknown;
  /** In the order they were stored. */
  events: E[];
}

export interface StoredWaveform {
  /** Interleaved min, max, rms of level 0. */
  samples: Float32Array;
  bucketsPerSecond: number;
}

export interface Library {
  readonly path: string;
  putMedia(media: Media): void;
  getMedia(id: MediaId): Media | null;
  countMedia(): number;
  getStage(key: StageKey): StoredStage | null;
  /** Likewise a stage of speech. */
  getSpeech(key: StageKey): StoredStage<StoredSpeech> | null;
  /** Likewise a stage of measures. */
  getMeasures(key: StageKey): StoredStage<StoredMeasures> | null;
  /** Stores a finished piece: events and checkpoint in one transaction. */
  append(key: StageKey, events: StoredEvent[], checkpoint: unknown): void;
  completeStage(key: StageKey): void;
  clearStage(key: StageKey): void;
  /** Latest complete or partial events of a stage whatever its parameters; for search, export and the window. */
  latestEvents(media: MediaId, stage: string): AnalysisEvent[];
  /** Likewise of a stage of speech. */
  latestSpeech(media: MediaId, stage: string): StoredSpeech[];
  putPicture(media: MediaId, picture: string, jpeg: Uint8Array): void;
  getPicture(media: MediaId, picture: string): Uint8Array<ArrayBuffer> | null;
  putWaveform(media: MediaId, waveform: StoredWaveform): void;
  getWaveform(media: MediaId): StoredWaveform | null;
  /** Sync-frame index of a media, kept because reading it takes a pass over the file. */
  putSyncFrames(media: MediaId, times: Float64Array): void;
  getSyncFrames(media: MediaId): Float64Array | null;
  searchTags(query: string, media: MediaId[] | null, limit: number): Moment[];
  /** Small facts that outlive a run: provider choices, measured speeds. */
  getFact(key: string): unknown;
  putFact(key: string, value: unknown): void;
  bytes(): number;
  close(): void;
}
