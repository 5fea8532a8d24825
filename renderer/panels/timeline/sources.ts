import type { EngineClient } from '../../bridge/engine.ts';
import type { MediaId } from '../../../shared/media.ts';
import { createPictureSource, createThumbSource, createWaveformSource, FILM_HEIGHT } from '../../timeline/sources.ts';
import type { PictureSource, ThumbSource, WaveformSource } from '../../timeline/types.ts';

export interface TimelineSources {
  readonly thumbs: ThumbSource;
  readonly pictures: PictureSource;
  readonly waveform: WaveformSource;
  dispose(): void;
}

/** Where the timeline gets one media's pictures and peaks from: the engine. */
export function openSources(engine: EngineClient, media: MediaId): TimelineSources {
  const height = Math.min(720, Math.round(FILM_HEIGHT * window.devicePixelRatio));
  const thumbs = createThumbSource((request, signal) => engine.call('thumbnails', { media, ...request }, signal), height);
  const pictures = createPictureSource((picture, signal) => engine.call('picture', { media, picture }, signal), height);
  const waveform = createWaveformSource((request, signal) => engine.call('waveform', { media, ...request }, signal));
  return {
    thumbs,
    pictures,
    waveform,
    dispose: () => {
      thumbs.dispose();
      pictures.dispose();
      waveform.dispose();
    },
  };
}
