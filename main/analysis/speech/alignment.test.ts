import { expect, test } from 'vitest';
import { alignTokens } from './alignment.ts';

const HEADS = 3;

/** Attention that looks at [starts[i], starts[i + 1]) for token i, over noise; one head looks nowhere. */
function attention(starts: readonly number[], frames: number): Float32Array[] {
  let state = 7;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? frames;
    return Float32Array.from({ length: HEADS * frames }, (_, at) => {
      const frame = at % frames;
      const looks = at < 2 * frames && frame >= start && frame < end;
      return 0.002 * random() + (looks ? 1 / (end - start) : 0);
    });
  });
}

test('finds where each token begins', () => {
  const starts = [0, 20, 31, 60, 100, 140, 170];
  alignTokens(attention(starts, 200), HEADS).forEach((frame, i) => expect(Math.abs(frame - (starts[i] ?? 0)), `token ${i}`).toBeLessThanOrEqual(2));
});

test('begins never go back, also for more tokens than frames', () => {
  const found = alignTokens(attention([0, 1, 2, 2, 3, 4, 4, 4], 5), HEADS);
  expect(found).toHaveLength(8);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
});

test('nothing gives nothing', () => {
  expect(alignTokens([], HEADS)).toEqual([]);
});
