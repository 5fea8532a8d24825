/** Real-ESRGAN, tile by tile: each pixel depends on those near it only, so tiles that overlap by that reach give what the whole would give. */
import { MODELS } from '../models.ts';
import { pictureTensor, type Networks } from '../networks.ts';
import { cropped, mirroredTo } from '../pixels.ts';
import type { RgbFrame } from '../types.ts';

/** How far a pixel reaches: 18 convolutions of 3x3 (SRVGGNetCompact with 16 of them between the first and the last), pixels. */
const REACH = 18;
/** Side of a tile without its margins, pixels: 0.4 s and 150 MB on a CPU. */
const TILE = 256;
/** Smaller tiles are mostly margin: whoever has no memory for these has none. */
const SMALLEST_TILE = 32;
/** The network's smallest side, with room. */
const SMALLEST_FRAME = 16;

export interface Enhanced {
  picture: RgbFrame;
  /** Tiles had to be made smaller. */
  smaller: boolean;
}

/** The frame at twice its size. `dropped` ends it between two tiles. Throws what the runtime throws when even small tiles are too large. */
export async function enhance(networks: Networks, frame: RgbFrame, dropped: () => boolean = () => false, tile = TILE): Promise<Enhanced> {
  try {
    return { picture: await inTiles(networks, frame, tile, dropped), smaller: tile < TILE };
  } catch (error) {
    if (!isOutOfMemory(error) || tile / 2 < SMALLEST_TILE) throw error;
    return enhance(networks, frame, dropped, tile / 2);
  }
}

/** How the runtime and the allocators below it say that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  return /out of memory|bad.?alloc|failed to allocate|not enough memory|OOM/i.test(error instanceof Error ? error.message : String(error));
}

async function inTiles(networks: Networks, source: RgbFrame, tile: number, dropped: () => boolean): Promise<RgbFrame> {
  const frame = mirroredTo(source, Math.max(SMALLEST_FRAME, source.width), Math.max(SMALLEST_FRAME, source.height));
  const data = new Uint8Array(source.width * source.height * 12);
  const result: RgbFrame = { width: 2 * source.width, height: 2 * source.height, data };
  for (const rows of spans(frame.height, tile)) {
    for (const columns of spans(frame.width, tile)) {
      if (dropped()) throw new Error('nobody waits any more');
      const part = cropped(frame, columns.from, rows.from, columns.to - columns.from, rows.to - rows.from);
      const outputs = await networks.run(MODELS.enhance, { frames: pictureTensor(part) });
      place(result, outputs.picture('enhanced'), columns, rows);
    }
  }
  return result;
}

/** One tile's part of a side: what it keeps, and what it sees. */
interface Span {
  start: number;
  end: number;
  from: number;
  to: number;
}

/** Even parts of at most `tile`. */
function spans(length: number, tile: number): Span[] {
  const count = Math.ceil(length / tile);
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [Math.round((index * length) / count), Math.round(((index + 1) * length) / count)];
    return { start, end, from: Math.max(0, start - REACH), to: Math.min(length, end + REACH) };
  });
}

/** Puts what the tile keeps where it belongs; what was added to a small frame falls away. */
function place(result: RgbFrame, tile: RgbFrame, columns: Span, rows: Span): void {
  const width = Math.min(2 * columns.end, result.width) - 2 * columns.start;
  if (width <= 0) return;
  for (let y = 2 * rows.start; y < Math.min(2 * rows.end, result.height); y++) {
    const from = ((y - 2 * rows.from) * tile.width + 2 * (columns.start - columns.from)) * 3;
    result.data.set(tile.data.subarray(from, from + width * 3), (y * result.width + 2 * columns.start) * 3);
  }
}
