/** Reads what a plan needs to know of a media: the packets around its cuts, and what its streams must match to be joined. */
import { z } from 'zod';
import type { Media } from '../../shared/media.ts';
import { flicks, fromTicks, FLICKS_PER_SECOND, toSeconds, type Flicks } from '../../shared/time.ts';
import { collect, fileUrl, inputOptions, startTool } from '../media/process.ts';
import type { FramePacket, MediaFacts } from './cutPoints.ts';
import { linesOf } from './lines.ts';

/** Read before and after a cut, seconds: first a little; more where no sync frame or no next frame was met. */
const MARGINS: readonly number[] = [1, 20, 200];

/** More intervals than this go into further runs: an argument has a longest length. */
const CUTS_A_RUN = 200;

/**
 * Facts about `media` for cuts at `cuts` (both ends of every range). Reads packets only, some seconds around each cut. Throws
 * ExpectedError as running ffprobe does, and CancelledError.
 */
export async function gatherFacts(media: Media, cuts: readonly Flicks[], options: { signal?: AbortSignal } = {}): Promise<MediaFacts> {
  const parameters = await readParameters(media, options.signal);
  if (!media.video) return { media, syncTimes: [], packets: [], parameters, timesUnknown: false };
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  const read: ReadPacket[] = [];
  for (let i = 0; i < sorted.length; i += CUTS_A_RUN) {
    read.push(...(await packetsAround(media, sorted.slice(i, i + CUTS_A_RUN), options.signal)));
  }
  const packets = dedupe(read);
  const syncTimes = packets.filter((packet) => packet.sync).map((packet) => packet.time).sort((a, b) => a - b);
  return { media, syncTimes, packets, parameters, timesUnknown: read.some((packet) => packet.guessed) };
}

interface ReadPacket extends FramePacket {
  /** The container gave no presentation time; the decode time stands in. */
  guessed: boolean;
}

async function packetsAround(media: Media, cuts: readonly Flicks[], signal?: AbortSignal): Promise<ReadPacket[]> {
  for (const margin of MARGINS) {
    const packets = await readPackets(media, cuts.map((cut) => interval(media, cut, margin)).join(','), signal);
    if (cuts.every((cut) => covered(cut, packets, media))) return packets;
  }
  return readPackets(media, '', signal);
}

function interval(media: Media, cut: Flicks, margin: number): string {
  const at = toSeconds(cut);
  const from = at - margin;
  return `${from > toSeconds(media.startTime) ? from.toFixed(6) : ''}%${(at + margin).toFixed(6)}`;
}

/** A sync frame at or before the cut and a frame after it were read, or there is none. */
function covered(cut: Flicks, packets: readonly ReadPacket[], media: Media): boolean {
  const end = media.duration === null ? null : media.startTime + media.duration;
  const before = packets.some((packet) => packet.sync && packet.time <= cut) || cut <= (media.video?.startTime ?? media.startTime);
  const after = packets.some((packet) => packet.time > cut) || (end !== null && cut >= end - FLICKS_PER_SECOND);
  return before && after;
}

/** One line of ffprobe: "pts=512|dts=0|flags=K__". */
function parsePacket(line: string, media: Media): ReadPacket | null {
  const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
  const flags = fields.get('flags') ?? '';
  const pts = Number(fields.get('pts') ?? NaN);
  const time = Number.isNaN(pts) ? Number(fields.get('dts') ?? NaN) : pts;
  if (!media.video || Number.isNaN(time) || flags.includes('D')) return null;
  return { time: fromTicks(time, media.video.timeBase), sync: flags.startsWith('K'), guessed: Number.isNaN(pts) };
}

async function readPackets(media: Media, intervals: string, signal?: AbortSignal): Promise<ReadPacket[]> {
  const packets: ReadPacket[] = [];
  const run = await startTool('ffprobe', packetArguments(media, intervals), { pipes: 1, name: media.name, signal });
  const [pipe] = run.pipes;
  if (pipe) {
    for await (const line of linesOf(pipe)) {
      const packet = parsePacket(line, media);
      if (packet) packets.push(packet);
    }
  }
  await run.done;
  return packets;
}

function packetArguments(media: Pick<Media, 'path' | 'video'>, intervals: string): string[] {
  return [
    '-select_streams', String(media.video?.index ?? 'v:0'),
    ...(intervals ? ['-read_intervals', intervals] : []),
    '-show_entries', 'packet=pts,dts,flags', '-of', 'compact=p=0',
    ...inputOptions(), '-i', fileUrl(media.path),
  ];
}

/** Runs around neighbouring cuts overlap: a frame read twice counts once, where it was read first. */
function dedupe(packets: readonly ReadPacket[]): FramePacket[] {
  const seen = new Set<number>();
  return packets.flatMap(({ time, sync }) => {
    if (seen.has(time)) return [];
    seen.add(time);
    return [{ time, sync }];
  });
}

/** Presentation times, ascending, of the video's packets in [from, to). */
export async function frameTimes(media: Media, from: Flicks, to: Flicks, signal?: AbortSignal): Promise<Flicks[]> {
  const early = toSeconds(from) - 1;
  const range = `${early > toSeconds(media.startTime) ? early.toFixed(6) : ''}%${(toSeconds(to) + 1).toFixed(6)}`;
  const packets = await readPackets(media, range, signal);
  const half = FLICKS_PER_SECOND / 200_000;
  return packets.map((packet) => packet.time).filter((time) => time >= from - half && time < to - half).sort((a, b) => a - b).map(flicks);
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
