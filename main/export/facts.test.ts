import { beforeAll, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { probeMedia } from '../media/probe.ts';
import { cleanCutAfter, cutPointAt, syncFrameBefore } from './cutPoints.ts';
import { gatherFacts } from './facts.ts';
import { at } from './testMedia.ts';

let bikes: Media;
beforeAll(async () => {
  bikes = await probeMedia('e2e/media/bikes.mp4');
});

it('near cuts, read in one run, and a far one are told as each alone; what lies between is not read', async () => {
  const cuts = [1, 2.52, 9].map(at);
  const { packets, syncTimes, parameters } = await gatherFacts(bikes, cuts);
  for (const cut of cuts) {
    const alone = await gatherFacts(bikes, [cut], { alone: true });
    expect(cutPointAt(cut, packets, 0)).toEqual(cutPointAt(cut, alone.packets, 0));
    expect(cleanCutAfter(cut, packets, 0)).toEqual(cleanCutAfter(cut, alone.packets, 0));
    expect(syncFrameBefore(cut, syncTimes)).toBe(syncFrameBefore(cut, alone.syncTimes));
    expect(alone.parameters).toBe('');
  }
  expect(parameters).toContain('h264');
  const times = packets.map(({ time }) => time);
  expect(new Set(times).size).toBe(times.length);
  expect(times.filter((time) => time >= at(1) && time < at(2.52))).toHaveLength(38);
  expect(times.filter((time) => time > at(4.7) && time < at(5.2))).toEqual([]);
});
