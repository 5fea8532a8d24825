/**
 * Makers of the timeline's picture and waveform sources out of three loaders, so that the window only says how to
 * ask the engine. Loaders get an AbortSignal and reject when it fires; a rejected load is simply asked for again
 * when it is next on the screen.
 */
export type { ThumbLoader } from './thumbs.ts';
export { createThumbSource } from './thumbs.ts';
export type { PictureLoader } from './pictures.ts';
export { createPictureSource } from './pictures.ts';
export type { WaveformLoader } from './waveform.ts';
export { createWaveformSource } from './waveform.ts';
export { FILM_HEIGHT } from './rows.ts';
