/** Heights of the timeline's rows for the room there is. All in CSS pixels. */
export interface Row {
  readonly top: number;
  readonly height: number;
}

export const ROW_NAMES = ['ruler', 'chapters', 'shots', 'film', 'tags', 'wave', 'captions', 'clips'] as const;
export type RowName = (typeof ROW_NAMES)[number];
export type Rows = Readonly<Record<RowName, Row>>;

/** The filmstrip's greatest height: pictures of that height times the device's pixel ratio are sharp at any size. */
export const FILM_HEIGHT = 132;

const RULER = 24;
const CHAPTERS = 18;
const SHOTS = 20;
const TAGS = 22;
const FILM = { low: 34, high: FILM_HEIGHT };
const WAVE = { low: 26, high: 112 };
const CAPTIONS = 26;
const CLIPS = { low: 40, high: 80 };
/** Height of a caption track that is not the current one. */
export const OTHER_TRACK = 6;
const MOST_OTHERS = 3;
const GAP = 2;

/** How many of `tracks` caption tracks are shown under the current one. */
export function tracksShown(tracks: number): number {
  return Math.min(MOST_OTHERS, Math.max(0, tracks - 1));
}

/**
 * Rows from the top. When it gets tight the tags go first, then the sound, then the captions, then the chapters; film and clips always stay. Spare height goes
 * to film, sound and clips as 5 : 3 : 2, each up to its most. A row without height is not shown.
 */
export function layoutRows(height: number, has: { video: boolean; audio: boolean; captions: number; chapters: boolean }): Rows {
  const film = has.video ? FILM.low : 0;
  let wave = has.audio ? WAVE.low : 0;
  let tags = has.video ? TAGS : 0;
  const shots = has.video ? SHOTS : 0;
  let captions = has.captions > 0 ? CAPTIONS + tracksShown(has.captions) * OTHER_TRACK : 0;
  let chapters = has.chapters ? CHAPTERS : 0;
  const fixed = (): number => RULER + chapters + shots + film + tags + wave + captions + CLIPS.low + GAP * [chapters, shots, film, tags, wave, captions, CLIPS.low].filter((row) => row > 0).length;
  if (fixed() > height) tags = 0;
  if (fixed() > height && has.video) wave = 0;
  if (fixed() > height) captions = 0;
  if (fixed() > height) chapters = 0;
  const spare = Math.max(0, height - fixed());
  const grow = (low: number, high: number, share: number): number => (low === 0 ? 0 : Math.min(high, low + Math.floor(spare * share)));
  const shares = !has.video ? [0, 0.7, 0.3] : wave === 0 ? [0.7, 0, 0.3] : [0.5, 0.3, 0.2];
  const heights: Record<RowName, number> = {
    ruler: RULER,
    chapters,
    shots,
    film: grow(film, FILM.high, shares[0] as number),
    tags,
    wave: grow(wave, has.video ? WAVE.high : WAVE.high * 2, shares[1] as number),
    captions,
    clips: grow(CLIPS.low, CLIPS.high, shares[2] as number),
  };
  let top = 0;
  const rows = {} as Record<RowName, Row>;
  for (const name of ROW_NAMES) {
    rows[name] = { top, height: heights[name] };
    if (heights[name] > 0) top += heights[name] + GAP;
  }
  return rows;
}

/** The row at `y`; null in the gaps and below. */
export function rowAt(rows: Rows, y: number): RowName | null {
  return ROW_NAMES.find((name) => y >= rows[name].top && y < rows[name].top + rows[name].height) ?? null;
}
