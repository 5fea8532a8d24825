/** Pictures over pictures, byte for byte. */
import { describe, expect, it } from 'vitest';
import { blurredBehind } from './backgroundBlur.ts';
import { blended, withBackground, type Layer } from './blend.ts';
import { drawn, meanOf } from './testStylist.ts';

const source = drawn(20, 10, (x, y) => [60 + x, 120 + y, 100]);
const styled = drawn(20, 10, (x, y) => [150 - y, 90, 40 + 3 * x]);
const people = new Uint8Array(200).map((_, pixel) => (pixel % 20 < 10 ? 255 : 0));
const layer = (more: Partial<Layer> = {}): Layer => ({ strength: 1, keepColours: false, area: 'everything', alpha: null, ...more });
const luma = (r: number, g: number, b: number): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

describe('strength', () => {
  it('is the source at 0 and the style at 1, byte for byte', () => {
    expect(blended(source, styled, layer({ strength: 0 })).data).toEqual(source.data);
    expect(blended(source, styled, layer()).data).toEqual(styled.data);
    expect(blended(source, styled, layer({ area: 'people', alpha: new Uint8Array(200).fill(255) })).data).toEqual(styled.data);
  });

  it('lies half-way at one half', () => {
    const result = blended(source, styled, layer({ strength: 0.5 }));
    for (const at of [0, 31, 599]) expect(result.data[at]).toBe(Math.floor(((source.data[at] ?? 0) + (styled.data[at] ?? 0)) / 2 + 0.5));
  });
});

it('keeps the colours and takes the brightness', () => {
  const result = blended(source, styled, layer({ keepColours: true }));
  for (let at = 0; at < result.data.length; at += 3) {
    const [r = 0, g = 0, b = 0] = result.data.subarray(at, at + 3);
    const [sr = 0, sg = 0, sb = 0] = source.data.subarray(at, at + 3);
    const [tr = 0, tg = 0, tb = 0] = styled.data.subarray(at, at + 3);
    expect(Math.abs(luma(r, g, b) - luma(tr, tg, tb))).toBeLessThan(1);
    expect(Math.abs(b - luma(r, g, b) - (sb - luma(sr, sg, sb)))).toBeLessThan(1.5);
    expect(Math.abs(r - luma(r, g, b) - (sr - luma(sr, sg, sb)))).toBeLessThan(1.5);
  }
});

it('styles the people, or what is behind them', () => {
  const inFront = blended(source, styled, layer({ area: 'people', alpha: people }));
  const behind = blended(source, styled, layer({ area: 'background', alpha: people }));
  for (let pixel = 0; pixel < 200; pixel++) {
    const [one, other] = pixel % 20 < 10 ? [styled, source] : [source, styled];
    expect(inFront.data.subarray(pixel * 3, pixel * 3 + 3)).toEqual(one.data.subarray(pixel * 3, pixel * 3 + 3));
    expect(behind.data.subarray(pixel * 3, pixel * 3 + 3)).toEqual(other.data.subarray(pixel * 3, pixel * 3 + 3));
  }
});

describe('behind the people', () => {
  it('puts a colour and a picture', () => {
    expect(withBackground(source, people, { mode: 'colour', rgb: [1, 2, 3] }).data.subarray(57, 60)).toEqual(Uint8Array.of(1, 2, 3));
    const placed = withBackground(source, people, { mode: 'picture', pixels: styled.data });
    expect(placed.data.subarray(57, 60)).toEqual(styled.data.subarray(57, 60));
    expect(placed.data.subarray(0, 30)).toEqual(source.data.subarray(0, 30));
  });

  it('blurs evenly, without a darker border, and without the people in it', () => {
    const flat = drawn(200, 120, () => [90, 140, 200]);
    expect(new Set(blurredBehind(flat, new Uint8Array(24_000), 1).filter((_, at) => at % 3 === 1))).toEqual(new Set([140]));
    const person = drawn(200, 120, (x) => (x < 100 ? [250, 20, 20] : [20, 20, 250]));
    const alpha = new Uint8Array(24_000).map((_, pixel) => (pixel % 200 < 100 ? 255 : 0));
    const blurred = { width: 200, height: 120, data: blurredBehind(person, alpha, 1) };
    expect(meanOf(blurred, 101, 0, 200, 120)[0]).toBeLessThan(24);
  });

  it('spreads a point over the radius that was asked for', () => {
    const point = drawn(101, 101, (x, y) => (x === 50 && y === 50 ? [255, 255, 255] : [0, 0, 0]));
    const spread = blurredBehind(point, new Uint8Array(101 * 101), 0.5);
    expect(spread[(50 * 101 + 50) * 3]).toBeLessThan(60);
    expect(spread[(50 * 101 + 60) * 3]).toBe(0);
  });
});
