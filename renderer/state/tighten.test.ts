import { describe, expect, it } from 'vitest';
import { tightenSettingsSchema, type TightenSettings } from '../../shared/settings.ts';
import { toSeconds } from '../../shared/time.ts';
import { someCue } from '../testing/captions.ts';
import { settle } from '../testing/engine-end.ts';
import { setUpSpoken } from '../testing/spoken.ts';
import { TightenState } from './tighten.svelte.ts';

/** Loud from 1 to 3 s and from 8 s on, silent else: 100 triples of min, max and rms a second. */
function peaks(): Float32Array {
  const samples = new Float32Array(2000 * 3);
  for (let bucket = 0; bucket < 2000; bucket += 1) {
    const loud = (bucket >= 100 && bucket < 300) || bucket >= 800;
    samples.set(loud ? [-0.5, 0.5, 0.3] : [0, 0, 0], bucket * 3);
  }
  return samples;
}

async function setUp() {
  const spoken = setUpSpoken([someCue('a', 1, 'So um yes.'), someCue('b', 8, 'This goes on.')]);
  const { engine, end, captions, edit, player, toasts, entry } = spoken;
  let settings: TightenSettings = tightenSettingsSchema.parse({});
  let shown = true;
  const tighten = new TightenState(engine, captions, edit, player, toasts, { entry: () => entry, settings: () => settings, save: (next) => (settings = next), shown: () => shown });
  const reading = tighten.read();
  await settle();
  end.reply({ kind: 'result', id: end.asked('waveform').at(-1)?.id, result: { samples: peaks(), bucketsPerSecond: 100, total: 2000, complete: true } });
  await reading;
  return { ...spoken, tighten, hide: () => (shown = false) };
}

describe('TightenState', () => {
  it('finds silences with their margins and fillers, in order, with the time saved', async () => {
    const { tighten } = await setUp();
    expect(tighten.removals.map(({ kind }) => kind)).toEqual(['silence', 'filler', 'silence']);
    const long = tighten.removals[2];
    expect(toSeconds(long?.start ?? tighten.left)).toBeCloseTo(3.2, 2);
    expect(toSeconds(long?.end ?? tighten.left)).toBeCloseTo(7.8, 2);
    expect(toSeconds(tighten.saved)).toBeGreaterThan(5);
  });

  it('takes out only what is chosen, in one step, and lists it no more', async () => {
    const { tighten, edit } = await setUp();
    const [first, filler, second] = tighten.removals;
    tighten.choose([first?.id ?? '', second?.id ?? ''], false);
    expect(tighten.chosen.map(({ id }) => id)).toEqual([filler?.id]);
    expect(tighten.apply()).toBe(true);
    expect(edit.clips).toHaveLength(2);
    expect(tighten.removals.map(({ id }) => id)).toEqual([first?.id, second?.id]);
    expect(tighten.apply()).toBe(false);
    edit.undo();
    expect(edit.clips).toHaveLength(0);
    expect(tighten.removals).toHaveLength(3);
  });

  it('takes out one by itself whether it is chosen or not', async () => {
    const { tighten, edit } = await setUp();
    const long = tighten.removals[2];
    if (!long) throw new Error('no silence');
    tighten.choose([long.id], false);
    const before = toSeconds(tighten.left);
    expect(tighten.apply([long])).toBe(true);
    expect(before - toSeconds(tighten.left)).toBeCloseTo(4.6, 1);
    expect(edit.clips).toHaveLength(2);
  });
});
