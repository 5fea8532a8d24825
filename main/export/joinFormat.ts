/** The one format that joined clips are encoded to: the first clip's. */
import type { Media } from '../../shared/media.ts';
import type { Rational } from '../../shared/time.ts';
import { audioStreams, canHoldVideo, type Container } from './containers.ts';

export interface JoinVideo {
  /** The clip that the format comes from. */
  like: Media;
  /** Pixels, even. */
  width: number;
  height: number;
  frameRate: Rational;
  /** Seconds a tick of the joined stream. */
  timeBase: Rational;
  /** Frame times are kept as they are, not put on the grid of `frameRate`. */
  variableRate: boolean;
}

export interface JoinAudio {
  like: Media;
  sampleRate: number;
  channels: number;
  /** ffmpeg's name: "mono", "stereo", "5.1"… */
  layout: string;
}

export interface JoinFormat {
  video: JoinVideo | null;
  /** One entry an audio stream of the result. */
  audio: JoinAudio[];
}

const LAYOUTS: Record<number, string> = { 1: 'mono', 2: 'stereo', 3: '2.1', 4: 'quad', 5: '5.0', 6: '5.1', 7: '6.1', 8: '7.1' };

/** ffmpeg's name of a stream's channel layout, told from the number of channels when the file does not say. */
export function layoutOf(stream: { channels: number; channelLayout: string | null }): string {
  const { channels, channelLayout } = stream;
  if (channelLayout && /^[\w.()-]+$/.test(channelLayout) && channelLayout !== 'unknown') return channelLayout;
  return LAYOUTS[channels] ?? `${channels}c`;
}

/**
 * Picture from the first clip that has one (upright, square pixels), sound streams from the first clip that has sound. Clips without
 * a picture get black, clips without sound silence.
 */
export function joinFormat(clips: readonly Media[], container: Container): JoinFormat {
  const pictured = canHoldVideo(container) ? clips.find((media) => media.video !== null) : undefined;
  const sounding = clips.find((media) => media.audio !== null);
  return {
    video: pictured ? joinVideo(pictured) : null,
    audio: sounding
      ? audioStreams(sounding).map((stream) => ({ like: sounding, sampleRate: stream.sampleRate, channels: stream.channels, layout: layoutOf(stream) }))
      : [],
  };
}

function joinVideo(media: Media): JoinVideo | null {
  const { video } = media;
  if (!video) return null;
  const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);
  return {
    like: media,
    width: even(video.displayWidth),
    height: even(video.displayHeight),
    frameRate: video.frameRate,
    timeBase: video.timeBase,
    variableRate: video.variableRate,
  };
}
