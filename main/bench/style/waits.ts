/** What a person waits for: the first styled frame after the click, and the gallery of all styles. By the engine's own jobs, on a fresh library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectOf } from '../../../shared/style/effect.ts';
import { add, flicks, fromSeconds } from '../../../shared/time.ts';
import { Engine } from '../../engine/engine.ts';
import { silentLog } from '../../engine/log.ts';
import type { Figure } from '../table.ts';

/** Height of the preview as the window asks for it, and of the gallery's tiles. */
const PREVIEW_HEIGHT = 270;
const TILE_HEIGHT = 120;

export async function measureWaits(clips: string, print: (line: string) => void): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rushes-bench-waits-'));
  const engine = await Engine.open({ dataDir, provider: 'auto', logger: silentLog() });
  try {
    const media = await engine.openMedia(join(clips, 'bigbuckbunny.mp4'));
    const at = add(media.startTime, fromSeconds(2));
    const end = add(media.startTime, media.duration ?? flicks(0));
    const request = { media: media.id, start: media.startTime, end, effect: effectOf({ id: 'vintage' }, media.startTime), picture: null };
    const first = await firstOf(engine.jobs.stylePreview({ request, at, height: PREVIEW_HEIGHT }, new AbortController().signal), 'frame');
    const again = await firstOf(engine.jobs.stylePreview({ request: { ...request, start: flicks(request.start + 1) }, at, height: PREVIEW_HEIGHT }, new AbortController().signal), 'frame');
    const started = performance.now();
    let [tiles, firstTile] = [0, 0];
    for await (const event of engine.jobs.styleGallery({ media: media.id, time: at, height: TILE_HEIGHT, pictures: [] }, new AbortController().signal)) {
      if (event.type !== 'tile') continue;
      tiles += 1;
      firstTile ||= (performance.now() - started) / 1000;
    }
    const gallery = (performance.now() - started) / 1000;
    print(`gallery: ${tiles} tiles`);
    return [
      { name: 'first styled preview, models to be loaded', value: first, unit: 's', target: { kind: 'at_most', value: 1.5 } },
      { name: 'first styled preview, models loaded', value: again, unit: 's', target: { kind: 'at_most', value: 1.5 } },
      { name: 'gallery of all styles on one keyframe', value: gallery, unit: 's', target: { kind: 'at_most', value: 10 } },
      { name: 'its first tile', value: firstTile, unit: 's', target: null },
    ];
  } finally {
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Seconds until the first event of this type. */
async function firstOf(events: AsyncIterable<{ type: string }>, type: string): Promise<number> {
  const started = performance.now();
  for await (const event of events) if (event.type === type) return (performance.now() - started) / 1000;
  throw new Error(`no ${type} came`);
}
