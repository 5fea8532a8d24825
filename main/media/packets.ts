/** The times of a video's packets and frames, streamed from ffprobe: whatever a file's length, one line is held at a time. */
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, frameDuration, fromTicks, toSeconds, type Flicks } from '../../shared/time.ts';
import { fileUrl, inputOptions, startTool } from './process.ts';

export interface Packet {
  /** Presentation time; null when the container has none (AVI, raw streams). */
  time: Flicks | null;
  isSync: boolean;
}

export interface Interval {
  /** Reading begins at a sync frame at or before this time. Null: at the first packet. */
  from: Flicks | null;
  /** Reading stops at the first packet, in file order, at or after this time. Null: at the last. */
  to: Flicks | null;
}

/** Packets in file order, without those that an edit list hides. Throws ExpectedError by `classifyFailure`, CancelledError. */
export async function* readPackets(media: Media, video: VideoStream, interval: Interval, signal?: AbortSignal): AsyncGenerator<Packet> {
  for await (const line of readLines(media, video, 'packet=pts,flags', interval, signal)) {
    const match = /^(-?\d+|N\/A),([A-Z_]+)/.exec(line);
    if (!match || match[2]?.includes('D')) continue;
    const time = match[1] === 'N/A' ? null : fromTicks(BigInt(match[1] ?? '0'), video.timeBase);
    yield { time, isSync: match[2]?.includes('K') ?? false };
  }
}

/**
 * Times of decoded frames, for containers whose packets have none. Much slower than packets. A frame without a time
 * is taken to follow the one before at the nominal rate.
 */
export async function* readFrameTimes(media: Media, video: VideoStream, interval: Interval, signal?: AbortSignal): AsyncGenerator<Flicks> {
  let last = video.startTime;
  for await (const line of readLines(media, video, 'frame=best_effort_timestamp', interval, signal)) {
    const match = /^(-?\d+|N\/A)/.exec(line);
    if (!match) continue;
    last = match[1] === 'N/A' ? add(last, frameDuration(video.frameRate)) : fromTicks(BigInt(match[1] ?? '0'), video.timeBase);
    yield last;
  }
}

async function* readLines(media: Media, video: VideoStream, entries: string, interval: Interval, signal?: AbortSignal): AsyncGenerator<string> {
  const edge = (time: Flicks | null): string => (time === null ? '' : toSeconds(time).toFixed(6));
  const range = interval.from === null && interval.to === null ? [] : ['-read_intervals', `${edge(interval.from)}%${edge(interval.to)}`];
  const args = ['-select_streams', String(video.index), '-show_entries', entries, '-of', 'csv=p=0', ...range, ...inputOptions(), '-i', fileUrl(media.path)];
  const run = await startTool('ffprobe', args, { pipes: 1, signal, name: media.name });
  let rest = '';
  try {
    for await (const chunk of run.pipes[0] ?? []) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    await run.done;
  } catch (error) {
    // A pipe broken by cancelling says so only through the run.
    await run.done;
    throw error;
  } finally {
    run.stop();
  }
  if (rest) yield rest;
}
