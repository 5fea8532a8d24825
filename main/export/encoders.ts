/** How pictures and sound are encoded: as close to the source as the container allows. Arguments for ffmpeg, made without it. */
import type { AudioStream, Colour, VideoStream } from '../../shared/media.ts';
import type { Container } from './containers.ts';

/** What the encoder needs to know of the picture; a source's stream, or the format of joined clips. */
export type PictureLike = Pick<VideoStream, 'codec' | 'profile' | 'width' | 'height' | 'pixelFormat' | 'bitDepth' | 'hasAlpha' | 'hdr' | 'colour' | 'fieldOrder'>;

const X264_FORMATS = ['yuv420p', 'yuvj420p', 'yuv422p', 'yuvj422p', 'yuv444p', 'yuvj444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'gray', 'gray10le'];
const X265_FORMATS = [...X264_FORMATS, 'yuv420p12le', 'yuv422p12le', 'yuv444p12le', 'gray12le'];
const VP9_FORMATS = ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'yuva420p'];
const PRORES_FORMATS = ['yuv422p10le', 'yuv444p10le', 'yuva444p10le'];

const FULL_HD_PIXELS = 1920 * 1088;

export type VideoCodec = 'libx264' | 'libx265' | 'libvpx-vp9' | 'prores_ks';

/** Encoder of an exact cut: HEVC stays HEVC where it carries 10 bits or HDR, ProRes stays ProRes, WebM gets VP9, transparency in QuickTime ProRes, the rest H.264. */
export function videoEncoder(picture: PictureLike, container: Container): VideoCodec {
  if (container === 'webm') return 'libvpx-vp9';
  if (picture.hasAlpha && container === 'mov') return 'prores_ks';
  if (picture.codec === 'prores' && (container === 'mov' || container === 'mkv')) return 'prores_ks';
  if (picture.hdr !== 'none' || picture.bitDepth > 10) return 'libx265';
  return picture.codec === 'hevc' && picture.bitDepth > 8 ? 'libx265' : 'libx264';
}

/** The source's pixel format where the encoder takes it, else the nearest it takes. */
export function encodedPixelFormat(picture: PictureLike, encoder: VideoCodec): string {
  const format = picture.pixelFormat ?? 'yuv420p';
  const formats = { libx264: X264_FORMATS, libx265: X265_FORMATS, 'libvpx-vp9': VP9_FORMATS, prores_ks: PRORES_FORMATS }[encoder];
  if (formats.includes(format)) return format;
  if (encoder === 'prores_ks') return picture.hasAlpha ? 'yuva444p10le' : /444/.test(format) ? 'yuv444p10le' : 'yuv422p10le';
  if (encoder === 'libvpx-vp9' && picture.hasAlpha) return 'yuva420p';
  const chroma = /444|gbr|rgb|bgr/.test(format) ? '444' : /422|yuyv|uyvy/.test(format) ? '422' : '420';
  return picture.bitDepth > 8 ? `yuv${chroma}p10le` : `yuv${chroma}p`;
}

/** True when both sides of the picture must be even: each chroma sample covers two pixels. */
export function needsEvenSize(pixelFormat: string): boolean {
  return /420|422|nv12/.test(pixelFormat);
}

/**
 * Visually lossless: x264 at CRF 14 and x265 at CRF 15 keep PSNR above 40 dB on film; VP9's scale is coarser, 12 is its like. Presets:
 * what two cores can do near real time at the source's size.
 */
export function videoArguments(picture: PictureLike, container: Container): string[] {
  const encoder = videoEncoder(picture, container);
  const pixelFormat = encodedPixelFormat(picture, encoder);
  return ['-c:v', encoder, '-pix_fmt', pixelFormat, ...qualityArguments({ ...picture, pixelFormat }, encoder, container), ...colourArguments(picture.colour)];
}

function qualityArguments(picture: PictureLike, encoder: VideoCodec, container: Container): string[] {
  const large = picture.width * picture.height > FULL_HD_PIXELS;
  switch (encoder) {
    case 'libx264':
      return ['-preset', large ? 'superfast' : 'veryfast', '-crf', '14', ...interlaceArguments(picture.fieldOrder)];
    case 'libx265':
      return ['-preset', large ? 'ultrafast' : 'superfast', '-crf', '15', '-x265-params', 'log-level=error:repeat-headers=0', ...(container === 'mkv' ? [] : ['-tag:v', 'hvc1'])];
    case 'libvpx-vp9':
      return ['-deadline', 'good', '-cpu-used', '5', '-row-mt', '1', '-crf', '12', '-b:v', '0'];
    case 'prores_ks':
      return ['-profile:v', /444/.test(picture.pixelFormat ?? '') ? '4444' : 'hq', '-vendor', 'apl0'];
  }
}

/** Interlaced sources stay interlaced; ffprobe's field orders are "tt", "bb", "tb", "bt". */
function interlaceArguments(fieldOrder: string | null): string[] {
  return fieldOrder && /^[tb]{2}$/.test(fieldOrder) ? ['-flags', '+ilme+ildct'] : [];
}

function colourArguments(colour: Colour): string[] {
  const known = (option: string, value: string | null): string[] => (value && !/^(unknown|reserved|unspecified)$/.test(value) ? [option, value] : []);
  return [
    ...known('-color_primaries', colour.primaries),
    ...known('-color_trc', colour.transfer),
    ...known('-colorspace', colour.space),
    ...known('-color_range', colour.range),
  ];
}

/** Codecs that are encoded by their own encoder again, where the container takes them. */
const AUDIO_ENCODERS: Record<string, string> = {
  aac: 'aac', mp3: 'libmp3lame', ac3: 'ac3', eac3: 'eac3', flac: 'flac', alac: 'alac', opus: 'libopus', vorbis: 'libvorbis',
};

const PREFERRED: Record<Container, readonly string[]> = {
  mp4: ['aac', 'ac3', 'eac3', 'alac', 'opus', 'flac'],
  mov: ['aac', 'ac3', 'eac3', 'alac', 'pcm'],
  mkv: ['aac', 'ac3', 'eac3', 'flac', 'opus', 'vorbis', 'mp3', 'alac', 'pcm'],
  webm: ['opus', 'vorbis'],
  m4a: ['aac', 'alac'],
  mka: ['aac', 'ac3', 'eac3', 'flac', 'opus', 'vorbis', 'mp3', 'alac', 'pcm'],
  mp3: ['mp3'],
  flac: ['flac'],
  wav: ['pcm'],
  ogg: ['opus', 'vorbis', 'flac'],
};

/** PCM formats that are kept as they are; others become 24 bit. */
const PCM = /^pcm_(s16le|s16be|s24le|s24be|s32le|s32be|f32le|f32be)$/;

/**
 * Arguments of the n-th audio stream of the output: the source's own codec again where the container takes it (lossless stays
 * lossless), else the container's first. Bit rates: 96 kbit/s a channel, at least the source's where it was higher.
 */
export function audioArguments(stream: Pick<AudioStream, 'codec' | 'channels' | 'bitRate' | 'sampleRate'>, container: Container, index: number): string[] {
  const family = stream.codec.startsWith('pcm_') ? 'pcm' : stream.codec;
  const chosen = PREFERRED[container].includes(family) ? family : (PREFERRED[container][0] ?? 'aac');
  if (chosen === 'pcm') {
    const little = stream.codec.replace(/be$/, container === 'wav' ? 'le' : 'be');
    return [`-c:a:${index}`, PCM.test(little) ? little : 'pcm_s24le'];
  }
  const encoder = AUDIO_ENCODERS[chosen] ?? 'aac';
  if (chosen === 'flac' || chosen === 'alac') return [`-c:a:${index}`, encoder];
  return [`-c:a:${index}`, encoder, `-b:a:${index}`, String(bitRate(chosen, stream))];
}

const HIGHEST_BIT_RATE: Record<string, number> = { aac: 768_000, mp3: 320_000, ac3: 640_000, eac3: 1_536_000, opus: 510_000, vorbis: 500_000 };

function bitRate(codec: string, stream: Pick<AudioStream, 'channels' | 'bitRate'>): number {
  const channels = Math.max(1, stream.channels);
  const wanted = Math.max(96_000 * channels, stream.bitRate ?? 0);
  const limit = Math.min(HIGHEST_BIT_RATE[codec] ?? wanted, 256_000 * channels);
  return Math.min(wanted, limit);
}
