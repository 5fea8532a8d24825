import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkPacker, LONGEST_GAP, type ChunkRange } from './chunks.ts';
import { StretchFinder, STRETCH_RULES, type Stretch } from './stretches.ts';
import { SPEECH_RATE } from './types.ts';
import { VAD_FRAME } from './vad.ts';

const FRAME = VAD_FRAME / SPEECH_RATE;

/** Probabilities from [seconds, probability] pairs. */
function frames(...parts: [number, number][]): number[] {
  return parts.flatMap(([seconds, probability]) => Array.from({ length: Math.round(seconds / FRAME) }, () => probability));
}

function stretchesOf(probabilities: readonly number[], levels: readonly number[] = []): Stretch[] {
  const finder = new StretchFinder(0);
  const found = probabilities.flatMap((probability, index) => finder.push(probability, levels[index] ?? -20) ?? []);
  return [...found, ...[finder.finish(probabilities.length * VAD_FRAME) ?? []].flat()];
}

function chunksOf(stretches: readonly Stretch[]): ChunkRange[] {
  const packer = new ChunkPacker();
  return [...stretches.flatMap((stretch) => packer.push(stretch) ?? []), ...[packer.finish() ?? []].flat()];
}

const seconds = (samples: number): number => samples / SPEECH_RATE;

describe('stretches', () => {
  it('end after half a second of silence, are padded, and bridge shorter silences and doubtful frames', () => {
    const found = stretchesOf(frames([2, 0.01], [1, 0.9], [0.3, 0.05], [1, 0.4], [2, 0.02], [0.1, 0.9], [1, 0.02]));
    expect(found).toHaveLength(1);
    expect(seconds(found[0]?.start ?? 0)).toBeCloseTo(2 - STRETCH_RULES.pad, 1);
    expect(seconds(found[0]?.end ?? 0)).toBeCloseTo(4.3 + STRETCH_RULES.pad, 1);
  });

  it('without a pause are cut where speech is least likely, and lose nothing', () => {
    const found = stretchesOf(frames([20, 0.95], [0.2, 0.6], [20, 0.95]));
    expect(found).toHaveLength(2);
    expect(seconds(found[0]?.end ?? 0)).toBeGreaterThanOrEqual(20);
    expect(seconds(found[0]?.end ?? 0)).toBeLessThanOrEqual(20.2);
    expect(found[1]?.start).toBe(found[0]?.end);
    expect([found[0]?.cutAfter, found[1]?.cutBefore]).toEqual([true, true]);
  });

  it('equally likely throughout are cut where it is quietest', () => {
    const probabilities = frames([40, 0.95]);
    const levels = probabilities.map((_, index) => (Math.abs(index * FRAME - 22) < 0.06 ? -45 : -20));
    expect(seconds(stretchesOf(probabilities, levels)[0]?.end ?? 0)).toBeCloseTo(22, 1);
  });
});

it('chunks hold all speech in order, at most 28 s, no gap above 3 s', () => {
  const parts = fc.array(fc.tuple(fc.double({ min: 0.1, max: 45, noNaN: true }), fc.constantFrom(0.02, 0.2, 0.45, 0.97)), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(parts, (given) => {
      const probabilities = frames(...given);
      const stretches = stretchesOf(probabilities);
      const chunks = chunksOf(stretches);
      expect(chunks.flatMap((chunk) => chunk.stretches)).toEqual(stretches);
      let last = 0;
      for (const { start, end, stretches: inside } of chunks) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end - start).toBeLessThanOrEqual(STRETCH_RULES.longest * SPEECH_RATE);
        for (const [index, stretch] of inside.entries()) {
          expect(stretch.start - (inside[index - 1]?.end ?? start)).toBeLessThanOrEqual(LONGEST_GAP * SPEECH_RATE);
          expect(stretch.end).toBeGreaterThan(stretch.start);
        }
        last = end;
      }
      // Whatever is surely speech and no click is in some stretch.
      let run = 0;
      probabilities.forEach((probability, frame) => {
        run = probability >= STRETCH_RULES.begins ? run + 1 : 0;
        if (run * FRAME <= STRETCH_RULES.shortest + FRAME) return;
        const sample = frame * VAD_FRAME;
        expect(stretches.some(({ start, end }) => start <= sample && sample < end)).toBe(true);
      });
    }),
    { numRuns: 60 },
  );
});

describe('the first chunk of a media ends early', () => {
  const first = (probabilities: readonly number[]): { chunk: ChunkRange | null; rest: number } => {
    const [finder, packer] = [new StretchFinder(0, true), new ChunkPacker(true)];
    for (const [index, probability] of probabilities.entries()) {
      const stretch = finder.push(probability, -20);
      const chunk = (stretch ? packer.push(stretch) : null) ?? packer.advance(finder.settled);
      if (chunk) return { chunk, rest: seconds((index + 1) * VAD_FRAME) };
    }
    return { chunk: packer.finish(), rest: Infinity };
  };

  it('at the first pause after six seconds of speech, as soon as that is heard', () => {
    const { chunk, rest } = first(frames([1, 0.01], [4, 0.9], [1, 0.01], [3, 0.9], [1, 0.01], [20, 0.9], [2, 0.01]));
    expect(seconds(chunk?.end ?? 0)).toBeCloseTo(9 + STRETCH_RULES.pad, 1);
    expect(rest).toBeLessThan(10);
  });

  it('and without a pause where speech is least likely in what fits', () => {
    const { chunk } = first(frames([8, 0.95], [0.2, 0.6], [30, 0.95]));
    expect(seconds(chunk?.end ?? 0)).toBeGreaterThan(7.9);
    expect(seconds(chunk?.end ?? 0)).toBeLessThan(8.3);
  });
});
