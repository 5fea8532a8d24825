/** What speaks for each moment, of all that is known of a media by now. */
import type { ShotEvent, TagEvent } from '../../../shared/events.ts';
import type { Media } from '../../../shared/media.ts';
import type { TimeRange } from '../../../shared/ranges.ts';
import { flicks, fromSeconds, type Flicks } from '../../../shared/time.ts';
import type { HighlightMoment, HighlightSignal, Sentence } from '../../../shared/understanding/types.ts';
import { emotionsOf } from '../../../shared/understanding/highlights/emotion.ts';
import { cellOf, type PictureCell } from './measure.ts';
import { placesOf, type MomentPlace } from './moments.ts';
import { applauseIn, laughterIn } from './reactions.ts';
import type { SoundCell } from './soundMeasures.ts';
import { facesIn, tagValues } from './tagSignals.ts';

export interface Known {
  media: Media;
  range: TimeRange;
  sentences: readonly Sentence[];
  /** How central each sentence is, 0 to 1; null when not worked out yet. */
  centrality: readonly number[] | null;
  /** When words are said; null: nothing was recognised, so the sentences tell. */
  words: readonly TimeRange[] | null;
  shots: readonly ShotEvent[];
  tags: readonly TagEvent[];
  sound: readonly SoundCell[] | null;
  picture: readonly PictureCell[] | null;
}

/** A reaction comes after what it is for: a moment gets what begins within so many seconds after it. */
const REACTION_FOLLOWS = 2.5;
/** In a talk the applause itself is worth less than the sentence that it is for. */
const REACTION_ALONE = 0.6;
/** Steps below which two values count as the same: a difference nobody notices is not a rank. */
const STEPS = { summary: 0.02, emotion: 0.1, energy: 1.5, faces: 0.02, motion: 0.4, tags: 0.05, sharpness: 0.05 } as const;

/** Moments in order of time, each with its signals, 0 to 1; and which signals are known. */
export function momentsOf(known: Known): { moments: HighlightMoment[]; known: HighlightSignal[] } {
  const places = placesOf(known.sentences, known.shots, known.range, activityOf(known));
  const { sound, picture, tags, sentences, centrality } = known;
  const values: Partial<Record<HighlightSignal, number[]>> = {};
  if (centrality) values.summary = ranks(places, STEPS.summary, ({ sentence }) => (sentence === null ? 0 : (centrality[sentence] ?? 0)));
  if (sentences.length > 0) {
    const emotions = emotionsOf(sentences);
    values.emotion = ranks(places, STEPS.emotion, ({ sentence }) => (sentence === null ? 0 : (emotions[sentence] ?? 0)));
  }
  if (sound) Object.assign(values, soundSignals(known, sound, places));
  if (picture) Object.assign(values, pictureSignals(known, picture, places));
  if (tags.length > 0) {
    const faces = facesIn(tags);
    const worth = tagValues(tags, known.shots.length);
    values.faces = ranks(places, STEPS.faces, (place) => faces(place));
    values.tags = ranks(places, STEPS.tags, ({ shot }) => (shot === null ? 0 : (worth.get(shot) ?? 0)));
  }
  return { moments: places.map((place, index) => momentAt(place, index, values, sentences)), known: Object.keys(values) as HighlightSignal[] };
}

function momentAt(place: MomentPlace, index: number, values: Partial<Record<HighlightSignal, number[]>>, sentences: readonly Sentence[]): HighlightMoment {
  const signal = (name: HighlightSignal): number => values[name]?.[index] ?? 0;
  return {
    start: place.start,
    end: place.end,
    signals: {
      summary: signal('summary'), emotion: signal('emotion'), reaction: signal('reaction'), energy: signal('energy'),
      faces: signal('faces'), motion: signal('motion'), tags: signal('tags'), sharpness: signal('sharpness'),
    },
    sentence: place.sentence,
    shot: place.shot,
    text: place.sentence === null ? '' : (sentences[place.sentence]?.text ?? ''),
  };
}

function soundSignals({ media, words, sentences }: Known, sound: readonly SoundCell[], places: readonly MomentPlace[]): Partial<Record<HighlightSignal, number[]>> {
  const spoken = spokenCells(media, words, sentences, sound.length);
  const applause = applauseIn(sound, (cell) => spoken[cell] === 1);
  const laughter = laughterIn(sound, (cell) => spoken[cell] === 1);
  const likely = applause.map((each, cell) => Math.max(each, laughter[cell] ?? 0));
  const most = (range: TimeRange): number => Math.max(0, ...cellsIn(media, range, sound.length).map((cell) => likely[cell] ?? 0));
  const reaction = places.map((place) => {
    const own = most(place);
    const next = most({ start: place.end, end: flicks(place.end + fromSeconds(REACTION_FOLLOWS)) });
    return place.sentence === null ? Math.max(sentences.length > 0 ? REACTION_ALONE * own : own, next - own) : Math.max(own, next);
  });
  // The loud parts of a moment tell how loud it seems, not its pauses.
  const energy = ranks(places, STEPS.energy, (place) => high(cellsIn(media, place, sound.length).map((cell) => 90 + (sound[cell]?.level ?? -90))));
  return { reaction, energy };
}

function pictureSignals({ media, shots }: Known, picture: readonly PictureCell[], places: readonly MomentPlace[]): Partial<Record<HighlightSignal, number[]>> {
  // What changes at a cut is not motion.
  const cut = new Set(shots.map(({ start }) => Math.floor(cellOf(media, start) + 1e-6)));
  const clear = (place: TimeRange): number[] => {
    const cells = cellsIn(media, place, picture.length);
    const uncut = cells.filter((cell) => !cut.has(cell));
    return uncut.length > 0 ? uncut : cells;
  };
  const mean = (cells: readonly number[], value: (cell: PictureCell) => number): number =>
    cells.reduce((sum, cell) => sum + (picture[cell] ? value(picture[cell]) : 0), 0) / Math.max(1, cells.length);
  return {
    motion: ranks(places, STEPS.motion, (place) => mean(clear(place), ({ motion }) => motion)),
    sharpness: ranks(places, STEPS.sharpness, (place) => mean(clear(place), ({ sharpness }) => sharpness)),
  };
}

/** How much happens at a time: loudness and motion, each as a share of the most there is. Null before anything was measured. */
function activityOf({ media, sound, picture }: Known): ((time: Flicks) => number) | null {
  if (!sound && !picture) return null;
  const loudest = Math.max(1, high((sound ?? []).map(({ level }) => 90 + level)));
  const fastest = Math.max(1, high((picture ?? []).map(({ motion }) => motion)));
  return (time) => {
    const cell = Math.max(0, Math.floor(cellOf(media, time)));
    return (90 + (sound?.[cell]?.level ?? -90)) / loudest + (picture?.[cell]?.motion ?? 0) / fastest;
  };
}

/** 1 for each cell with speech in it. */
function spokenCells(media: Media, words: readonly TimeRange[] | null, sentences: readonly Sentence[], count: number): Uint8Array {
  const spoken = new Uint8Array(count);
  const said = words ?? sentences.flatMap(({ start, end }) => (start === null || end === null ? [] : [{ start, end }]));
  for (const range of said) for (const cell of cellsIn(media, range, count)) spoken[cell] = 1;
  return spoken;
}

/** Cells that lie in a range by more than a half of them; at least the one in its middle, where there is any. */
function cellsIn(media: Media, { start, end }: TimeRange, count: number): number[] {
  const first = Math.max(0, Math.round(cellOf(media, start)));
  const last = Math.min(count, Math.round(cellOf(media, end)));
  if (last > first) return Array.from({ length: last - first }, (_, offset) => first + offset);
  const middle = Math.floor((cellOf(media, start) + cellOf(media, end)) / 2);
  return middle >= 0 && middle < count ? [middle] : [];
}

/** The value that four fifths lie below; 0 of none. */
function high(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.8)] ?? 0;
}

/** Share of the other moments whose value is lower by a step: 0 when none is, 1 for the highest. */
function ranks(places: readonly MomentPlace[], step: number, value: (place: MomentPlace) => number): number[] {
  const values = places.map((place) => Math.round(value(place) / step));
  const sorted = [...values].sort((a, b) => a - b);
  const lower = new Map<number, number>();
  sorted.forEach((each, index) => lower.set(each, lower.get(each) ?? index));
  return values.map((each) => (places.length > 1 ? (lower.get(each) ?? 0) / (places.length - 1) : 0));
}
