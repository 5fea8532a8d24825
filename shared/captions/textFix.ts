/** Mending cues' texts: lines, and splitting what no layout can hold. */
import { BREAK, Breaks } from './breaks.ts';
import { wordCount } from './check.ts';
import { CueChoice, type WordRange } from './cueChoice.ts';
import { SpokenStretch } from './cueCost.ts';
import { cutText } from './cutText.ts';
import { breakText, layOut, speakersOnLine, turnsOf, worstBreak, type Layout } from './lines.ts';
import type { Limits } from './measures.ts';
import { piecesOfText } from './pieces.ts';
import { SpeechPieces, type SpeechPiece } from './speechPieces.ts';
import { joinWords, linesOf, moveSpans, solidCounts, visibleLength } from './text.ts';
import { FLICKS_PER_SECOND, flicks, maxTime, minTime, type Flicks } from '../time.ts';
import { cutWords, holdsAllText, placeWords } from './wordPlaces.ts';
import type { Cue } from './types.ts';

/** A cue without text comes back as what its words say; null when it has none either. */
export function fillEmpty(cue: Cue): Cue | null {
  if (cue.text.trim() !== '') return cue;
  return cue.words.length > 0 ? { ...cue, text: joinWords(cue.words), spans: [] } : null;
}

/** Whether the text, laid out as well as can be, is within the rules. */
export function fitsLayout(text: string, layout: Layout): boolean {
  const { rules } = layout;
  const lines = linesOf(breakText(text, layout));
  return lines.length <= rules.lines && lines.every((line) => visibleLength(line, rules) <= rules.lineLength);
}

/** Lines of the text as it is that are within the rules and at no bad place. */
function isLaidOut(cue: Cue, { rules, language }: Layout): boolean {
  const lines = linesOf(cue.text);
  return (
    lines.length <= rules.lines &&
    lines.every((line) => line.trim() !== '' && visibleLength(line, rules) <= rules.lineLength && speakersOnLine(line) === 1) &&
    worstBreak(cue.text, language) < BREAK.bad
  );
}

/** The cue with its lines mended, or the cues it is split into; `unbalanced` when its lines are at fault though within the rules. `newId` names parts. */
export function mendText(cue: Cue, layout: Layout, limits: Limits, unbalanced: boolean, newId: (cue: Cue) => string): Cue[] {
  if (mustSplit(cue, layout, limits)) {
    const parts = split(cue, layout, limits, newId);
    if (parts.length > 1) return parts;
  }
  return isLaidOut(cue, layout) && !unbalanced ? [cue] : [layOut(cue, layout)];
}

function mustSplit(cue: Cue, layout: Layout, limits: Limits): boolean {
  const { rules } = layout;
  if (rules.words !== null && wordCount(cue, layout.language) > rules.words) return true;
  if (!fitsLayout(cue.text, layout)) return true;
  if (cue.end - cue.start <= limits.longest) return false;
  // Speech that is longer than a cue may be is parted; an end that only lingers is cut off.
  const spoken = cue.words.at(-1)?.end;
  if (spoken !== undefined) return spoken - cue.start > limits.longest;
  return visibleLength(cue.text, rules) > rules.lineLength;
}

interface TimedPieces {
  pieces: SpeechPiece[];
  /** Where each begins in the cue's text. */
  offsets: number[];
}

/** The words of a turn that begins at offset `at` of the cue's text, with times: the cue's own where they are its whole text, else shared by length. */
function timedPieces(turn: string, at: number, cue: Cue, language: string): TimedPieces {
  const places = placeWords(cue);
  if (holdsAllText(cue) && places.length === cue.words.length) {
    const own = places.filter(({ from }) => from >= at && from < at + turn.length);
    const source = new SpeechPieces(language);
    return { pieces: [...own.flatMap(({ word }) => source.push(word, null)), ...source.finish()], offsets: own.map(({ from }) => from) };
  }
  const texts = piecesOfText(turn, language);
  const counts = solidCounts(cue.text);
  const whole = Math.max(1, counts.at(-1) ?? 1);
  const shared = (offset: number): Flicks => flicks(Math.round(cue.start + ((cue.end - cue.start) * (counts[offset] ?? whole)) / whole));
  let latest = cue.start;
  const pieces = texts.map((piece): SpeechPiece => {
    const from = at + piece.from;
    const to = from + piece.text.length;
    const own = places.filter((place) => place.from < to && place.to > from);
    const start = minTime(cue.end, maxTime(latest, own[0]?.word.start ?? shared(from)));
    const end = minTime(cue.end, maxTime(start, own.at(-1)?.word.end ?? shared(to)));
    latest = end;
    return { word: { text: piece.text, start, end, confidence: 1, space: piece.space }, speaker: null, insideWord: false };
  });
  return { pieces, offsets: texts.map((piece) => at + piece.from) };
}

interface Cut {
  /** Offset in the text where the part begins. */
  from: number;
  start: Cue['start'];
  end: Cue['end'];
}

/** Splits at the places that cues made of these words would end at; each speaker's turn by itself where the turns don't fit together. */
function split(cue: Cue, layout: Layout, limits: Limits, newId: (cue: Cue) => string): Cue[] {
  const turns = turnsOf(cue.text);
  const flat = turns.join('\n');
  const whole: Cue = { ...cue, text: flat, spans: moveSpans(cue.text, flat, cue.spans) };
  let at = 0;
  const cuts: Cut[] = [];
  for (const turn of turns) {
    const { pieces, offsets } = timedPieces(turn, at, whole, layout.language);
    for (const { from, to } of choose(pieces, layout, limits)) {
      const first = pieces[from]?.word;
      const last = pieces[to - 1]?.word;
      if (first && last) cuts.push({ from: offsets[from] ?? at, start: first.start, end: last.end });
    }
    at += turn.length + 1;
  }
  if (cuts.length < 2) return [layOut(whole, layout)];
  return cuts.map((cut, i) => {
    const next = cuts[i + 1];
    const to = next?.from ?? flat.length;
    const { before } = cutWords(whole, to);
    const { after: words } = cutWords({ text: whole.text, words: before }, cut.from);
    const start = i === 0 ? cue.start : minTime(flicks(cue.end - 1), maxTime(cut.start, flicks(cue.start + 1)));
    const end = next ? minTime(cut.end, next.start) : cue.end;
    const part: Cue = { ...cue, ...cutText(whole, cut.from, to), id: i === 0 ? cue.id : newId(cue), start, end: maxTime(flicks(start + 1), end), words, extras: { ...cue.extras } };
    return layOut(part, layout);
  });
}

function choose(pieces: readonly SpeechPiece[], layout: Layout, limits: Limits): WordRange[] {
  const stretch = new SpokenStretch(layout.rules, new Breaks(layout.language), limits.gap / FLICKS_PER_SECOND);
  const choice = new CueChoice(stretch);
  const ranges: WordRange[] = [];
  pieces.forEach(({ word, insideWord }, i) => {
    stretch.add(word, { insideWord, cuts: 0, cutNear: false });
    if (i > 0) ranges.push(...choice.reach(i));
  });
  return [...ranges, ...choice.end(Infinity)];
}
