/** What `rushes search` found, as lines for a person and for another program. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import { formatClock, toSeconds } from '../../shared/time.ts';
import type { FoundAnywhere } from '../engine/search.ts';
import { columns } from './words.ts';

export interface FoundInFile {
  /** As given, or where the library knows the media. */
  file: string;
  found: FoundAnywhere;
}

const placeOf = ({ start, line }: FoundAnywhere): string => (start !== null ? formatClock(start, 1) : line === null ? '' : m.cli_search_line({ n: line + 1 }));

export function searchTable(results: readonly FoundInFile[], query: string): string[] {
  if (results.length === 0) return [m.cli_search_nothing({ query })];
  const head = [m.cli_search_column_where(), m.cli_search_column_file(), m.cli_search_column_by(), m.cli_search_column_what()];
  const rows = results.map(({ found }) => [
    placeOf(found),
    found.mediaName,
    found.lists.map((list) => messageFor(`cli_search_list_${list}`)).join('+'),
    `${found.speaker ? `${found.speaker}: ` : ''}${found.snippet.replace(/\s+/g, ' ')}`,
  ]);
  return columns([head, ...rows], [0]);
}

/** Times in seconds; lines from 1. What has no times has lines only. */
export function foundToJson({ file, found }: FoundInFile): Record<string, unknown> {
  const { start, end, line, speaker, shot, kind, lists, score, snippet, marks } = found;
  return {
    type: 'moment',
    file,
    start: start === null ? null : toSeconds(start),
    end: end === null ? null : toSeconds(end),
    line: line === null ? null : line + 1,
    shot: shot === null ? null : shot + 1,
    speaker,
    kind,
    lists,
    score: Number(score.toFixed(5)),
    snippet,
    marks,
  };
}
