/** The tiles of the gallery in the order shown, in their groups. */
import { STYLES } from '../../../shared/style/catalogue.ts';
import type { Style, StylePicture } from '../../../shared/style/types.ts';
import { tileKey } from '../../state/style-effect.ts';
import { GAN_STYLES, PAINTING_STYLES } from '../../state/style-gallery.svelte.ts';

export type TileGroup = 'gan' | 'pictures' | 'paintings';

export interface StyleTile {
  readonly key: string;
  readonly style: Style;
  readonly group: TileGroup;
  /** From 0; null for what is no painting. */
  readonly painting: number | null;
}

const tile = (group: TileGroup, style: Style, painting: number | null = null): StyleTile => ({ key: tileKey(style) ?? '', style, group, painting });

/** The picture as it is comes first: what every style is compared with. */
export function tilesOf(pictures: readonly StylePicture[]): StyleTile[] {
  return [
    tile('gan', { id: 'none' }),
    ...GAN_STYLES.map((style) => tile('gan', style)),
    ...pictures.map(({ id }) => tile('pictures', { id: 'picture', picture: id })),
    ...PAINTING_STYLES.map((style, index) => tile('paintings', style, index)),
  ];
}

/** `gan` or `network`; null for no style. */
export function kindOf({ id }: Style): 'gan' | 'network' | null {
  return id === 'none' ? null : STYLES[id].kind;
}

/** A tile's place in its row and column of a grid whose groups begin new rows. */
interface Place {
  readonly index: number;
  readonly row: number;
  readonly column: number;
}

/** Where an arrow key leads in a grid of `columns` whose groups hold `sizes` tiles: the nearest tile of the next row; stays at the edges. */
export function arrowTarget(sizes: readonly number[], columns: number, from: number, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'): number {
  const places = placesOf(sizes, columns);
  const here = places[from];
  if (!here) return places.length > 0 ? 0 : -1;
  if (key === 'ArrowLeft' || key === 'ArrowRight') return Math.max(0, Math.min(places.length - 1, from + (key === 'ArrowRight' ? 1 : -1)));
  const row = here.row + (key === 'ArrowDown' ? 1 : -1);
  const next = places.filter((place) => place.row === row);
  return (next.find((place) => place.column === here.column) ?? next.at(-1) ?? here).index;
}

function placesOf(sizes: readonly number[], columns: number): Place[] {
  const places: Place[] = [];
  let firstRow = 0;
  for (const size of sizes) {
    for (let n = 0; n < size; n += 1) places.push({ index: places.length, row: firstRow + Math.floor(n / columns), column: n % columns });
    firstRow += Math.ceil(size / columns);
  }
  return places;
}
