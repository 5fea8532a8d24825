import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applauseIn, laughterIn } from './reactions.ts';
import { CELL_SAMPLES, SoundMeter, type SoundCell } from './soundMeasures.ts';
import { applause, hiss, joined, laughter, mixed, music, wavOf } from './testSounds.ts';
import { CLIPS } from '../../inference/testRuntime.ts';

const QUIET_SECONDS = 10;
const never = (): boolean => false;
const LIKELY = 0.3;

function cellsOf(sound: Float32Array): SoundCell[] {
  const meter = new SoundMeter();
  return Array.from({ length: Math.floor(sound.length / CELL_SAMPLES) }, (_, cell) => meter.measure(sound.subarray(cell * CELL_SAMPLES, (cell + 1) * CELL_SAMPLES)));
}

/** Share of the cells that are taken for each reaction, between two quiet stretches. */
function rates(sound: Float32Array): { applause: number; laughter: number } {
  const quiet = hiss(QUIET_SECONDS, -60);
  const cells = cellsOf(joined(quiet, sound, quiet));
  const from = 2 * QUIET_SECONDS;
  const to = from + Math.floor(sound.length / CELL_SAMPLES);
  const share = (values: readonly number[]): number => values.slice(from, to).filter((value) => value > LIKELY).length / (to - from);
  return { applause: share(applauseIn(cells, never)), laughter: share(laughterIn(cells, never)) };
}

const soundOf = (...input: string[]): Float32Array => {
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...input, '-ac', '1', '-ar', '16000', '-f', 'f32le', '-'], { maxBuffer: 1e8 });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 4)));
};
const hasFlite = execFileSync('ffmpeg', ['-v', 'error', '-filters'], { encoding: 'utf8' }).includes(' flite ');
const TALK = 'Good morning everybody. Today we look at the budget for next year. The first thing to notice is that costs have gone up, mostly because of energy. Any questions so far?';

describe('reactions', () => {
  it.each([5, 20, 100, 500])('applause of %d pairs of hands', (hands) => {
    expect(rates(applause(6, hands, -18))).toEqual({ applause: 1, laughter: 0 });
  });

  it('applause in a dull, echoing room, coded at 48 kbit/s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rushes-applause-'));
    const [clean, coded] = [join(folder, 'clean.wav'), join(folder, 'coded.m4a')];
    writeFileSync(clean, wavOf(applause(6, 60, -20)));
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', clean, '-af', 'aecho=0.8:0.7:23|37|61|97:0.5|0.4|0.3|0.2,lowpass=3500', '-ar', '48000', '-c:a', 'aac', '-b:a', '48k', coded]);
    const found = rates(soundOf('-i', coded));
    rmSync(folder, { recursive: true });
    expect(found.applause).toBeGreaterThan(0.9);
  });

  it.each([4.4, 5, 6])('laughter of %d calls a second', (beats) => {
    const found = rates(laughter(4, beats, -18));
    expect(found.laughter).toBeGreaterThanOrEqual(0.75);
    expect(found.applause).toBe(0);
  });

  it('are not found in a real speech, nor over its own hiss', () => {
    const speech = soundOf('-i', join(CLIPS, 'jfk.flac'));
    expect(rates(speech)).toEqual({ applause: 0, laughter: 0 });
    expect(rates(mixed(speech, hiss(speech.length / 16_000, -50)))).toEqual({ applause: 0, laughter: 0 });
  });

  it.skipIf(!hasFlite).each(['kal', 'slt', 'rms'])('are not found in the voice %s', (voice) => {
    expect(rates(soundOf('-f', 'lavfi', '-i', `flite=voice=${voice}:text='${TALK}'`))).toEqual({ applause: 0, laughter: 0 });
  });

  it('are not found in music, a tone, silence, or noise that goes on for the whole recording', () => {
    for (const level of [-30, -15]) expect(rates(joined(new Float32Array(1000), music(20, level)))).toEqual({ applause: 0, laughter: 0 });
    expect(rates(soundOf('-f', 'lavfi', '-i', 'sine=f=440:d=10'))).toEqual({ applause: 0, laughter: 0 });
    expect(rates(new Float32Array(160_000))).toEqual({ applause: 0, laughter: 0 });
    const fan = cellsOf(hiss(30, -35));
    expect(applauseIn(fan, never).every((value) => value === 0)).toBe(true);
  });

  it('count half where somebody talks over applause, and talk is no laughter', () => {
    const cells = cellsOf(joined(hiss(10, -60), applause(6, 100, -18), laughter(4, 5, -18), hiss(10, -60)));
    const alone = applauseIn(cells, never);
    const under = applauseIn(cells, () => true);
    expect(under[24]).toBeCloseTo((alone[24] ?? 0) / 2, 6);
    expect(laughterIn(cells, () => true).every((value) => value === 0)).toBe(true);
  });
});
