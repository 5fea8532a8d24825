/**
 * Which moments are worth showing, and a reel of them. Pure and quick enough to follow a slider: the window calls both at every
 * movement of a weight.
 */
export { scoreMoments, SHORT_MOMENT } from './score.ts';
export { makeReel, type ReelOptions } from './reel.ts';
