/** The library's face to the rest of the engine: what was opened, what was found, pictures, waveforms. */
import type { AnalysisEvent, TagSource } from '../../shared/events.ts';
import type { Moment } from '../../shared/ipc/engine.ts';
import type { StoredSpeech } from '../../shared/speech.ts';
import type { StoredMeasures } from '../../shared/understanding/highlights/measures.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import type { Sentence } from '../../shared/understanding/types.ts';

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

/** Names of the text encoders; vectors of different ones are never compared. */
export type EncoderName = 'minilm' | 'e5';

/** Where embeddings of texts are kept. Hashes are of the model, the kind of text and the text. */
export interface EmbeddingCache {
  getEmbedding(hash: string): Float32Array | null;
  putEmbeddings(entries: readonly (readonly [hash: string, vector: Float32Array])[]): void;
}

/** A sentence found: its place in the talk and its id in the library. */
export interface FoundSentence {
  media: MediaId;
  sentence: number;
  id: number;
  score: number;
}

export interface StoredSentence {
  start: number | null;
  end: number | null;
  line: number;
  speaker: string | null;
  text: string;
}

/** Text read in a keyframe. */
export interface PictureText {
  shot: number;
  time: Flicks;
  text: string;
  /** 0 to 1. */
  score: number;
}
export type FoundPictureText = PictureText & { media: MediaId };

/** `features`: how a shot looks; `joint`: by the joint image-text model. */
export type ShotVectorKind = 'features' | 'joint';
export interface ShotVector {
  shot: number;
  vector: Float32Array;
}

/** A shot as search shows it. `picture`: its best keyframe's. */
export interface FoundShot {
  shot: number;
  start: Flicks;
  end: Flicks;
  picture: string | null;
}

/** A shot that has one of the labels asked for. */
export interface TaggedShot {
  media: MediaId;
  shot: number;
  /** The label's id, and the shot's score for it (0 to 1). */
  label: number;
  score: number;
}

/** A label that was met in some media. */
export interface KnownLabel {
  id: number;
  source: TagSource;
  label: string;
}

export interface Library extends EmbeddingCache {
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
  /** True when the media's talk is in the index with this key (a hash of its texts and encoder). */
  isIndexed(media: MediaId, key: string): boolean;
  /** Puts a talk into the index in place of the media's earlier one. Without vectors it is found by words only. */
  indexSentences(media: MediaId, key: string, sentences: readonly Sentence[], vectors: readonly Float32Array[] | null, encoder: EncoderName | null): void;
  /** Takes a media's talk, the text in its pictures and how its shots look out of the index. */
  forgetIndex(media: MediaId): void;
  /** What is searched: sentences, text in pictures, shots. */
  readonly found: SearchIndex;
  /** In place of the media's earlier ones. */
  putPictureText(media: MediaId, texts: readonly PictureText[]): void;
  /** Beside the media's others, in place of those of the same shot and time. */
  addPictureText(media: MediaId, texts: readonly PictureText[]): void;
  /** In place of the media's earlier ones of that kind. */
  putShotVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void;
  /** Beside the media's others of that kind, in place of the same shots'. */
  addShotVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void;
  /** Of one media, or of all. */
  shotVectors(media: MediaId | null, kind: ShotVectorKind): (ShotVector & { media: MediaId })[];
  /** Small facts that outlive a run: provider choices, measured speeds. */
  getFact(key: string): unknown;
  putFact(key: string, value: unknown): void;
  bytes(): number;
  close(): void;
}

/** Lists of what matches, each best first. `media`: only in these; null: in all. */
export interface SearchIndex {
  /** Why the search by meaning is impossible here (sqlite-vec can't be loaded); else null. */
  readonly meaningMissing: Error | null;
  /** Encoders that talks in the index have vectors of. */
  encoders(): EncoderName[];
  /** Media that have a talk in the index. */
  talks(): MediaId[];
  words(words: readonly string[], media: readonly MediaId[] | null, limit: number): FoundSentence[];
  /** By cosine of the query and the sentence with its neighbours; none below `least`. */
  meaning(query: Float32Array, encoder: EncoderName, media: readonly MediaId[] | null, limit: number, least: number): FoundSentence[];
  pictureText(words: readonly string[], media: readonly MediaId[] | null, limit: number): FoundPictureText[];
  sentences(ids: readonly number[]): Map<number, StoredSentence>;
  labels(): KnownLabel[];
  tagged(labels: readonly number[], media: readonly MediaId[] | null): TaggedShot[];
  /** A shot of a media's latest analysis, by its number or by a time in it. */
  shot(media: MediaId, number: number): FoundShot | null;
  shotAt(media: MediaId, time: number): FoundShot | null;
  mediaName(media: MediaId): string | null;
}
