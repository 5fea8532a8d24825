import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonEventSchema, type JsonEvent } from '../../shared/jsonEvents.ts';
import { CommandLine, finished, hashOf, jsonLines, processesOn } from './testing/command.ts';

const BIKES = join(import.meta.dirname, '../../e2e/media/bikes.mp4');
let folder: string;
let film: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-interrupt-'));
  commandLine = await CommandLine.build();
  film = at('film.mkv');
  writeFileSync(at('list'), `file '${BIKES}'\n`.repeat(2));
  // A little smaller and with its own bytes, so that no other test's results are found for it.
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'concat', '-safe', '0', '-i', at('list'), '-vf', 'scale=320:-2', '-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', film]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One data folder for all: what was measured of the machine is kept in it. */
const data = (): { data: string } => ({ data: at('data') });
const analyzing = (...options: string[]): string[] => ['analyze', '--json', '--stages', 'shots', ...options, film];
const analyze = (...options: string[]): ChildProcess => commandLine.start(analyzing(...options), data());

/** Reads a child's events until `enough`, without ending it. */
async function readUntil(child: ChildProcess, enough: (event: JsonEvent) => boolean): Promise<void> {
  if (!child.stdout) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (enough(jsonEventSchema.parse(JSON.parse(line)))) break;
  child.stdout.resume();
}

async function gone(text: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (processesOn(text).length === 0) return true;
    await pause(50);
  }
  return false;
}

const parse = (stdout: string): JsonEvent[] => jsonLines(stdout).map((line) => jsonEventSchema.parse(line));
const shotsOf = (events: JsonEvent[]): JsonEvent[] => events.filter((event) => event.type === 'shot');

describe('an analysis that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it within moments, with code 130, no words and nothing left running', async (signal) => {
    const before = hashOf(film);
    const child = analyze('--no-cache');
    await readUntil(child, (event) => event.type === 'progress');
    const ending = finished(child);
    child.kill(signal);
    expect(await ending).toMatchObject({ code: 130, signal: null, stderr: '' });
    expect(processesOn(film)).toEqual([]);
    expect(hashOf(film)).toBe(before);
  }, 120_000);

  it('SIGKILL: nothing keeps running, and the next run goes on from the last stored piece to the same result', async () => {
    const child = analyze();
    let last = 0;
    await readUntil(child, (event) => {
      if (event.type === 'shot') last = event.endFrame;
      return last > 180;
    });
    const ending = finished(child);
    child.kill('SIGKILL');
    expect(await ending).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(await gone(film)).toBe(true);

    const again = async (...options: string[]): Promise<JsonEvent[]> => parse((await commandLine.run(analyzing(...options), data())).stdout);
    const [resumed, whole] = [await again(), await again('--no-cache')];
    expect(shotsOf(resumed)).toEqual(shotsOf(whole));
    expect(shotsOf(whole).length).toBeGreaterThan(8);
    const begun = (events: JsonEvent[]): number => events.find((event) => event.type === 'progress')?.done ?? 0;
    expect(begun(resumed)).toBeGreaterThan(80);
    expect(resumed.at(-1)).toMatchObject({ type: 'done', frames: 500, cached: false });
  }, 400_000);
});

describe('a cut that is stopped', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('%s leaves no half file under the asked name, and after the next run none at all, but the whole one', async (signal) => {
    const out = at(`cut-${signal}.mp4`);
    const args = (range: string): string[] => ['cut', film, '--range', range, '--mode', 'exact', '--out', out];
    const child = commandLine.start(args('0-20'), data());
    const ending = finished(child);
    while (!readdirSync(folder).some((name) => name.includes(`cut-${signal}.partial`))) await pause(10);
    await pause(50);
    child.kill(signal);
    const { code } = await ending;
    expect(code).toBe(signal === 'SIGINT' ? 130 : null);
    expect(existsSync(out)).toBe(false);
    expect(await gone(film)).toBe(true);
    if (signal === 'SIGINT') expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    expect((await commandLine.run(args('0-2'), data())).code).toBe(0);
    expect(existsSync(out)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  }, 120_000);
});
