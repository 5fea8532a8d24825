/** Reads what a plan needs to know of a media: the packets around its cuts, and what its streams must match to be joined. */
import { z } from 'zod';
import { throwIfCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, fromSeconds, FLICKS_PER_SECOND, subtract, type Flicks } from '../../shared/time.ts';
import { readPackets } from '../media/packets.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import { frameTimes } from '../media/syncFrames.ts';
import type { FramePacket, MediaFacts } from './cutPoints.ts';

/** Read before and after a cut: first a little; more where no sync frame or no next frame was met. */
const MARGINS: readonly Flicks[] = [fromSeconds(1), fromSeconds(20), fromSeconds(200)];
/** Cuts nearer than this are read in one run: what lies between takes less time than another start of ffprobe. */
const NEAR = fromSeconds(4);
/** ffprobe processes at once. */
const PROCESSES = 2;

export interface FactsOptions {
  /** No other media's packets will follow: `parameters` are not asked for and stay empty. */
  alone?: boolean;
  signal?: AbortSignal;
}

/**
 * Facts about `media` for cuts at `cuts` (both ends of every range). Reads packets only, some seconds around each cut. Throws
 * ExpectedError as running ffprobe does, and CancelledError.
 */
export async function gatherFacts(media: Media, cuts: readonly Flicks[], options: FactsOptions = {}): Promise<MediaFacts> {
  const { alone = false, signal } = options;
  const parameters = alone ? '' : await readParameters(media, signal);
  const { video } = media;
  if (!video) return { media, syncTimes: [], packets: [], parameters, timesUnknown: false };
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  const groups = neighbours(sorted);
  const around: (FramePacket[] | null)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < groups.length; i = next++) {
      throwIfCancelled(signal);
      around[i] = await packetsAround(media, video, groups[i] ?? [], signal);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  const timesUnknown = around.includes(null);
  const packets = timesUnknown ? await framesAround(media, sorted, signal) : eachOnce(around.flatMap((run) => run ?? []));
  const syncTimes = packets.filter((packet) => packet.sync).map((packet) => packet.time).sort((a, b) => a - b);
  return { media, syncTimes, packets, parameters, timesUnknown };
}

/** Ascending cuts in groups of near ones. */
function neighbours(cuts: readonly Flicks[]): Flicks[][] {
  const groups: Flicks[][] = [];
  for (const cut of cuts) {
    const group = groups.at(-1);
    if (group && subtract(cut, group.at(-1) ?? cut) <= NEAR) group.push(cut);
    else groups.push([cut]);
  }
  return groups;
}

/** Packets from the sync frame before the first of ascending cuts to well after the last; null when the container gives them no times. */
async function packetsAround(media: Media, video: VideoStream, cuts: readonly Flicks[], signal?: AbortSignal): Promise<FramePacket[] | null> {
  const [first, last] = [cuts[0] ?? media.startTime, cuts.at(-1) ?? media.startTime];
  for (const margin of MARGINS) {
    const from = subtract(first, margin);
    const packets = await readRun(media, video, { from: from > media.startTime ? from : null, to: add(last, margin) }, signal);
    if (packets === null || cuts.every((cut) => covers(cut, packets, media))) return packets;
  }
  return readRun(media, video, { from: null, to: null }, signal);
}

async function readRun(media: Media, video: VideoStream, interval: { from: Flicks | null; to: Flicks | null }, signal?: AbortSignal): Promise<FramePacket[] | null> {
  const packets: FramePacket[] = [];
  for await (const { time, isSync } of readPackets(media, video, interval, signal)) {
    if (time === null) return null;
    packets.push({ time, sync: isSync });
  }
  return packets;
}

/** A sync frame at or before the cut and a frame after it were read, or there is none. */
function covers(cut: Flicks, packets: readonly FramePacket[], media: Media): boolean {
  const end = media.duration === null ? null : media.startTime + media.duration;
  const before = packets.some((packet) => packet.sync && packet.time <= cut) || cut <= (media.video?.startTime ?? media.startTime);
  const after = packets.some((packet) => packet.time > cut) || (end !== null && cut >= end - FLICKS_PER_SECOND);
  return before && after;
}

/** Runs around neighbouring cuts overlap: a frame read twice counts once, where it was read first. */
function eachOnce(packets: readonly FramePacket[]): FramePacket[] {
  const seen = new Set<number>();
  return packets.filter(({ time }) => {
    if (seen.has(time)) return false;
    seen.add(time);
    return true;
  });
}

/** Where packets have no times, frames are found by decoding; none of them counts as a sync frame. */
async function framesAround(media: Media, cuts: readonly Flicks[], signal?: AbortSignal): Promise<FramePacket[]> {
  const frames: FramePacket[] = [];
  for (const cut of cuts) {
    const margin = MARGINS[0] ?? fromSeconds(1);
    for (const time of await frameTimes(media, subtract(cut, margin), add(cut, margin), { signal })) frames.push({ time, sync: false });
  }
  return eachOnce(frames);
}

const parametersSchema = z.object({
  streams: z.array(z.looseObject({ index: z.number(), extradata_hash: z.string().optional() })).default([]),
});

/** Everything that must be equal for one stream's packets to follow another's. */
async function readParameters(media: Media, signal?: AbortSignal): Promise<string> {
  const args = ['-show_entries', 'stream=index,extradata_hash', '-show_data_hash', 'md5', '-of', 'json', ...inputOptions(), '-i', fileUrl(media.path)];
  const output = await collect('ffprobe', args, { name: media.name, signal });
  const { streams } = parametersSchema.parse(JSON.parse(output.toString('utf8')));
  const hash = (index: number): string => streams.find((stream) => stream.index === index)?.extradata_hash ?? '';
  const used = media.streams.flatMap((stream): unknown[] => {
    if (stream.kind === 'video' && stream.index === media.video?.index) {
      const { codec, profile, width, height, rotation, sampleAspect, timeBase, pixelFormat, colour } = stream;
      return [[codec, profile, width, height, rotation, sampleAspect, timeBase, pixelFormat, colour, hash(stream.index)]];
    }
    return stream.kind === 'audio' ? [[stream.codec, stream.profile, stream.sampleRate, stream.channels, stream.channelLayout, hash(stream.index)]] : [];
  });
  return JSON.stringify(used);
}
