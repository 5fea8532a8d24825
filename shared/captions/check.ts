/** What is wrong with cues by their track's rules. */
import { BREAK } from './breaks.ts';
import { breakText, speakersOnLine, worstBreak, type Layout } from './lines.ts';
import { inOrder, isGapSmall, isShortOf, limitsOf, strayCut, TOLERANCE, type Limits } from './measures.ts';
import { piecesOfText } from './pieces.ts';
import { linesOf, visibleLength } from './text.ts';
import { FLICKS_PER_SECOND } from '../time.ts';
import { holdsAllText } from './wordPlaces.ts';
import type { CaptionContext, Violation, ViolationCode } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

/** A line shorter than this share of the cue's longest is out of balance, when the text could be laid out better (a quarter: one word of a sentence). */
const BALANCE = 0.25;

type Found = Omit<Violation, 'cue'>;
const rounded = (value: number): number => Math.round(value * 100) / 100;
const found = (code: ViolationCode, value: number, limit: number): Found => ({ code, value: rounded(value), limit: rounded(limit) });

/** What was found of a cue's text by itself: cues are never changed in place, so it holds as long as the cue does. */
const known = new WeakMap<Cue, { key: string; found: readonly Found[] }>();

/**
 * Violations of all cues, in order of the cues' times. Values and limits are rounded to two digits, in characters, lines, words, seconds, characters a second
 * (`too_fast`) and frames (`gap_too_small`). `unbalanced`: percent that the shortest line has of the longest. `near_cut`: seconds from the cut.
 * Fast enough to run after each edit: texts looked at before are not measured again.
 */
export function checkCues(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): Violation[] {
  const limits = limitsOf(rules, context);
  const layout: Layout = { rules, language: context.language };
  const key = `${rules.base} ${rules.lineLength} ${rules.lines} ${rules.words} ${context.language}`;
  let latest: Cue | null = null;
  return inOrder(cues).flatMap((cue) => {
    const all = [...timeFaults(cue, limits), ...neighbourFaults(latest, cue, limits), ...textFaults(cue, layout, key)];
    if (latest === null || cue.end > latest.end) latest = cue;
    return all.map((fault) => ({ cue: cue.id, ...fault }));
  });
}

function timeFaults(cue: Cue, limits: Limits): Found[] {
  const { rules, low, high } = limits;
  const faults: Found[] = [];
  const seconds = (cue.end - cue.start) / FLICKS_PER_SECOND;
  const length = visibleLength(cue.text, rules);
  if (cue.start < low) faults.push(found('negative_time', cue.start / FLICKS_PER_SECOND, low / FLICKS_PER_SECOND));
  else if (cue.end > high) faults.push(found('negative_time', cue.end / FLICKS_PER_SECOND, high / FLICKS_PER_SECOND));
  if (isShortOf(cue.end - cue.start, Math.ceil(rules.shortest * FLICKS_PER_SECOND))) faults.push(found('too_short', seconds, rules.shortest));
  if (seconds > rules.longest + TOLERANCE) faults.push(found('too_long', seconds, rules.longest));
  if (length > rules.readingSpeed * (Math.max(0, seconds) + TOLERANCE)) faults.push(found('too_fast', length / Math.max(seconds, 0.01), rules.readingSpeed));
  for (const edge of ['start', 'end'] as const) {
    const cut = strayCut(edge, cue[edge], limits);
    if (cut === null) continue;
    faults.push(found('near_cut', Math.abs(cue[edge] - cut) / FLICKS_PER_SECOND, rules.snapSeconds));
    break;
  }
  return faults;
}

function neighbourFaults(before: Cue | null, cue: Cue, limits: Limits): Found[] {
  if (before === null) return [];
  const gap = cue.start - before.end;
  if (gap < 0) return [found('overlap', -gap / FLICKS_PER_SECOND, 0)];
  return isGapSmall(gap, limits) ? [found('gap_too_small', gap / limits.frame, limits.rules.gapFrames)] : [];
}

function textFaults(cue: Cue, layout: Layout, key: string): readonly Found[] {
  const before = known.get(cue);
  if (before?.key === key) return before.found;
  const faults = findTextFaults(cue, layout);
  known.set(cue, { key, found: faults });
  return faults;
}

function findTextFaults(cue: Cue, layout: Layout): Found[] {
  const { rules, language } = layout;
  if (cue.text.trim() === '') return [found('empty', 0, 1)];
  const faults: Found[] = [];
  const lines = linesOf(cue.text);
  const lengths = lines.map((line) => visibleLength(line, rules));
  const longest = Math.max(...lengths);
  if (longest > rules.lineLength) faults.push(found('line_too_long', longest, rules.lineLength));
  if (lines.length > rules.lines) faults.push(found('too_many_lines', lines.length, rules.lines));
  const words = rules.words === null ? 0 : wordCount(cue, language);
  if (rules.words !== null && words > rules.words) faults.push(found('too_many_words', words, rules.words));
  const speakers = Math.max(...lines.map(speakersOnLine));
  if (speakers > 1) faults.push(found('speakers_mixed', speakers, 1));
  if (lines.length < 2) return faults;
  if (worstBreak(cue.text, language) >= BREAK.bad) faults.push(found('bad_break', 1, 0));
  else if (balanceOf(lengths) < BALANCE && balanceOf(linesOf(breakText(cue.text, layout)).map((line) => visibleLength(line, rules))) >= BALANCE) {
    faults.push(found('unbalanced', balanceOf(lengths) * 100, BALANCE * 100));
  }
  return faults;
}

const balanceOf = (lengths: readonly number[]): number => (lengths.length < 2 ? 1 : Math.min(...lengths) / Math.max(...lengths, 1));

/** Words of a cue: as recognised where they are the whole text, else the pieces of the text that hold letters or digits. */
export function wordCount(cue: Pick<Cue, 'text' | 'words'>, language: string): number {
  if (holdsAllText(cue)) return cue.words.length;
  return piecesOfText(cue.text, language).filter((piece) => /[\p{L}\p{N}]/u.test(piece.text)).length;
}
