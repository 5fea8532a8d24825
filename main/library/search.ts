/** Finding shots by tag: English and Chinese names, broader terms, beginnings of words, several words at once. */
import type { TagSource } from '../../shared/events.ts';
import type { Moment } from '../../shared/ipc/engine.ts';
import type { Flicks } from '../../shared/time.ts';
import type { Database } from './database.ts';

/** A beginning of a word ("cat" in "catamaran") ranks below every whole word of the same score. */
const WHOLE_WORD = 1;
const BEGINNING = 0.5;

/** Most words of a query that are looked at; more make it no narrower in practice. */
const MAX_WORDS = 16;

const HAN = /\p{Script=Han}/u;

/** Lower case without accents, so that "Café" finds "cafe". */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

/** Words of a query or name. A run of Han characters is one word: Chinese doesn't separate them. */
export function words(text: string): string[] {
  return fold(text).match(/\p{Script=Han}+|[^\s\p{P}\p{S}\p{Script=Han}]+/gu) ?? [];
}

/** "dogs" and "boxes" also look for "dog" and "box". */
function forms(word: string): string[] {
  if (HAN.test(word)) return [word];
  const singular: string[] = [];
  if (word.length > 3 && word.endsWith('ies')) singular.push(`${word.slice(0, -3)}y`);
  if (word.length > 3 && word.endsWith('es')) singular.push(word.slice(0, -2));
  if (word.length > 2 && word.endsWith('s')) singular.push(word.slice(0, -1));
  return [word, ...singular];
}

/**
 * How well a word finds a label by the words of its names: 1 for a whole word, 0.5 for the beginning of one, 0 for neither. Han
 * text matches anywhere in a name (the breed 金毛寻回犬 is found by 犬), whole names counting as whole words.
 */
export function matchWord(word: string, parts: readonly string[]): number {
  let best = 0;
  for (const form of forms(word)) {
    const han = HAN.test(form);
    for (const part of parts) {
      if (part === form) return WHOLE_WORD;
      if (han ? part.includes(form) : part.startsWith(form)) best = BEGINNING;
    }
  }
  return best;
}

/** A label that was met, and the words (`words` of its names and broader terms) it is found by. */
export interface SearchableLabel {
  id: number;
  parts: readonly string[];
}

interface HitRow {
  media: string;
  shot: number;
  label: string;
  source: TagSource;
  score: number;
}

/** [word, label id, weight]: what each word of the query may be. */
type Candidate = [number, number, number];

const SEARCH = `
  WITH wanted AS (
    SELECT value ->> 0 AS word, value ->> 1 AS label, value ->> 2 AS weight FROM json_each(?1)
  ), hit AS (
    SELECT run.media AS media, tag.shot AS shot, wanted.word AS word, tag.label AS label, tag.score AS score,
           max(tag.score * wanted.weight) AS rank
    FROM wanted
    JOIN tag ON tag.label = wanted.label
    JOIN run ON run.id = tag.run AND run.current = 1
    WHERE ?2 IS NULL OR run.media IN (SELECT value FROM json_each(?2))
    GROUP BY run.media, tag.shot, wanted.word
  ), shots AS (
    SELECT media, shot, label, score, min(rank) AS rank FROM hit GROUP BY media, shot HAVING count(*) = ?3
  )
  SELECT shots.media, shots.shot, label.label, label.source, shots.score
  FROM shots JOIN label ON label.id = shots.label
  ORDER BY shots.rank DESC, shots.media, shots.shot LIMIT ?4`;

/**
 * Shots that have every word of the query among their tags, best first: a shot is as good as its weakest word, and
 * shows that word's label. An empty query finds nothing.
 */
export function searchTags(
  database: Database,
  labels: readonly SearchableLabel[],
  query: string,
  media: readonly string[] | null,
  limit: number,
): Moment[] {
  const asked = [...new Set(words(query))].slice(0, MAX_WORDS);
  if (asked.length === 0) return [];
  const candidates: Candidate[] = [];
  for (const [index, word] of asked.entries()) {
    const before = candidates.length;
    for (const label of labels) {
      const weight = matchWord(word, label.parts);
      if (weight > 0) candidates.push([index, label.id, weight]);
    }
    if (candidates.length === before) return [];
  }
  const rows = database
    .prepare(SEARCH)
    .all(JSON.stringify(candidates), media === null ? null : JSON.stringify(media), asked.length, limit) as unknown as HitRow[];
  return rows.flatMap((row) => toMoment(database, row) ?? []);
}

function toMoment(database: Database, hit: HitRow): Moment | null {
  const shot = database
    .prepare(
      `SELECT media.name, shot.start_time, shot.end_time FROM run JOIN shot ON shot.run = run.id LEFT JOIN media ON media.id = run.media
       WHERE run.media = ?1 AND run.current = 1 AND shot.shot = ?2 LIMIT 1`,
    )
    .get(hit.media, hit.shot) as { name: string | null; start_time: number; end_time: number } | undefined;
  if (!shot) return null;
  const keyframe = database
    .prepare(
      `SELECT keyframe.picture FROM run JOIN keyframe ON keyframe.run = run.id
       WHERE run.media = ?1 AND run.current = 1 AND keyframe.shot = ?2 ORDER BY keyframe.rank LIMIT 1`,
    )
    .get(hit.media, hit.shot) as { picture: string } | undefined;
  return {
    media: hit.media,
    mediaName: shot.name ?? '',
    shot: hit.shot,
    start: shot.start_time as Flicks,
    end: shot.end_time as Flicks,
    label: hit.label,
    score: hit.score,
    source: hit.source,
    picture: keyframe?.picture ?? null,
  };
}
