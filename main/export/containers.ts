/** Which container an export is written to, and what that container can hold. */
import { extname } from 'node:path';
import type { AudioStream, Media, OtherStream, VideoStream } from '../../shared/media.ts';

export const CONTAINERS = ['mp4', 'mov', 'mkv', 'webm', 'm4a', 'mka', 'mp3', 'flac', 'wav', 'ogg'] as const;
export type Container = (typeof CONTAINERS)[number];

interface ContainerFacts {
  /** ffmpeg's name of the muxer. */
  muxer: string;
  extensions: readonly string[];
  /** Codecs that may be copied in; null for any. */
  video: ReadonlySet<string> | null;
  audio: ReadonlySet<string> | null;
  subtitles: ReadonlySet<string> | null;
  /** Codec that text subtitles are turned into when they can't be copied; null when there is none. */
  textSubtitles: string | null;
  /** Edit lists: decoder preroll and priming are hidden, and a stream may begin before zero. */
  editLists: boolean;
}

const ISO_VIDEO = ['h264', 'hevc', 'av1', 'vp9', 'mpeg4', 'mpeg2video', 'mpeg1video', 'mjpeg'];
const ISO_AUDIO = ['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac'];
const QUICKTIME_PCM = ['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_f32be', 'pcm_u8', 'pcm_s8'];
const none: ReadonlySet<string> = new Set();
const set = (...names: string[]): ReadonlySet<string> => new Set(names);

const FACTS: Record<Container, ContainerFacts> = {
  mp4: { muxer: 'mp4', extensions: ['mp4', 'm4v'], video: set(...ISO_VIDEO), audio: set(...ISO_AUDIO), subtitles: set('mov_text'), textSubtitles: 'mov_text', editLists: true },
  mov: {
    muxer: 'mov',
    extensions: ['mov', 'qt'],
    video: set(...ISO_VIDEO.filter((codec) => codec !== 'av1' && codec !== 'vp9'), 'prores', 'dnxhd', 'dvvideo', 'qtrle', 'rawvideo', 'png', 'v210', 'cfhd'),
    audio: set('aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', ...QUICKTIME_PCM),
    subtitles: set('mov_text'),
    textSubtitles: 'mov_text',
    editLists: true,
  },
  mkv: { muxer: 'matroska', extensions: ['mkv'], video: null, audio: null, subtitles: set('subrip', 'ass', 'ssa', 'webvtt', 'hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle'), textSubtitles: 'subrip', editLists: false },
  webm: { muxer: 'webm', extensions: ['webm'], video: set('vp8', 'vp9', 'av1'), audio: set('opus', 'vorbis'), subtitles: set('webvtt'), textSubtitles: 'webvtt', editLists: false },
  m4a: { muxer: 'ipod', extensions: ['m4a'], video: none, audio: set('aac', 'alac'), subtitles: none, textSubtitles: null, editLists: true },
  mka: { muxer: 'matroska', extensions: ['mka'], video: none, audio: null, subtitles: none, textSubtitles: null, editLists: false },
  mp3: { muxer: 'mp3', extensions: ['mp3'], video: none, audio: set('mp3'), subtitles: none, textSubtitles: null, editLists: false },
  flac: { muxer: 'flac', extensions: ['flac'], video: none, audio: set('flac'), subtitles: none, textSubtitles: null, editLists: false },
  wav: { muxer: 'wav', extensions: ['wav'], video: none, audio: set('pcm_s16le', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_u8'), subtitles: none, textSubtitles: null, editLists: false },
  ogg: { muxer: 'ogg', extensions: ['ogg', 'oga', 'opus'], video: none, audio: set('opus', 'vorbis', 'flac'), subtitles: none, textSubtitles: null, editLists: false },
};

export function containerFacts(container: Container): ContainerFacts {
  return FACTS[container];
}

/** The container that a file name asks for; null when its extension is none that is written. */
export function containerForPath(path: string): Container | null {
  const extension = extname(path).slice(1).toLowerCase();
  return CONTAINERS.find((container) => FACTS[container].extensions.includes(extension)) ?? null;
}

/** Extension, without the dot, that an export of this media gets. */
export function extensionFor(container: Container): string {
  return FACTS[container].extensions[0] ?? container;
}

/** The source's own container where it is one that is written, else the most widely read one that holds its streams. */
export function containerFor(media: Media): Container {
  const extension = extname(media.name).slice(1).toLowerCase();
  const formats = media.format.split(',');
  if (!media.video) return audioContainerFor(media, formats);
  if (formats.includes('mp4')) return extension === 'mov' || extension === 'qt' ? 'mov' : 'mp4';
  if (formats.includes('webm')) return 'webm';
  if (formats.includes('matroska')) return 'mkv';
  return fits('mp4', media) ? 'mp4' : 'mkv';
}

function audioContainerFor(media: Media, formats: readonly string[]): Container {
  const simple = (['mp3', 'flac', 'wav', 'ogg'] as const).find((format) => formats.includes(format));
  const candidates: Container[] = [...(simple ? [simple] : []), 'm4a'];
  return candidates.find((container) => fits(container, media)) ?? 'mka';
}

function fits(container: Container, media: Media): boolean {
  const { video, audio } = FACTS[container];
  return (!media.video || holds(video, media.video.codec)) && audioStreams(media).every((stream) => holds(audio, stream.codec));
}

function holds(codecs: ReadonlySet<string> | null, codec: string): boolean {
  return codecs === null || codecs.has(codec);
}

export function holdsVideo(container: Container, stream: VideoStream): boolean {
  return holds(FACTS[container].video, stream.codec);
}
export function holdsAudio(container: Container, stream: AudioStream): boolean {
  return holds(FACTS[container].audio, stream.codec);
}
export function canHoldVideo(container: Container): boolean {
  return FACTS[container].video?.size !== 0;
}

export function audioStreams(media: Media): AudioStream[] {
  return media.streams.filter((stream): stream is AudioStream => stream.kind === 'audio');
}

const TEXT_SUBTITLES: ReadonlySet<string> = new Set(['subrip', 'mov_text', 'ass', 'ssa', 'webvtt', 'text']);

/** Subtitle streams that the container can take, each with the codec to write ("copy" where it fits as it is). */
export function subtitlesFor(container: Container, media: Media): { stream: OtherStream; codec: string }[] {
  const { subtitles, textSubtitles } = FACTS[container];
  return media.streams.flatMap((stream) => {
    if (stream.kind !== 'subtitle' || stream.codec === null) return [];
    if (holds(subtitles, stream.codec)) return [{ stream, codec: 'copy' }];
    return textSubtitles && TEXT_SUBTITLES.has(stream.codec) ? [{ stream, codec: textSubtitles }] : [];
  });
}
