/** The face styles on a real face: it alone changes, and it is followed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { all, differenceOf, drawn, lookOf, meanOf, pictured, startStylist, timed, WITHOUT_END, type TestStylist } from '../testStylist.ts';
import type { RgbFrame, StyleWarning } from '../types.ts';

let test: TestStylist;
beforeAll(async () => {
  test = await startStylist();
}, 60_000);
afterAll(() => test.close());

const ASTRONAUT = 'astronaut.jpg';
const FACES = ['face-sketch', 'face-ink', 'face-oil'] as const;

/** Mean change of a part of the picture, levels. */
function changeOf(before: RgbFrame, after: RgbFrame, left: number, top: number, right: number, bottom: number): number {
  const difference = (at: number): number => Math.abs((before.data[at] ?? 0) - (after.data[at] ?? 0));
  const change = drawn(right - left, bottom - top, (x, y) => {
    const at = ((y + top) * before.width + x + left) * 3;
    return [difference(at), difference(at + 1), difference(at + 2)];
  });
  return Math.max(...meanOf(change, 0, 0, change.width, change.height));
}

it.each(FACES)('%s changes the face and nothing else', async (id) => {
  const frame = pictured(ASTRONAUT, 512, 512);
  const { frame: result, faces } = await test.stylist.still(frame, lookOf({ id }), WITHOUT_END);
  expect(faces).toBe(1);
  expect(changeOf(frame, result, 190, 70, 260, 170)).toBeGreaterThan(12);
  expect(changeOf(frame, result, 0, 260, 512, 512)).toBe(0);
  expect(changeOf(frame, result, 320, 0, 512, 512)).toBe(0);
  expect(changeOf(frame, result, 0, 0, 110, 512)).toBe(0);
});

it('finds a face that is turned', async () => {
  const upright = pictured(ASTRONAUT, 512, 512);
  const turned = drawn(512, 512, (x, y) => {
    const [dx, dy] = [x - 224, y - 120];
    const [fromX, fromY] = [Math.round(224 + dx * 0.9 + dy * 0.436), Math.round(120 - dx * 0.436 + dy * 0.9)];
    const at = (Math.min(511, Math.max(0, fromY)) * 512 + Math.min(511, Math.max(0, fromX))) * 3;
    return [upright.data[at] ?? 0, upright.data[at + 1] ?? 0, upright.data[at + 2] ?? 0];
  });
  expect((await test.stylist.still(turned, lookOf({ id: 'face-oil' }), WITHOUT_END)).faces).toBe(1);
});

it('says that there is none, once, at the end', async () => {
  const warnings: StyleWarning[] = [];
  const empty = [drawn(96, 64, () => [90, 90, 90]), drawn(96, 64, () => [91, 90, 90])];
  const frames = await all(test.stylist.paint(timed(empty), lookOf({ id: 'face-ink' }), { ...WITHOUT_END, onWarning: (code) => warnings.push(code) }));
  expect(frames.map(({ data }) => data)).toEqual(empty.map(({ data }) => data));
  expect(warnings).toEqual(['no_face']);
});

it('stays steady on a face that stands still under noise, and goes when the shot ends', async () => {
  const still = pictured(ASTRONAUT, 512, 512);
  const noisy = (seed: number): RgbFrame => ({ ...still, data: still.data.map((value, at) => Math.min(255, Math.max(0, value + ((at * 7919 + seed * 104_729) % 7) - 3))) });
  const source = [noisy(1), noisy(2), noisy(3), noisy(4), drawn(512, 512, () => [80, 80, 80])];
  const frames = await all(test.stylist.paint(timed(source, [0, 4]), lookOf({ id: 'face-sketch' }), WITHOUT_END));
  const noise = differenceOf(source[2]?.data ?? new Uint8Array(), source[3]?.data ?? new Uint8Array());
  const [third, fourth] = [frames[2], frames[3]];
  if (!third || !fourth) throw new Error('frames are missing');
  expect(changeOf(third, fourth, 190, 70, 260, 170)).toBeLessThan(2 * noise);
  expect(frames[4]?.data).toEqual(source[4]?.data);
}, 60_000);

it('keeps a face for some frames while the detector misses it', async () => {
  const face = pictured(ASTRONAUT, 256, 256);
  const covered = drawn(256, 256, (x, y) => (x > 80 && x < 145 && y > 20 && y < 100 ? [200, 200, 200] : [face.data[(y * 256 + x) * 3] ?? 0, face.data[(y * 256 + x) * 3 + 1] ?? 0, face.data[(y * 256 + x) * 3 + 2] ?? 0]));
  const frames = await all(test.stylist.paint(timed([face, face, covered, face]), lookOf({ id: 'face-ink' }), WITHOUT_END));
  const [, , third] = frames;
  if (!third) throw new Error('frames are missing');
  expect(changeOf(covered, third, 90, 30, 135, 90)).toBeGreaterThan(5);
}, 60_000);
