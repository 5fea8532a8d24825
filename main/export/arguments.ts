/** Arguments of the ffmpeg runs that carry a plan out; made from plain data, without ffmpeg. */
import type { AudioStream, Media, VideoStream } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND, toSeconds, type Flicks, type Rational } from '../../shared/time.ts';
import { fileUrl, inputOptions } from '../media/process.ts';
import { burnFilter, type BurnedScript } from './burn.ts';
import { audioStreams, canHoldVideo, containerFacts, subtitlesFor, type Container } from './containers.ts';
import { embeddedInputs, embeddedMaps, embeddedOptions, type EmbeddedStream } from './embed.ts';
import { audioArguments, encodedPixelFormat, needsEvenSize, videoArguments, videoEncoder } from './encoders.ts';
import type { ExportSegment } from './plan.ts';
import { pictureTimeBase, shownMedia } from './styled.ts';

/** A time that falls between two packets is compared with this margin, seconds: less than any tick in use. */
const MARGIN = 5e-6;
/** Seconds read before and after the segment: packets of other streams lie near, and seeking is by decode times. */
const READ_MARGIN = 1;

/** Files with an index are sought by it; in others a search by time may land after the frame wanted. */
const INDEXED = /mp4|matroska|webm/;

/** Nearest tick of `base` (seconds a tick) to a time. */
export function toTicks(time: Flicks, base: Rational): number {
  return Math.round((time / FLICKS_PER_SECOND) * (base.den / base.num));
}

/** A tick of Matroska and WebM, as ffmpeg writes them: a millisecond. */
const MATROSKA_TICK = FLICKS_PER_SECOND / 1000;

/** The time that a packet of `time` gets in the container, where its ticks are coarser than the sources'; halves go away from zero, as ffmpeg's. */
export function storedTime(time: Flicks, container: Container): Flicks {
  if (!hasMilliseconds(container)) return time;
  return flicks(Math.sign(time) * Math.round(Math.abs(time) / MATROSKA_TICK) * MATROSKA_TICK);
}

function hasMilliseconds(container: Container): boolean {
  const { muxer } = containerFacts(container);
  return muxer === 'matroska' || muxer === 'webm';
}

const seconds = (time: Flicks): string => toSeconds(time).toFixed(9);

/**
 * Opens a source so that reading begins at `from` or before, with the file's own times kept (`-copyts`, and seeking by those
 * times rather than from the file's first). `upright`: frames are turned as the file says; else the output says it again.
 */
export function openSource(media: Media, from: Flicks | null, upright = false): string[] {
  const early = INDEXED.test(media.format) ? 0 : READ_MARGIN;
  const at = from === null ? -1 : toSeconds(from) - early;
  const seek = at > toSeconds(media.startTime) ? ['-seek_timestamp', '1', '-ss', at.toFixed(9), '-noaccurate_seek'] : [];
  return ['-copyts', ...(upright ? [] : ['-noautorotate']), ...seek, ...inputOptions(), '-i', fileUrl(media.path)];
}

/** Ends reading after the segment and makes its start zero for every stream. */
function placeInTime(segment: ExportSegment): string[] {
  return ['-to', (toSeconds(segment.to) + READ_MARGIN).toFixed(9), '-output_ts_offset', `${-toSeconds(segment.from)}`];
}

/** `tags`: of the whole file, beside or in place of the source's. `chapters`: number of the input that has them. */
export function outputArguments(container: Container, path: string, chapters: number | null = null, tags: Tags = {}): string[] {
  const { muxer, editLists } = containerFacts(container);
  const stated = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
  const movie = editLists ? ['-avoid_negative_ts', 'disabled', '-movflags', '+faststart'] : [];
  return ['-map_metadata', '0', '-map_chapters', String(chapters ?? -1), ...stated, ...movie, '-f', muxer, fileUrl(path)];
}

/** Metadata of a file, by ffmpeg's names. */
export type Tags = Readonly<Record<string, string>>;

/** The input that chapters are read from, after all others. */
export function chaptersInput(path: string | null | undefined): string[] {
  return path ? [...inputOptions(), '-f', 'ffmetadata', '-i', fileUrl(path)] : [];
}

/** Length of one packet of sound in seconds: samples a packet by codec. Two of them before the start let the decoder settle. */
function packetSeconds(stream: AudioStream): number {
  const samples: Record<string, number> = { aac: 1024, mp3: 1152, mp2: 1152, ac3: 1536, eac3: 1536, vorbis: 1024, alac: 4096, flac: 4608, opus: 960 };
  const count = (samples[stream.codec] ?? 0) * (stream.profile?.startsWith('HE') ? 2 : 1);
  return count / Math.max(1, stream.sampleRate);
}

/**
 * Seconds a unit of the times that a packet filter sees, as an expression. Before version 6, ffmpeg gives it the output's times but
 * calls them by the input's time base; then the unit must be known here.
 */
function packetUnit(container: Container, stream: VideoStream | AudioStream | null, outputUnits: boolean): string | null {
  if (!outputUnits) return null;
  if (hasMilliseconds(container)) return '1/1000';
  if (!containerFacts(container).editLists || !stream) return null;
  return stream.kind === 'video' ? `1/${stream.timeBase.den}` : `1/${stream.sampleRate}`;
}

/** Keeps only packets shown in [from, to): told by their times, so that neither seeking nor rounding moves the cut. */
function keepPackets(specifier: string, from: number, to: number, unit: string | null): string[] {
  const time = `pts*${unit ?? 'tb'}`;
  return [`-bsf:${specifier}`, `noise=drop='lt(${time},${(from - MARGIN).toFixed(9)})+gte(${time},${(to - MARGIN).toFixed(9)})'`];
}

/** Bounds of a segment in seconds as its packets' times have to be compared with them: those of Matroska, where output units are met, are rounded already. */
function packetBounds({ from, to }: ExportSegment, container: Container, outputUnits: boolean): [from: number, to: number] {
  const bound = (time: Flicks): number => toSeconds(outputUnits ? storedTime(time, container) : time);
  return [bound(from), bound(to)];
}

/**
 * Keeps the subtitles that begin in [from, to). One that is on screen already would need a time before zero, which pushes every
 * stream back in Matroska and is misread in MP4.
 */
function keepSubtitles(count: number, from: number, to: number, container: Container, outputUnits: boolean): string[] {
  const unit = packetUnit(container, null, outputUnits);
  return Array.from({ length: count }, (_, i) => keepPackets(`s:${i}`, from, to, unit)).flat();
}

export interface CopyOptions {
  preroll: boolean;
  /** See `packetUnit`: true for ffmpeg 5 and older. */
  outputUnits: boolean;
  /** Caption streams put after the source's own. */
  embedded?: readonly EmbeddedStream[];
  /** ffmpeg's metadata file of the output's chapters; they are in the output's own time. */
  chapters?: string | null;
  /** Metadata of the whole file. */
  tags?: Tags;
}

/**
 * Stream copy of a segment that begins at a sync frame. Leading frames of an open group (shown before it, stored after it)
 * are left out. Where the container hides preroll (edit lists), sound begins two packets early so that it decodes from the start;
 * not in parts that will be joined, where it would overlap the part before.
 */
export function copyArguments(segment: ExportSegment, media: Media, container: Container, path: string, options: CopyOptions): string[] {
  const video = canHoldVideo(container) ? media.video : null;
  const audio = audioStreams(media);
  const { outputUnits } = options;
  const [from, to] = packetBounds(segment, container, outputUnits);
  const timescale = containerFacts(container).editLists && video ? ['-video_track_timescale', String(video.timeBase.den)] : [];
  const preroll = options.preroll && containerFacts(container).editLists && video ? 2 : 0;
  const subtitles = subtitlesFor(container, media);
  const embedded = options.embedded ?? [];
  return [
    ...openSource(media, segment.decodeFrom ?? segment.from),
    ...embeddedInputs(embedded, segment.from),
    ...chaptersInput(options.chapters),
    ...mapStreams(video && `0:${video.index}`, audio, subtitles),
    ...embeddedMaps(embedded, 1),
    '-c', 'copy',
    ...subtitles.flatMap(({ codec }, i) => [`-c:s:${i}`, codec]),
    ...embeddedOptions(embedded, subtitles.length),
    '-copypriorss', '1',
    ...(video ? [...keepPackets('v', from, to, packetUnit(container, video, outputUnits)), ...timescale] : []),
    ...audio.flatMap((stream, i) => keepPackets(`a:${i}`, from - preroll * packetSeconds(stream), to, packetUnit(container, stream, outputUnits))),
    ...keepSubtitles(subtitles.length, from, to, container, outputUnits),
    ...(video?.codec === 'hevc' && container !== 'mkv' ? ['-tag:v', 'hvc1'] : []),
    ...placeInTime(segment),
    ...outputArguments(container, path, options.chapters ? 1 + embedded.length : null, options.tags),
  ];
}

/** `video`: input and stream of the pictures. */
function mapStreams(video: string | null, audio: readonly AudioStream[], subtitles: ReturnType<typeof subtitlesFor>): string[] {
  const others = [...audio.map(({ index }) => index), ...subtitles.map(({ stream }) => stream.index)].map((index) => `0:${index}`);
  return [...(video === null ? [] : [video]), ...others].flatMap((stream) => ['-map', stream]);
}

/** Filters that keep the frames of [from, to) by their own times; a picture held over the start is shown from there on. */
export function frameFilter(segment: ExportSegment, timeBase: Rational): string {
  const from = toTicks(segment.held ?? segment.from, timeBase);
  const trim = `settb=expr=${timeBase.num}/${timeBase.den},trim=start_pts=${from}:end_pts=${toTicks(segment.to, timeBase)}`;
  return segment.held === null ? trim : `${trim},setpts=max(PTS\\,${toTicks(segment.from, timeBase)})`;
}

/** Filters that keep the samples of [from, to). */
export function sampleFilter(segment: ExportSegment, sampleRate: number): string {
  const base = { num: 1, den: sampleRate };
  return `asettb=expr=1/${sampleRate},atrim=start_pts=${toTicks(segment.from, base)}:end_pts=${toTicks(segment.to, base)}`;
}

/**
 * Exact segment: decoded from the sync frame before, the frames and samples of the range encoded with their own times. With captions
 * drawn in, the picture is turned upright first. Pictures that were rendered come from their own file, all else from the source.
 */
export function encodeArguments(segment: ExportSegment, media: Media, container: Container, path: string, options: CopyOptions & { burned?: BurnedScript | null }): string[] {
  const video = canHoldVideo(container) ? shownMedia(segment, media).video : null;
  const audio = audioStreams(media);
  const subtitles = subtitlesFor(container, media);
  const burned = options.burned ?? null;
  const embedded = options.embedded ?? [];
  const { rendered } = segment;
  const renderedInput = 1 + embedded.length + (options.chapters ? 1 : 0);
  return [
    ...openSource(media, segment.decodeFrom ?? (video ? null : segment.from), burned !== null),
    ...embeddedInputs(embedded, segment.from),
    ...chaptersInput(options.chapters),
    ...(rendered ? openSource(rendered, null, true) : []),
    ...mapStreams(video && (rendered?.video ? `${renderedInput}:${rendered.video.index}` : `0:${video.index}`), audio, subtitles),
    ...embeddedMaps(embedded, 1),
    ...(video ? pictureArguments(segment, video, container, burned) : []),
    ...audio.flatMap((stream, i) => [`-filter:a:${i}`, sampleFilter(segment, stream.sampleRate), ...audioArguments(stream, container, i)]),
    ...subtitles.flatMap(({ codec }, i) => [`-c:s:${i}`, codec]),
    ...embeddedOptions(embedded, subtitles.length),
    ...keepSubtitles(subtitles.length, ...packetBounds(segment, container, options.outputUnits), container, options.outputUnits),
    ...(containerFacts(container).editLists ? [] : primingDropped(segment, audio, container)),
    ...placeInTime(segment),
    ...outputArguments(container, path, options.chapters ? 1 + embedded.length : null, options.tags),
  ];
}

function pictureArguments(segment: ExportSegment, video: VideoStream, container: Container, burned: BurnedScript | null): string[] {
  const odd = video.width % 2 === 1 || video.height % 2 === 1;
  const even = odd && needsEvenSize(encodedPixelFormat(video, videoEncoder(video, container)));
  const timeBase = pictureTimeBase(segment, video);
  const from = toTicks(segment.from, timeBase);
  const drawn = burned ? [`setpts=PTS-(${from})`, burnFilter(burned, video.hasAlpha), `setpts=PTS+(${from})`] : [];
  const filters = [frameFilter(segment, timeBase), ...(even ? ['crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0'] : []), ...drawn];
  return [
    '-filter:v', filters.join(','),
    '-fps_mode', 'passthrough',
    '-enc_time_base:v', `${video.timeBase.num}/${video.timeBase.den}`,
    ...videoArguments(video, container),
  ];
}

/**
 * Matroska has no edit lists: the packet of priming that an AAC or MP3 encoder writes before its first sample would push every
 * stream back. Without it the first 20 ms fade in.
 */
function primingDropped(segment: ExportSegment, audio: readonly AudioStream[], container: Container): string[] {
  if (container !== 'mkv' && container !== 'mka') return [];
  return audio.flatMap((stream, i) => {
    const encoder = audioArguments(stream, container, i)[1];
    return encoder === 'aac' || encoder === 'libmp3lame' ? [`-bsf:a:${i}`, `noise=drop='lt(pts*tb,${seconds(segment.from)}-0.004)'`] : [];
  });
}
