/** Find and replace in cues. */
import { replaceWith, type CueChange } from './cueChange.ts';
import { Pattern } from './pattern.ts';
import { setText } from './setText.ts';
import type { Cue } from './types.ts';

export { PatternError, type PatternProblem } from './patternSyntax.ts';

export interface FindQuery {
  text: string;
  /** `text` is a regular expression (JavaScript's, with `u` and `m`). */
  regex: boolean;
  caseSensitive: boolean;
  wholeWord: boolean;
}

export interface Match {
  cue: string;
  /** UTF-16 offsets in the cue's text, end exclusive. */
  from: number;
  to: number;
  text: string;
  /** What the pattern's groups took, the whole match first; null for a plain search. */
  groups: (string | undefined)[] | null;
}

/** A letter, digit or mark of a script with spaces stands at each side of the offset: no word ends or begins there. */
function isInsideWord(text: string, at: number): boolean {
  const part = /[\p{L}\p{M}\p{N}_]/u;
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
  const after = [...text.slice(at, at + 2)][0] ?? '';
  return part.test(before) && part.test(after) && !unspaced.test(before) && !unspaced.test(after);
}

/**
 * Where the query stands in the cues, in order. A space in a plain search also finds a line's end. Throws PatternError for a regular expression that is none, is
 * too long, or takes too many steps (it is never left to run on).
 */
export function findInCues(cues: readonly Cue[], query: FindQuery): Match[] {
  if (query.text === '') return [];
  const plain = query.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/[ \n]/g, '[ \\n]');
  const isWhole = (text: string, from: number, to: number): boolean => !query.wholeWord || !(isInsideWord(text, from) || isInsideWord(text, to));
  const pattern = new Pattern(query.regex ? query.text : plain, query.caseSensitive, isWhole);
  return cues.flatMap((cue) =>
    pattern.matches(cue.text).map(({ from, to, groups }) => ({ cue: cue.id, from, to, text: cue.text.slice(from, to), groups: query.regex ? groups : null })),
  );
}

/**
 * The cues with the matches replaced; words keep their times as in `setText`. After a regular expression the replacement may hold `$1`… `$99` (groups),
 * `$&` (the match), `$$` (a dollar sign), `\n`, and `\u` `\l` (next letter), `\U` `\L` … `\E` (up to there) for capital and small letters. Matches that don't fit the cues' texts
 * any more are passed over.
 */
export function replaceMatches(cues: readonly Cue[], matches: readonly Match[], replacement: string): CueChange {
  const byCue = new Map<string, Match[]>();
  for (const match of matches) byCue.set(match.cue, [...(byCue.get(match.cue) ?? []), match]);
  const changed = cues.flatMap((cue) => {
    const own = (byCue.get(cue.id) ?? []).filter(({ from, to, text }) => cue.text.slice(from, to) === text).sort((a, b) => b.from - a.from);
    // From the end, one at a time: marks and word times between two matches stay.
    const after = own.reduce((now, match) => setText(now, now.text.slice(0, match.from) + expand(replacement, match) + now.text.slice(match.to)).insert[0] ?? now, cue);
    return after.text === cue.text ? [] : [after];
  });
  return replaceWith(changed);
}

type Case = 'upper' | 'lower' | null;
const cased = (text: string, to: Case): string => (to === 'upper' ? text.toUpperCase() : to === 'lower' ? text.toLowerCase() : text);

/** What stands in the place of a match. */
function expand(replacement: string, { groups, text }: Match): string {
  if (groups === null) return replacement;
  let result = '';
  let rest: Case = null;
  let once: Case = null;
  const write = (part: string): void => {
    const [first = ''] = [...part];
    result += once && first !== '' ? cased(first, once) + cased(part.slice(first.length), rest) : cased(part, rest);
    if (part !== '') once = null;
  };
  for (const [part] of replacement.matchAll(/\$(?:\$|&|\d{1,2})|\\[ulULEn\\]|[^]/gu)) {
    if (part === '\\u' || part === '\\l') once = part === '\\u' ? 'upper' : 'lower';
    else if (part === '\\U' || part === '\\L' || part === '\\E') rest = part === '\\U' ? 'upper' : part === '\\L' ? 'lower' : null;
    else if (part === '\\n') write('\n');
    else if (part === '\\\\') write('\\');
    else if (part === '$$') write('$');
    else if (part === '$&') write(text);
    else write(/^\$\d/.test(part) ? groupOf(part, groups) : part);
  }
  return result;
}

/** `$12` is group 12 where there are as many, else group 1 and a 2; of a group that is not there the text stays. */
function groupOf(part: string, groups: readonly (string | undefined)[]): string {
  const number = Number(part.slice(1));
  if (number > 0 && number < groups.length) return groups[number] ?? '';
  const first = Number(part.charAt(1));
  return part.length === 3 && first > 0 && first < groups.length ? (groups[first] ?? '') + part.charAt(2) : part;
}
