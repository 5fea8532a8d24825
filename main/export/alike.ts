/** Whether a copy shows the same pictures as its source where it begins: the proof that it could begin there. */
import type { Media } from '../../shared/media.ts';
import { fromSeconds, subtract } from '../../shared/time.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import { frameFilter, openSource } from './arguments.ts';
import type { ExportSegment } from './plan.ts';

/** Frames compared. Where a decoder began too late, the first ones are the worst. */
const FRAMES = 3;

async function pictureHashes(input: readonly string[], map: string, filter: readonly string[], name: string, signal?: AbortSignal): Promise<string[]> {
  const args = [...input, '-map', map, ...filter, '-frames:v', String(FRAMES), '-fps_mode', 'passthrough', '-f', 'framemd5', 'pipe:1'];
  const text = (await collect('ffmpeg', args, { name, signal })).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** The source is decoded from well before, so that it shows what it should even where its own sync frame is none. */
const RUN_UP = fromSeconds(2);

/** Compares the first decoded frames of the copy at `path` with the source's. True for sound alone. */
export async function beginsAlike(segment: ExportSegment, media: Media, path: string, signal?: AbortSignal): Promise<boolean> {
  const { video } = media;
  if (!video) return true;
  const source = await pictureHashes(openSource(media, subtract(segment.from, RUN_UP)), `0:${video.index}`, ['-filter:v', frameFilter(segment, video.timeBase)], media.name, signal);
  const copy = await pictureHashes(['-noautorotate', ...inputOptions(), '-i', fileUrl(path)], '0:v:0', [], media.name, signal);
  return source.length > 0 && source.join() === copy.join();
}
