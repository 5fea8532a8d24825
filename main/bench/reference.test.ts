import { describe, expect, it } from 'vitest';
import { compareScenes, f1, plainScores, scenesOf } from './reference.ts';
import { SMALL_BYTES } from '../analysis/smallFrames.ts';
import type { ModelSession } from '../inference/types.ts';

describe('the reference', () => {
  it('makes scenes of scores: the first flagged frame ends a scene, the first clear one begins the next', () => {
    expect(scenesOf([0, 0, 0.9, 0, 0, 0.6, 0.7, 0, 0])).toEqual([{ first: 0, last: 2 }, { first: 3, last: 5 }, { first: 7, last: 8 }]);
    expect(scenesOf([0, 0, 0])).toEqual([{ first: 0, last: 2 }]);
    expect(scenesOf([0, 0.4, 0], 0.3)).toHaveLength(2);
  });

  it('allows two frames of difference, no more, and matches each once', () => {
    const cutAfter = (...frames: number[]): { first: number; last: number }[] => [...frames, 999].map((last, i) => ({ first: i === 0 ? 0 : (frames[i - 1] ?? 0) + 1, last }));
    for (const shift of [-2, -1, 0, 1, 2]) expect(compareScenes(cutAfter(100), cutAfter(100 + shift)).hits).toBe(1);
    for (const shift of [-3, 3]) expect(compareScenes(cutAfter(100), cutAfter(100 + shift))).toMatchObject({ hits: 0, missed: [[100, 101]], extra: [[100 + shift, 101 + shift]] });
    expect(compareScenes(cutAfter(100, 200), cutAfter(100, 101))).toMatchObject({ hits: 1, missed: [[200, 201]], extra: [[101, 102]] });
    expect(f1({ hits: 3, missed: [[0, 1]], extra: [[5, 6]] })).toBe(0.75);
  });

  it('steps by 50 and keeps the middle of each window', async () => {
    const windows: number[] = [];
    const session: ModelSession = {
      model: 'counting', provider: 'cpu', close: () => Promise.resolve(),
      run: ({ frames }) => {
        windows.push(frames?.data[25 * SMALL_BYTES] as number);
        const scores = Float32Array.from({ length: 100 }, (_, i) => i);
        return Promise.resolve({ single: { type: 'float32', dims: [1, 100], data: scores } });
      },
    };
    const film = new Uint8Array(120 * SMALL_BYTES);
    for (let i = 0; i < 120; i++) film.fill(i, i * SMALL_BYTES, (i + 1) * SMALL_BYTES);
    const scores = await plainScores(film, session);
    expect(windows).toEqual([0, 50, 100]);
    expect([scores[0], scores[49], scores[50], scores[119]]).toEqual([25, 74, 25, 44]);
  });
});
