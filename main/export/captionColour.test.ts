import { describe, expect, it } from 'vitest';
import { drawnColour } from './captionColour.ts';

describe('the colour to draw', () => {
  it('is the chosen one on a picture of the matrix that ffmpeg draws by', () => {
    for (const colour of ['#ffffff', '#000000', '#e8a33d']) {
      expect(drawnColour(colour, { hdr: 'none', colour: { space: 'smpte170m' } }, true)).toBe(colour);
      expect(drawnColour(colour, { hdr: 'none', colour: { space: 'bt709' } }, false)).toBe(colour);
    }
  });

  it('puts graphics white at 58 % in PQ and 75 % in HLG (ITU-R BT.2408), black stays black', () => {
    const on = (hdr: 'pq' | 'hlg', colour: string): number => parseInt(drawnColour(colour, { hdr, colour: { space: 'bt2020nc' } }, true).slice(1, 3), 16) / 255;
    expect(on('pq', '#ffffff')).toBeCloseTo(0.58, 2);
    expect(on('hlg', '#ffffff')).toBeCloseTo(0.75, 2);
    expect(on('pq', '#000000')).toBeLessThan(0.005);
    expect(on('hlg', '#000000')).toBe(0);
  });
});
