/** Find and replace in cues. */
import { replaceWith, type CueChange } from './cueChange.ts';
import { setText } from './setText.ts';
import type { Cue } from './types.ts';

export interface FindQuery {
  text: string;
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

/** Where the query stands in the cues, in order. */
export function findInCues(cues: readonly Cue[], query: FindQuery): Match[] {
  if (query.text === '') return [];
  const plain = query.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const source = query.regex ? query.text : plain;
  const pattern = new RegExp(query.wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source, query.caseSensitive ? 'gu' : 'giu');
  return cues.flatMap((cue) =>
    [...cue.text.matchAll(pattern)]
      .filter((match) => match[0] !== '')
      .map((match) => ({ cue: cue.id, from: match.index, to: match.index + match[0].length, text: match[0], groups: query.regex ? [...match] : null })),
  );
}

/** The cues with the matches replaced. */
export function replaceMatches(cues: readonly Cue[], matches: readonly Match[], replacement: string): CueChange {
  const changed = cues.flatMap((cue) => {
    const own = matches.filter((match) => match.cue === cue.id).sort((a, b) => b.from - a.from);
    if (own.length === 0) return [];
    const text = own.reduce((all, match) => all.slice(0, match.from) + expand(replacement, match) + all.slice(match.to), cue.text);
    return setText(cue, text).insert;
  });
  return replaceWith(changed);
}

function expand(replacement: string, match: Match): string {
  const { groups } = match;
  if (groups === null) return replacement;
  return replacement.replace(/\$(\$|&|\d{1,2})/g, (all: string, name: string) => {
    if (name === '$') return '$';
    if (name === '&') return match.text;
    return groups[Number(name)] ?? (Number(name) < groups.length ? '' : all);
  });
}
