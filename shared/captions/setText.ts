/** A cue's text written anew: words keep their times where the writing kept them, and marks follow. */
import { replaceWith, type CueChange } from './cueChange.ts';
import { commonParts } from './diff.ts';
import { piecesOfText } from './pieces.ts';
import { flicks, maxTime, type Flicks } from '../time.ts';
import { placeWords } from './wordPlaces.ts';
import type { Cue, StyleSpan, Word } from './types.ts';

/** The smallest part of a text that has a time: a word, or a character of a script without spaces, with its punctuation. */
interface Atom {
  text: string;
  space: boolean;
}

/** An old atom and where it is from. */
interface TimedAtom extends Atom {
  start: Flicks;
  end: Flicks;
  /** The words it is (part of), as indexes; of a part, which and of how many. */
  words: number[];
  confidence: number;
}

/**
 * The cue with another text. Words that stay keep their times and confidence; those written in place of others take the others' times, more or fewer sharing
 * them by length; new ones take the time between their neighbours. What a person wrote has confidence 1. Marks stay on the text that stays. Cues without
 * word times get none.
 */
export function setText(cue: Cue, text: string): CueChange {
  if (text === cue.text) return replaceWith([cue]);
  const spans = editSpans(cue, text);
  return replaceWith([{ ...cue, text, spans, words: cue.words.length === 0 ? [] : alignWords(cue, text) }]);
}

/** Marks after the one stretch of text that differs is replaced: those around it grow or shrink with it, those within it go. */
function editSpans(cue: Pick<Cue, 'text' | 'spans'>, text: string): StyleSpan[] {
  const { head, tail } = wholeWords(cue.text, text, commonEdges(cue.text, text));
  const edited = cue.text.length - tail;
  const grown = text.length - cue.text.length;
  return cue.spans.flatMap((span) => {
    const from = span.from < head ? span.from : span.from >= edited ? span.from + grown : head;
    const to = span.to <= head ? span.to : span.to >= edited ? span.to + grown : head;
    return from < to ? [{ ...span, from, to }] : [];
  });
}

interface Edges {
  /** How many characters two texts share at their beginnings and at their ends. */
  head: number;
  tail: number;
}

function commonEdges(before: string, after: string): Edges {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, tail };
}

/** What was only put in or taken out may lie in several places (“one t[wo t]hree”): the one that begins with a word is meant (“one [two ]three”). */
function wholeWords(before: string, after: string, edges: Edges): Edges {
  const longer = before.length > after.length ? before : after;
  if (edges.head + edges.tail !== Math.min(before.length, after.length)) return edges;
  for (let { head, tail } = edges; ; head -= 1, tail += 1) {
    if (head === 0 || /\s/.test(longer.charAt(head - 1))) return { head, tail };
    if (longer[head - 1] !== longer[longer.length - tail - 1]) return edges;
  }
}

/** Words, and the single characters of unspaced scripts with the punctuation at them. */
function atomsOf(text: string, language: string): Atom[] {
  return piecesOfText(text, language).flatMap((piece) => {
    const parts = piece.text.match(/[\p{Ps}\p{Pi}]*(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[^\p{L}\p{N}\p{Ps}\p{Pi}]*/gu);
    const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(piece.text);
    if (!wide || !parts || parts.join('') !== piece.text) return [{ text: piece.text, space: piece.space }];
    return parts.map((part, i) => ({ text: part, space: i === 0 && piece.space }));
  });
}

/** Atoms of the words as they are in the text, each with its share of the time. */
function timedAtoms(cue: Cue, language: string): TimedAtom[] {
  const atoms: TimedAtom[] = [];
  for (const [index, { word }] of placeWords(cue).entries()) {
    const last = atoms.at(-1);
    const parts = atomsOf(word.text, language);
    // Pieces of one spaced word (“don” “’t”) are one atom, as they are in the text.
    if (last && !word.space && parts.length === 1 && /[\p{L}\p{N}'’]$/u.test(last.text) && isNarrow(last.text) && isNarrow(word.text)) {
      last.text += word.text;
      last.end = maxTime(last.end, word.end);
      last.words.push(index);
      continue;
    }
    let at = 0;
    for (const part of parts) {
      const share = (offset: number): Flicks => flicks(Math.round(word.start + ((word.end - word.start) * offset) / word.text.length));
      atoms.push({ text: part.text, space: at === 0 && word.space, start: share(at), end: share(at + part.text.length), words: [index], confidence: word.confidence });
      at += part.text.length;
    }
  }
  return atoms;
}

const isNarrow = (text: string): boolean => !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);

function alignWords(cue: Cue, text: string): Word[] {
  // Which language the pieces are cut by does not matter: unspaced scripts are taken character by character.
  const old = timedAtoms(cue, 'und');
  const now = atomsOf(text, 'und');
  const places = placeWords(cue).map(({ word }) => word);
  const words: Word[] = [];
  for (const { kind, oldFrom, oldTo, newFrom, newTo } of commonParts(old.map(key), now.map(key))) {
    const before = old.slice(oldFrom, oldTo);
    const after = now.slice(newFrom, newTo);
    if (kind === 'same') words.push(...keptWords(before, after, places));
    else words.push(...spread(after, ...timeFor(before, words.at(-1)?.end ?? cue.start, old[oldTo]?.start ?? cue.end)));
  }
  return words;
}

/** Atoms are the same when letters and digits are; case and punctuation may change without another time. */
const key = (atom: Atom): string => atom.text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '') || atom.text;

/** Time for what was written: that of what it replaces, or what lies between its neighbours. */
function timeFor(replaced: readonly TimedAtom[], after: Flicks, before: Flicks): [Flicks, Flicks] {
  const first = replaced[0];
  const last = replaced.at(-1);
  return first && last ? [first.start, last.end] : [after, maxTime(after, before)];
}

/** Atoms over a time, by length. */
function spread(atoms: readonly Atom[], start: Flicks, end: Flicks): Word[] {
  const total = atoms.reduce((sum, atom) => sum + atom.text.length, 0);
  let at = 0;
  return atoms.map((atom) => {
    const from = flicks(Math.round(start + ((end - start) * at) / total));
    at += atom.text.length;
    return { text: atom.text, space: atom.space, start: from, end: flicks(Math.round(start + ((end - start) * at) / total)), confidence: 1 };
  });
}

/** Atoms that stayed, as the words they were where a word stayed whole. */
function keptWords(before: readonly TimedAtom[], after: readonly Atom[], words: readonly Word[]): Word[] {
  const kept: Word[] = [];
  for (let i = 0; i < before.length; i += 1) {
    const old = before[i];
    const atom = after[i];
    if (!old || !atom) continue;
    const word = words[old.words[0] ?? -1];
    const group = before.slice(i).findIndex((other) => other.words[0] !== old.words[0]);
    const count = group < 0 ? before.length - i : group;
    const text = after.slice(i, i + count).map((each) => each.text).join('');
    if (word && old.words.length === 1 && text === word.text) {
      kept.push({ ...word, space: atom.space });
      i += count - 1;
    } else if (word && old.words.length > 1 && atom.text === old.text) {
      kept.push(...old.words.flatMap((index, j) => (words[index] ? [{ ...words[index], space: j === 0 && atom.space }] : [])));
    } else {
      kept.push({ text: atom.text, space: atom.space, start: old.start, end: old.end, confidence: atom.text === old.text ? old.confidence : 1 });
    }
  }
  return kept;
}
