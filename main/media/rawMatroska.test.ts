import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flicks, fromTicks, type Rational } from '../../shared/time.ts';
import { fileUrl, runningChildren, startTool, type ToolRun } from './process.ts';
import { RawFrameWriter, rawInput } from './rawMatroska.ts';
import { ffmpegBytes, Fixtures, probedTicks } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

function start(path: string, { num, den }: Rational, codec: string[]): Promise<ToolRun> {
  return startTool('ffmpeg', [...rawInput(), '-map', '0:v', '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`, ...codec, '-y', fileUrl(path)], { pipes: 0, input: true, name: 'raw', target: path });
}

describe('raw frames into ffmpeg', () => {
  it.each<[string, Rational]>([['1/90000', { num: 1, den: 90_000 }], ['1001/30000', { num: 1001, den: 30_000 }], ['1/15360', { num: 1, den: 15_360 }], ['1/1000', { num: 1, den: 1000 }], ['1/705600000', { num: 1, den: 705_600_000 }]])(
    'keep uneven times of %s exactly',
    async (_, base) => {
      const path = fixtures.path(`times-${base.den}.mov`);
      const run = await start(path, base, ['-c:v', 'qtrle', '-video_track_timescale', String(base.den)]);
      const writer = new RawFrameWriter(run, { width: 16, height: 8, pixels: 'rgb24', usualDuration: fromTicks(7, base) });
      const ticks = Array.from({ length: 30 }, (_unused, i) => i * 7 + ((i * i) % 5));
      for (const [i, tick] of ticks.entries()) await writer.write(fromTicks(tick, base), fromTicks(1, base), new Uint8Array(16 * 8 * 3).fill(i));
      await writer.end();
      expect(await probedTicks(path)).toEqual(ticks.map((tick) => tick * base.num));
    },
  );

  it.each(['rgb24', 'rgba'] as const)('keep their pixels: %s', async (pixels) => {
    const path = fixtures.path(`pixels-${pixels}.mov`);
    const run = await start(path, { num: 1, den: 25 }, ['-c:v', 'qtrle', '-pix_fmt', pixels === 'rgba' ? 'argb' : 'rgb24']);
    const writer = new RawFrameWriter(run, { width: 7, height: 5, pixels, usualDuration: flicks(28_224_000) });
    const frame = Uint8Array.from({ length: 7 * 5 * (pixels === 'rgba' ? 4 : 3) }, (_, i) => (i * 37) % 256);
    await writer.write(flicks(0), flicks(28_224_000), frame);
    await writer.end();
    expect(Buffer.compare(await ffmpegBytes(['-i', path, '-pix_fmt', pixels, '-f', 'rawvideo']), Buffer.from(frame))).toBe(0);
  });

  it('say why ffmpeg stopped reading', async () => {
    const run = await start(fixtures.path('nowhere/out.mov'), { num: 1, den: 25 }, ['-c:v', 'qtrle']);
    const writer = new RawFrameWriter(run, { width: 640, height: 480, pixels: 'rgb24', usualDuration: flicks(0) });
    const writing = (async () => {
      for (let i = 0; i < 50; i += 1) await writer.write(flicks(i * 28_224_000), flicks(0), new Uint8Array(640 * 480 * 3));
      await writer.end();
    })();
    await expect(writing).rejects.toMatchObject({ code: 'target_folder_missing' });
    expect(runningChildren()).toEqual([]);
  });
});
