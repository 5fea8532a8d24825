/** The caption tracks of an export as the streams of one output, in its time. */
import { iso639Part2, primaryLanguage } from '../../shared/captions/languageCodes.ts';
import { cuesOfSequence, type SequenceClip } from '../../shared/captions/sequence.ts';
import type { CaptionTrack, Cue, Speaker } from '../../shared/captions/types.ts';
import { flicks } from '../../shared/time.ts';

/** One language of an output. Its track is the first medium's with the cues of all, in the output's time. */
export interface CaptionStream {
  /** Which of `groupTracks` it is. */
  group: number;
  /** ISO 639-2/T. */
  language: string;
  isDefault: boolean;
  track: CaptionTrack;
}

/**
 * Tracks of one kind and language of different media make one stream; two of one media stay two. At most one is the default: the first
 * that is marked so.
 */
export function groupTracks(tracks: readonly CaptionTrack[]): CaptionTrack[][] {
  const groups: CaptionTrack[][] = [];
  for (const track of tracks) {
    const language = primaryLanguage(track.language);
    const group = groups.find((each) => each.every((other) => other.media !== track.media && other.kind === track.kind && primaryLanguage(other.language) === language));
    if (group) group.push(track);
    else groups.push([track]);
  }
  return groups;
}

/** Streams of an output made of `clips`, one after another. One without a cue there is left out. */
export function captionStreams(tracks: readonly CaptionTrack[], clips: readonly SequenceClip[]): CaptionStream[] {
  const groups = groupTracks(tracks);
  const first = groups.findIndex((group) => group.some(({ isDefault }) => isDefault));
  return groups.flatMap((group, index) => {
    const [lead] = group;
    if (!lead) return [];
    const { tracks: apart, speakers } = withOwnSpeakers(group);
    const cues = cuesOfSequence(apart, clips);
    if (cues.length === 0) return [];
    return [{ group: index, language: iso639Part2(lead.language), isDefault: index === first, track: { ...lead, cues, speakers } }];
  });
}

/** Speaker A of one media is not speaker A of another. */
function withOwnSpeakers(group: readonly CaptionTrack[]): { tracks: readonly CaptionTrack[]; speakers: Speaker[] } {
  if (group.length < 2) return { tracks: group, speakers: group[0]?.speakers ?? [] };
  const tracks = group.map((track, index) => {
    const own = (id: string): string => `${index + 1}${id}`.slice(0, 16);
    return {
      ...track,
      speakers: track.speakers.map((speaker) => ({ ...speaker, id: own(speaker.id) })),
      cues: track.cues.map((cue) => (cue.speaker === null ? cue : { ...cue, speaker: own(cue.speaker) })),
    };
  });
  return { tracks, speakers: tracks.flatMap(({ speakers }) => speakers) };
}

/**
 * Cues for a stream that shows one at a time (QuickTime text): where cues overlap, each stretch shows all texts of its time, one under another.
 */
export function flattened(cues: readonly Cue[]): Cue[] {
  if (cues.every((cue, i) => cue.start >= (cues[i - 1]?.end ?? cue.start))) return [...cues];
  const edges = [...new Set(cues.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const flat: Cue[] = [];
  let first = 0;
  for (const [i, start] of edges.entries()) {
    const end = edges[i + 1];
    if (end === undefined) break;
    while (first < cues.length && (cues[first]?.end ?? 0) <= start) first += 1;
    const shown: Cue[] = [];
    for (let at = first; at < cues.length; at += 1) {
      const cue = cues[at];
      if (!cue || cue.start > start) break;
      if (cue.end > start) shown.push(cue);
    }
    const [top] = shown;
    const before = flat.at(-1);
    const text = shown.map((cue) => cue.text).join('\n');
    if (before && before.end === start && before.text === text) before.end = flicks(end);
    else if (top) flat.push({ ...top, id: `flat-${flat.length + 1}`, start, end, text, words: [], spans: shown.length === 1 ? top.spans : [] });
  }
  return flat;
}
