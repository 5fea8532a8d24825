/** "More like this shot": by how the keyframes look (features of the tag model), helped by the tags that both shots have. */
import type { EngineArgs } from '../../../shared/ipc/engine.ts';
import type { MediaId } from '../../../shared/media.ts';
import type { FoundMoment } from '../../../shared/understanding/types.ts';
import type { Library, ShotVector } from '../../library/types.ts';

export const SIMILAR_RULES = {
  /** What shared tags add, at most: half of what tells two shots of one scene (0.85) from any two (0.3 on average). */
  tags: 0.25,
  /** Score below which a shot is not like it at all: two shots without anything in common lie at 0.1 to 0.3. */
  least: 0.35,
  /** Neighbours in one media that are this alike are one place to look at: the best of them is shown. */
  duplicate: 0.92,
} as const;

type Candidate = ShotVector & { media: MediaId; score: number };
type Request = EngineArgs<'similarShots'>;

/** Best first, the shot itself left out. Empty until the pictures were examined. */
export function similarShots({ media, shot, within, limit }: Request, library: Library): FoundMoment[] {
  const wanted = library.shotVectors(media, 'features').find((row) => row.shot === shot);
  if (!wanted) return [];
  const all = within === null ? library.shotVectors(null, 'features') : [...new Set(within)].flatMap((each) => library.shotVectors(each, 'features'));
  const tags = new SharedTags(library, media, shot);
  const ranked = all
    .filter((row) => !(row.media === media && row.shot === shot))
    .map((row): Candidate => ({ ...row, score: dot(wanted.vector, row.vector) + SIMILAR_RULES.tags * tags.with(row.media, row.shot) }))
    .filter(({ score }) => score >= SIMILAR_RULES.least)
    .sort((a, b) => b.score - a.score || a.shot - b.shot);
  return shown(distinct(ranked, limit), library);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** How much two shots share of their tags: the sum of the smaller scores over the sum of the larger (weighted Jaccard), 0 to 1. */
class SharedTags {
  readonly #own = new Map<number, number>();
  readonly #others = new Map<string, Map<number, number>>();

  constructor(library: Library, media: MediaId, shot: number) {
    const labels = library.found.labels().map(({ id }) => id);
    for (const tag of library.found.tagged(labels, null)) {
      if (tag.media === media && tag.shot === shot) {
        this.#own.set(tag.label, tag.score);
        continue;
      }
      const name = nameOf(tag.media, tag.shot);
      const known = this.#others.get(name) ?? new Map<number, number>();
      this.#others.set(name, known.set(tag.label, tag.score));
    }
  }

  with(media: MediaId, shot: number): number {
    const other = this.#others.get(nameOf(media, shot)) ?? new Map<number, number>();
    let [smaller, larger] = [0, 0];
    for (const label of new Set([...this.#own.keys(), ...other.keys()])) {
      const [a, b] = [this.#own.get(label) ?? 0, other.get(label) ?? 0];
      smaller += Math.min(a, b);
      larger += Math.max(a, b);
    }
    return larger > 0 ? smaller / larger : 0;
  }
}

const nameOf = (media: MediaId, shot: number): string => `${media}/${shot}`;

/** Without those that neighbour a better one and look the same. */
function distinct(ranked: readonly Candidate[], limit: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const row of ranked) {
    const twin = kept.some((better) => better.media === row.media && Math.abs(better.shot - row.shot) === 1 && dot(better.vector, row.vector) >= SIMILAR_RULES.duplicate);
    if (!twin) kept.push(row);
    if (kept.length === limit) break;
  }
  return kept;
}

function shown(rows: readonly Candidate[], library: Library): FoundMoment[] {
  return rows.flatMap(({ media, shot, score }): FoundMoment[] => {
    const place = library.found.shot(media, shot);
    const mediaName = library.found.mediaName(media);
    if (!place || mediaName === null) return [];
    return [{ media, mediaName, start: place.start, end: place.end, shot, snippet: '', marks: [], kind: 'picture', lists: ['picture'], score, picture: place.picture }];
  });
}
