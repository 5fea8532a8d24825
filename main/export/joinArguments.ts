/** Arguments for joined clips: parts in one format, sound uncompressed, then one stream out of all. */
import type { Media } from '../../shared/media.ts';
import { FLICKS_PER_SECOND, frameDuration, toSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { fileUrl, inputOptions } from '../media/process.ts';
import { chaptersInput, frameFilter, openSource, outputArguments, sampleFilter, storedTime, toTicks, type Tags } from './arguments.ts';
import { burnFilter, type BurnedScript } from './burn.ts';
import { audioStreams, subtitlesFor, type Container } from './containers.ts';
import { embeddedInputs, embeddedMaps, embeddedOptions, type EmbeddedStream } from './embed.ts';
import { audioArguments, encodedPixelFormat, videoArguments, videoEncoder } from './encoders.ts';
import type { JoinAudio, JoinFormat, JoinVideo } from './joinFormat.ts';
import type { ExportPlan, ExportSegment } from './plan.ts';
import { pictureTimeBase, shownMedia } from './styled.ts';

/** Parts are QuickTime: exact ticks, PCM, edit lists. It does not take VP9, so parts of a WebM are NUT, which takes all. */
export function partFormat(container: Container): { muxer: string; extension: string } {
  return container === 'webm' ? { muxer: 'nut', extension: 'nut' } : { muxer: 'mov', extension: 'mov' };
}

/** Samples of each part: rounded on the whole, so that no error adds up. */
export function partSamples(segments: readonly ExportSegment[], index: number, sampleRate: number): number {
  const at = (count: number): number => {
    const length = segments.slice(0, count).reduce((sum, { from, to }) => sum + to - from, 0);
    return Math.round((length / FLICKS_PER_SECOND) * sampleRate);
  };
  return at(index + 1) - at(index);
}

/** One part: the segment in the joined format, its times from zero, sound of exactly its length, captions drawn in. */
export function partArguments(plan: ExportPlan, index: number, format: JoinFormat, media: Media, path: string, burned: BurnedScript | null = null): string[] {
  const segment = plan.segments[index];
  if (!segment) throw new RangeError(`no segment ${index}`);
  const length = toSeconds((segment.to - segment.from) as Flicks);
  const { rendered } = segment;
  const video = format.video;
  const sources: string[] = [];
  const maps: string[] = [];
  const addSource = (filter: string): string => {
    sources.push('-f', 'lavfi', '-i', filter);
    return `${sources.filter((each) => each === 'lavfi').length + (rendered ? 1 : 0)}:0`;
  };
  const picture: string[] = [];
  if (video) {
    const black = `color=c=black:s=${video.width}x${video.height}:r=${video.frameRate.num}/${video.frameRate.den}:d=${length}`;
    maps.push('-map', media.video ? (rendered?.video ? `1:${rendered.video.index}` : `0:${media.video.index}`) : addSource(black));
    picture.push(...partPicture(segment, shownMedia(segment, media), video, plan.container, burned));
  }
  const own = audioStreams(media);
  const sound = format.audio.flatMap((audio, i) => {
    const stream = own[i];
    const samples = partSamples(plan.segments, index, audio.sampleRate);
    maps.push('-map', stream ? `0:${stream.index}` : addSource(`anullsrc=r=${audio.sampleRate}:cl=${audio.layout}`));
    const trim = stream ? `${sampleFilter(segment, stream.sampleRate)},asetpts=PTS-${toTicks(segment.from, { num: 1, den: stream.sampleRate })},` : '';
    return [`-filter:a:${i}`, `${trim}${exactLength(audio, samples)}`, `-c:a:${i}`, 'pcm_f32le'];
  });
  const { muxer } = partFormat(plan.container);
  // Upright pictures: what the container says of rotation can't differ inside one stream.
  const source = openSource(media, segment.decodeFrom ?? (media.video ? null : segment.from), true);
  return [...source, ...(rendered ? openSource(rendered, null, true) : []), ...sources, ...maps, ...picture, ...sound, '-t', String(length + 1), '-avoid_negative_ts', 'disabled', '-f', muxer, fileUrl(path)];
}

function exactLength({ sampleRate, layout }: JoinAudio, samples: number): string {
  return `aresample=${sampleRate}:async=1:first_pts=0,aformat=channel_layouts=${layout},apad=whole_len=${samples},atrim=end_sample=${samples}`;
}

function partPicture(segment: ExportSegment, media: Media, video: JoinVideo, container: Container, burned: BurnedScript | null): string[] {
  const like = video.like.video;
  if (!like) throw new Error('a joined picture is like a picture');
  const { width, height, timeBase, frameRate } = video;
  const filters: string[] = [];
  if (media.video) {
    const ticks = pictureTimeBase(segment, media.video);
    filters.push(frameFilter(segment, ticks), `setpts=PTS-${toTicks(segment.from, ticks)}`);
    const sameRate = frameDuration(media.video.frameRate) === frameDuration(frameRate);
    if (!video.variableRate && (!sameRate || media.video.variableRate)) filters.push(`fps=${frameRate.num}/${frameRate.den}:start_time=0`);
    filters.push(...fitted(media, width, height));
  }
  if (burned) filters.push(burnFilter(burned, like.hasAlpha));
  const pixelFormat = encodedPixelFormat(like, videoEncoder(like, container));
  filters.push(`format=${pixelFormat}`, `settb=expr=${timeBase.num}/${timeBase.den}`);
  return [
    '-filter:v', filters.join(','),
    '-fps_mode', 'passthrough',
    '-enc_time_base:v', `${timeBase.num}/${timeBase.den}`,
    ...videoArguments({ ...like, width, height, fieldOrder: null }, container),
  ];
}

/** Scaled to fit, square pixels, black bars around. Nothing when it fits as it is. */
function fitted(media: Media, width: number, height: number): string[] {
  const { video } = media;
  if (!video) return [];
  const square = video.sampleAspect.num === video.sampleAspect.den || video.sampleAspect.num === 0;
  if (square && video.displayWidth === width && video.displayHeight === height) return ['setsar=1'];
  return [
    'scale=w=trunc(iw*sar/2)*2:h=ih',
    'setsar=1',
    `scale=w=${width}:h=${height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
  ];
}

/**
 * The list that ffmpeg's concat demuxer reads. Lengths in microseconds, rounded on the whole. `container`: what the parts are in. A copy in Matroska counts from its
 * start rounded to a millisecond, so it is put later by what was added, and its frames are half a millisecond nearer to where they belong.
 */
export function concatList(names: readonly string[], segments: readonly ExportSegment[], container: Container): string {
  let length = 0;
  let written = 0;
  const lines = names.map((name, i) => {
    const segment = segments[i];
    const next = segments[i + 1];
    length += segment ? segment.to - segment.from : 0;
    const added = next?.how === 'copy' ? storedTime(next.from, container) - next.from : 0;
    const end = Math.round(((length + added) / FLICKS_PER_SECOND) * 1e6);
    const micro = end - written;
    written = end;
    return `file ${name}\nduration ${(micro / 1e6).toFixed(6)}\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}

/**
 * One stream out of the parts: pictures copied; sound encoded once over all (no format: copied with the parts, and so are the first
 * source's subtitles). Caption streams come after.
 */
export function concatArguments(list: string, plan: ExportPlan, path: string, embedded: readonly EmbeddedStream[] = [], chapters: string | null = null, tags: Tags = {}): string[] {
  const { format, container } = plan;
  const [first] = plan.sources;
  const subtitles = format || !first ? 0 : subtitlesFor(container, first).length;
  const sound = (format?.audio ?? []).flatMap((audio, i) => {
    const stream = audioStreams(audio.like)[i] ?? audioStreams(audio.like)[0];
    return stream ? audioArguments(stream, container, i) : [];
  });
  const hevc = format?.video?.like.video && videoEncoder(format.video.like.video, container) === 'libx265' && container !== 'mkv';
  return [
    '-copyts', ...inputOptions(), '-f', 'concat', '-i', fileUrl(list),
    ...embeddedInputs(embedded, ZERO), ...chaptersInput(chapters),
    '-map', '0', ...embeddedMaps(embedded, 1), '-c', 'copy', ...sound, ...embeddedOptions(embedded, subtitles), ...(hevc ? ['-tag:v', 'hvc1'] : []),
    ...outputArguments(container, path, chapters === null ? null : 1 + embedded.length, tags),
  ];
}
