import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';
import { Fixtures, ffmpegBytes, sample } from './testing/fixtures.ts';
import { coarserLevel, PeakReader, readWaveform, waveformLevels } from './waveform.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

async function readAll(media: Media): Promise<Float32Array> {
  const parts: number[] = [];
  for await (const chunk of readWaveform(media)) {
    expect(chunk.first * 3).toBe(parts.length);
    for (const value of chunk.samples) parts.push(value);
  }
  return Float32Array.from(parts);
}
const bucket = (samples: Float32Array, index: number) => [...samples.slice(index * 3, index * 3 + 3)];

describe('peaks', () => {
  test('of real speech are those of its samples', async () => {
    const media = await probeMedia(sample('jfk.flac'));
    const samples = await readAll(media);
    expect(samples.length / 3).toBe(1100);
    const rate = media.audio?.sampleRate ?? 0;
    const pcm = await ffmpegBytes(['-i', media.path, '-c:a', 'pcm_f32le', '-f', 'f32le']);
    expect(media.audio?.channels).toBe(2);
    const mixed = (sample: number): number => (pcm.readFloatLE(sample * 8) + pcm.readFloatLE(sample * 8 + 4)) / 2;
    for (const index of [0, 123, 700, 1099]) {
      const values = Array.from({ length: rate / 100 }, (_, i) => mixed(index * (rate / 100) + i));
      const [min, max, rms] = bucket(samples, index);
      expect(min).toBeCloseTo(Math.min(...values), 4);
      expect(max).toBeCloseTo(Math.max(...values), 4);
      expect(rms).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length), 4);
    }
  });

  test('silence, then a constant', async () => {
    const samples = await readAll(await probeMedia(await fixtures.get('silence-tone.wav')));
    expect(samples.length / 3).toBe(200);
    expect(bucket(samples, 50)).toEqual([0, 0, 0]);
    expect(bucket(samples, 150)).toEqual([0.5, 0.5, 0.5]);
  });

  test('audio that begins late keeps to the clock', async () => {
    const samples = await readAll(await probeMedia(await fixtures.get('late-audio.mp4')));
    const loud = Array.from({ length: samples.length / 3 }, (_, i) => (samples[i * 3 + 2] ?? 0) > 0.02);
    expect(loud.indexOf(true)).toBeGreaterThanOrEqual(97);
    expect(loud.indexOf(true)).toBeLessThanOrEqual(103);
  });

  test('no audio, cancel, leaving early', async () => {
    await expect(readAll(await probeMedia(await fixtures.get('video-only.mp4')))).rejects.toMatchObject({ code: 'no_such_stream' });
    const media = await probeMedia(sample('jfk.flac'));
    const cancel = new AbortController();
    const reading = (async () => {
      for await (const _ of readWaveform(media, { signal: cancel.signal })) cancel.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
    for await (const _ of readWaveform(media)) break;
    await expect.poll(() => runningChildren(), { timeout: 2000 }).toEqual([]);
  });
});

describe('levels', () => {
  test('however the stream is cut, the peaks are the same', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 50 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 11 }), (values, size, cut) => {
      const bytes = Buffer.from(Int16Array.from(values).buffer);
      const read = (step: number) => {
        const reader = new PeakReader(size);
        const chunks = [];
        for (let at = 0; at < bytes.length; at += step) chunks.push(...reader.push(bytes.subarray(at, at + step)));
        return [...chunks, ...reader.finish()].flatMap((chunk) => [...chunk.samples]);
      };
      const whole = read(bytes.length || 1);
      expect(read(cut)).toEqual(whole);
      expect(whole.length / 3).toBe(Math.ceil(values.length / size));
      const [first = 0, ...rest] = values.slice(0, size);
      if (values.length > 0) expect(whole.slice(0, 2)).toEqual([Math.min(first, ...rest) / 32768, Math.max(first, ...rest) / 32768]);
    }));
  });

  test('a coarser level holds the extremes of the finer and its energy', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.float({ min: -1, max: 0, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 70 }), (buckets) => {
      const fine = Float32Array.from(buckets.flat());
      const levels = waveformLevels(fine);
      expect(levels).toHaveLength(7);
      expect(levels.map((level) => level.length / 3)).toEqual(Array.from({ length: 7 }, (_, n) => Math.ceil(buckets.length / 4 ** n)));
      const top = levels[6];
      expect(top?.[0]).toBe(Math.fround(Math.min(...buckets.map((each) => each[0]))));
      expect(top?.[1]).toBe(Math.fround(Math.max(...buckets.map((each) => each[1]))));
    }));
    expect([...coarserLevel(Float32Array.from([-1, 1, 0.3, 0, 0.5, 0.1, -0.2, 0, 0.1, 0, 0, 0.3]))].map((value) => Number(value.toFixed(6)))).toEqual([-1, 1, Number(Math.sqrt(0.2 / 4).toFixed(6))]);
  });
});
