import { afterAll, beforeAll, expect, it } from 'vitest';
import { effectOf, painting } from '../../shared/style/effect.ts';
import { fromSeconds, ZERO } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { runningChildren } from '../media/process.ts';
import { frameTimes } from '../media/syncFrames.ts';
import { ffmpegBytes, Fixtures } from '../media/testing/fixtures.ts';
import { testContext } from './fakeStylist.ts';
import { renderClip } from './render.ts';
import { startStylist, type TestStylist } from './testStylist.ts';

let fixtures: Fixtures;
let styled: TestStylist;
beforeAll(async () => {
  fixtures = await Fixtures.open();
  styled = await startStylist();
}, 120_000);
afterAll(async () => {
  await styled.close();
  await fixtures.close();
});

it('renders a clip with the real painter: every frame is another, none is moved', { timeout: 180_000 }, async () => {
  const media = await probeMedia(await fixtures.get('vfr.mp4'));
  const end = fromSeconds(0.8);
  const context = testContext(fixtures.path('renders'), styled.stylist, [media], { inference: styled.inference });
  const running = renderClip(media, { media: media.id, start: ZERO, end, effect: effectOf(painting(5), ZERO), picture: null }, context);
  let next = await running.next();
  while (!next.done) next = await running.next();
  const times = (await frameTimes(media, ZERO, end)).filter((time) => time < end);
  expect(await frameTimes(next.value.media, fromSeconds(-1), fromSeconds(10))).toEqual(times);
  const pixels = (path: string) => ffmpegBytes(['-i', path, '-frames:v', String(times.length), '-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo']);
  const [own, made] = [await pixels(media.path), await pixels(next.value.path)];
  expect(made.length).toBe(own.length);
  const size = 320 * 240;
  for (let frame = 0; frame < times.length; frame += 1) {
    let sum = 0;
    for (let i = frame * size; i < (frame + 1) * size; i += 1) sum += Math.abs((own[i] ?? 0) - (made[i] ?? 0));
    expect(sum / size).toBeGreaterThan(8);
  }
  expect(runningChildren()).toEqual([]);
});
