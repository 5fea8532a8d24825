/** What a reader found becomes cues: times mended, in order, speakers with ids. Nothing is changed without a warning. */
import type { Cue, Speaker, Word } from '../types.ts';
import { add, flicks, fromSeconds, FLICKS_PER_SECOND, type Flicks } from '../../time.ts';
import type { RawCaptions, RawCue } from './raw.ts';
import { tidySpans } from './styled.ts';
import type { Warnings } from './warnings.ts';

/** A cue without an end is shown for as long as its text takes to read: 15 characters a second, 1 to 7 s. */
const READING_SPEED = 15;
const SHORTEST = fromSeconds(1);
const LONGEST = fromSeconds(7);
/** Between cues that have no times at all. */
const GAP = fromSeconds(0.1);

export function readingTime(text: string): Flicks {
  const time = Math.round(([...text].length / READING_SPEED) * FLICKS_PER_SECOND);
  return flicks(Math.max(SHORTEST, Math.min(LONGEST, time)));
}

export function finishCues(raw: RawCaptions, warnings: Warnings): { cues: Cue[]; speakers: Speaker[] } {
  const timed = mendTimes(raw.cues, warnings);
  timed.sort((a, b) => a.start - b.start || a.end - b.end);
  warnOfOverlaps(timed, warnings);
  const speakers = new SpeakerTable(raw.speakers);
  const cues = timed.map(({ cue, start, end }, index): Cue => {
    if (cue.text === '') warnings.add('empty_cue', cue.line);
    if (start < 0) warnings.add('negative_time', cue.line);
    return {
      id: `c${index + 1}`,
      start,
      end,
      text: cue.text,
      words: keptWords(cue, warnings),
      speaker: cue.speaker === null ? null : speakers.idOf(cue.speaker),
      touched: false,
      spans: tidySpans(cue),
      place: cue.place,
      extras: cue.extras,
    };
  });
  return { cues, speakers: speakers.list() };
}

/** Beyond these a cue is damage, and looking for each word in its text would take for ever. */
const MOST_WORDS = 1000;
const LONGEST_TEXT = 20_000;

function keptWords(cue: RawCue, warnings: Warnings): Word[] {
  const words = cue.words.filter((word) => word.end >= word.start);
  if (words.length <= MOST_WORDS && (words.length === 0 || cue.text.length <= LONGEST_TEXT)) return words;
  warnings.add('words_lost', cue.line);
  return [];
}

interface TimedCue {
  cue: RawCue;
  start: Flicks;
  end: Flicks;
}

function mendTimes(cues: readonly RawCue[], warnings: Warnings): TimedCue[] {
  const untimed = cues.length > 0 && cues.every((cue) => cue.start === null && cue.end === null);
  if (untimed) warnings.add('no_times', cues[0]?.line ?? 1);
  const timed: TimedCue[] = [];
  let last: Flicks = flicks(0);
  for (const [index, cue] of cues.entries()) {
    if (!untimed && (cue.start === null || cue.end === null)) warnings.add('time_invalid', cue.line);
    const start = cue.start ?? startOf(cue, last, untimed && index > 0);
    const end = endOf(cue, start, cues[index + 1]?.start ?? null, warnings);
    last = end;
    timed.push({ cue, start, end });
  }
  return timed;
}

/** Where only the end is known: reading time before it, but not into the cue before. */
function startOf(cue: RawCue, last: Flicks, apart: boolean): Flicks {
  if (cue.end === null) return apart ? add(last, GAP) : last;
  const wanted = flicks(cue.end - readingTime(cue.text));
  return last < cue.end && last > wanted ? last : wanted;
}

function endOf(cue: RawCue, start: Flicks, next: Flicks | null, warnings: Warnings): Flicks {
  if (cue.end !== null && cue.end > start) return cue.end;
  if (cue.end !== null) warnings.add('end_before_start', cue.line);
  const wanted = add(start, readingTime(cue.text));
  return next !== null && next > start && next < wanted ? next : wanted;
}

function warnOfOverlaps(timed: readonly TimedCue[], warnings: Warnings): void {
  let until: Flicks | null = null;
  for (const { cue, start, end } of timed) {
    if (until !== null && start < until) warnings.add('overlap', cue.line);
    until = until === null || end > until ? end : until;
  }
}

/** Ids A, B, … Z, S27, … for names in order of first words; a file's own ids stay. */
class SpeakerTable {
  readonly #byKey = new Map<string, Speaker>();
  readonly #ids = new Set<string>();

  constructor(listed: readonly { id: string; name: string }[]) {
    for (const { id, name } of listed) this.#add(id, name, id);
  }

  idOf(key: string): string {
    return (this.#byKey.get(key) ?? this.#add(key, key, '')).id;
  }

  list(): Speaker[] {
    return [...this.#byKey.values()];
  }

  #add(key: string, name: string, wanted: string): Speaker {
    const fits = wanted !== '' && wanted.length <= 16 && !this.#ids.has(wanted);
    const speaker = { id: fits ? wanted : this.#freeId(), name: name.slice(0, 100) };
    this.#ids.add(speaker.id);
    this.#byKey.set(key, speaker);
    return speaker;
  }

  #freeId(): string {
    for (let count = this.#ids.size + 1; ; count++) {
      const id = count <= 26 ? String.fromCharCode(64 + count) : `S${count}`;
      if (!this.#ids.has(id)) return id;
    }
  }
}
