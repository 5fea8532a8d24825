/** Captions of a cut: each clip's cues where the sequence puts them. */
import type { Clip } from '../edit.ts';
import { flicks, FLICKS_PER_SECOND, maxTime, minTime, type Flicks } from '../time.ts';
import type { CaptionTrack, Cue, StyleSpan, Word } from './types.ts';
import { placeWords, type WordPlace } from './wordPlaces.ts';

/** A range of a media in the sequence; its place follows from those before it. */
export type SequenceClip = Pick<Clip, 'media' | 'start' | 'end'>;

/** What is left of a cue without known words is shown only when it lasts this long: shorter, it is a flash nobody reads. */
const SHORTEST_REST = FLICKS_PER_SECOND / 5;

/** One cue on its way into the sequence. */
interface Part {
  cue: Cue;
  places: readonly WordPlace[];
  /** Clip that its end lies in. */
  clip: number;
  /** Sequence time. */
  start: Flicks;
  end: Flicks;
  /** Indexes of `places` that are in it. */
  kept: number[];
  /** Those words, in sequence time. */
  words: Word[];
}

/**
 * Cues of `tracks` (of any media) in sequence time: moved to where the clips put them, trimmed at the clips' edges. A word belongs to the
 * clip that its middle lies in; the text of a trimmed cue is that of the words that are left, with the untimed text after each. Where
 * a piece was cut out of the middle of a cue and the rest runs on, it stays one cue; where something else comes between, it is
 * split. What holds no word any more is dropped, and so is a rest shorter than 0.2 s of a cue whose words are not known. The first part
 * keeps the cue's id. In order of start, then end. Empty for no clips.
 */
export function cuesOfSequence(tracks: readonly Pick<CaptionTrack, 'media' | 'cues'>[], clips: readonly SequenceClip[]): Cue[] {
  const ids = new Set<string>();
  return tracks
    .flatMap((track) => partsOfTrack(track, clips))
    .filter((part) => isShown(part))
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((part) => cueOf(part, ids));
}

function partsOfTrack(track: Pick<CaptionTrack, 'media' | 'cues'>, clips: readonly SequenceClip[]): Part[] {
  const longest = track.cues.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const places = new Map<Cue, readonly WordPlace[]>();
  const parts: Part[] = [];
  /** Parts that run to the end of the clip before, by cue: the next clip may go on with them. */
  let open = new Map<Cue, Part>();
  let offset = 0;
  for (const [index, clip] of clips.entries()) {
    const next = new Map<Cue, Part>();
    const follows = index > 0 && followsOn(clips[index - 1], clip);
    for (const cue of clip.media === track.media ? cuesWithin(track.cues, clip, longest) : []) {
      if (!places.has(cue)) places.set(cue, placeWords(cue));
      const part = partOf(cue, places.get(cue) ?? [], clip, flicks(offset - clip.start), index);
      const before = follows && cue.start < clip.start ? open.get(cue) : undefined;
      if (before) extend(before, part);
      else parts.push(part);
      if (cue.end > clip.end) next.set(cue, before ?? part);
    }
    open = next;
    offset += clip.end - clip.start;
  }
  return parts;
}

/** The second goes on later in the same media. */
function followsOn(first: SequenceClip | undefined, second: SequenceClip): boolean {
  return first !== undefined && first.media === second.media && first.end <= second.start;
}

/** Cues shown in the clip. They are in order of start, and none lasts longer than `longest`. */
function cuesWithin(cues: readonly Cue[], clip: SequenceClip, longest: number): Cue[] {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.start ?? Infinity) < clip.start - longest) low = middle + 1;
    else high = middle;
  }
  const found: Cue[] = [];
  for (let i = low; i < cues.length; i += 1) {
    const cue = cues[i];
    if (!cue || cue.start >= clip.end) break;
    if (cue.end > clip.start) found.push(cue);
  }
  return found;
}

function partOf(cue: Cue, places: readonly WordPlace[], clip: SequenceClip, by: Flicks, index: number): Part {
  const start = maxTime(cue.start, clip.start);
  const end = minTime(cue.end, clip.end);
  const inside = (word: Word): boolean => word.start + word.end >= 2 * clip.start && word.start + word.end < 2 * clip.end;
  const kept = places.flatMap(({ word }, i) => (inside(word) ? [i] : []));
  const whole = kept.length === places.length;
  const words = (whole ? cue.words.filter(inside) : kept.flatMap((i) => places[i]?.word ?? [])).map((word) => moved(word, clip, by));
  return { cue, places, clip: index, start: flicks(start + by), end: flicks(end + by), kept, words };
}

function moved(word: Word, clip: SequenceClip, by: Flicks): Word {
  const start = maxTime(word.start, clip.start);
  const end = maxTime(start, minTime(word.end, clip.end));
  return { ...word, start: flicks(start + by), end: flicks(end + by) };
}

function extend(part: Part, by: Part): void {
  part.end = by.end;
  part.clip = by.clip;
  part.kept.push(...by.kept);
  part.words.push(...by.words);
}

function isShown(part: Part): boolean {
  if (part.cue.text.trim() === '') return false;
  return part.places.length > 0 ? part.kept.length > 0 : part.end - part.start >= Math.min(SHORTEST_REST, part.cue.end - part.cue.start);
}

function cueOf(part: Part, ids: Set<string>): Cue {
  const { cue, start, end, words } = part;
  const id = freeId(cue.id, ids);
  if (part.kept.length === part.places.length) return { ...cue, id, start, end, words };
  return { ...cue, id, start, end, words, ...keptText(part) };
}

function freeId(id: string, ids: Set<string>): string {
  let free = id;
  for (let number = 2; ids.has(free); number += 1) free = `${id.slice(0, 56)}~${number}`;
  ids.add(free);
  return free;
}

/** Text and marks of the words that are left. Text without a time goes with the word before it. */
function keptText({ cue, places, kept }: Part): { text: string; spans: StyleSpan[] } {
  const pieces = kept.map((i) => ({ from: i === 0 ? 0 : (places[i]?.from ?? 0), to: places[i + 1]?.from ?? cue.text.length }));
  const joined = pieces.map(({ from, to }) => cue.text.slice(from, to)).join('');
  const lead = joined.length - joined.trimStart().length;
  const text = joined.trim();
  const spans: StyleSpan[] = [];
  let before = -lead;
  for (const { from, to } of pieces) {
    for (const span of cue.spans) {
      const start = Math.max(0, before + Math.max(span.from, from) - from);
      const end = Math.min(text.length, before + Math.min(span.to, to) - from);
      if (start < end) addSpan(spans, { ...span, from: start, to: end });
    }
    before += to - from;
  }
  return { text, spans };
}

/** Pieces of one mark that touch are one mark again. */
function addSpan(spans: StyleSpan[], span: StyleSpan): void {
  const { from, to, ...marks } = span;
  const last = spans.find((each) => {
    const { from: _from, to: end, ...others } = each;
    return end === from && JSON.stringify(others) === JSON.stringify(marks);
  });
  if (last) last.to = to;
  else spans.push(span);
}
