import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { fromSeconds, toSeconds } from '../../shared/time.ts';
import { decodePcm, PCM_RATE, type DecodePcmOptions } from './pcm.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-pcm-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PICTURE = ['-f', 'lavfi', '-i', 'color=c=gray:s=64x64:r=25:d=12'];
/** Half a second of tone that begins at 2 s and again at 6 s. */
const beeps = (rate: number, layout = 'mono'): string[] => {
  const one = `if(between(t,2,2.5)+between(t,6,6.5),0.5*sin(2*PI*700*t),0)`;
  const channels = layout === 'mono' ? 1 : 6;
  return ['-f', 'lavfi', '-i', `aevalsrc='${Array.from({ length: channels }, (_, channel) => (channels === 1 || channel === 2 ? one : '0')).join('|')}':s=${rate}:c=${layout}:d=8`];
};

async function made(name: string, ...args: string[]): Promise<Media> {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path]);
  return probeMedia(path);
}

async function heard(media: Media, options: DecodePcmOptions = {}): Promise<{ start: number; pcm: Float32Array }> {
  const blocks: Float32Array[] = [];
  let start: number | null = null;
  let next: number | null = null;
  for await (const block of decodePcm(media, options)) {
    start ??= toSeconds(block.start);
    if (next !== null) expect(block.start).toBe(next);
    next = block.start + (block.pcm.length * 705_600_000) / PCM_RATE;
    blocks.push(block.pcm);
  }
  return { start: start ?? 0, pcm: Float32Array.from(blocks.flatMap((block) => [...block])) };
}

/** Times at which sound begins after at least 0.2 s of silence. */
function onsets({ start, pcm }: { start: number; pcm: Float32Array }): number[] {
  const found: number[] = [];
  let last = -Infinity;
  for (const [index, value] of pcm.entries()) {
    if (Math.abs(value) < 0.05) continue;
    if (index - last > 0.2 * PCM_RATE) found.push(start + index / PCM_RATE);
    last = index;
  }
  return found;
}

describe('times of sound', () => {
  it.each([
    ['8 kHz', 'eight.wav', beeps(8000)],
    ['96 kHz', 'high.wav', beeps(96_000)],
    ['5.1 with speech in the centre', 'surround.wav', beeps(48_000, '5.1')],
    ['MP3, whose encoder adds a beginning', 'beeps.mp3', beeps(44_100)],
    ['AAC in MP4 beside a longer picture', 'short.mp4', [...PICTURE, ...beeps(48_000), '-c:a', 'aac']],
  ])('%s', async (_name, file, args) => {
    const media = await made(file, ...args);
    const found = onsets(await heard(media));
    expect(found).toHaveLength(2);
    expect(found[0]).toBeCloseTo(2, 1);
    expect((found[1] ?? 0) - (found[0] ?? 0)).toBeCloseTo(4, 2);
  });

  it('sound that starts 1.5 s after the picture is moved by that', async () => {
    const media = await made('late.mp4', ...PICTURE, '-itsoffset', '1.5', ...beeps(48_000), '-c:a', 'aac');
    const found = onsets(await heard(media));
    expect(found[0]).toBeCloseTo(3.5, 1);
    expect(found[1]).toBeCloseTo(7.5, 1);
  });

  it('a gap in the packets is silence', async () => {
    const media = await made('gap.mka', ...beeps(16_000), '-af', "aselect='not(between(t,3,5))'", '-c:a', 'pcm_s16le');
    const found = onsets(await heard(media));
    expect(found[0]).toBeCloseTo(2, 1);
    expect(found[1]).toBeCloseTo(6, 1);
  });

  it('begins anywhere, at the very sample', async () => {
    for (const [file, args] of [['seek.mp4', [...PICTURE, ...beeps(48_000), '-c:a', 'aac']], ['seek.mp3', beeps(44_100)]] as const) {
      const media = await made(file, ...args);
      const whole = await heard(media);
      const from = fromSeconds(toSeconds(media.startTime) + 5);
      const part = await heard(media, { from });
      expect(part.start).toBeCloseTo(toSeconds(from), 3);
      expect(onsets(part)[0]).toBeCloseTo(onsets(whole)[1] ?? 0, 2);
    }
  });
});

it('says that packets were spoilt and keeps the time of what follows', async () => {
  const media = await made('whole.mp4', ...PICTURE, ...beeps(48_000), '-c:a', 'aac', '-c:v', 'libx264', '-preset', 'ultrafast');
  const bytes = readFileSync(media.path);
  const packets = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'a', '-show_entries', 'packet=pts_time,pos,size', '-of', 'csv=p=0', media.path], { encoding: 'utf8' });
  for (const line of packets.trim().split('\n')) {
    const [time, size, position] = line.split(',').map(Number);
    if (time !== undefined && time > 3 && time < 4.5) bytes.fill(0xff, position, (position ?? 0) + (size ?? 0));
  }
  const path = join(folder, 'spoilt.mp4');
  writeFileSync(path, bytes);
  let damaged = 0;
  const found = onsets(await heard(await probeMedia(path), { onDamage: () => (damaged += 1) }));
  expect(damaged).toBe(1);
  expect(found.at(-1)).toBeCloseTo(6, 1);
  let complaints = 0;
  await heard(media, { onDamage: () => (complaints += 1) });
  expect(complaints).toBe(0);
});

it('a media without sound is told so', async () => {
  const media = await made('mute.mp4', ...PICTURE);
  await expect(heard(media)).rejects.toMatchObject({ code: 'no_such_stream' });
});

it('stops when the loop is left or the signal fires', async () => {
  const media = await made('long.wav', '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo', '-t', '900');
  for await (const block of decodePcm(media)) {
    expect(block.pcm.length).toBe(65_536);
    break;
  }
  const stop = new AbortController();
  const reading = heard(media, { signal: stop.signal });
  stop.abort();
  await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(runningChildren()).toEqual([]);
});
