import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { findTools, forgetTools, hasFilters, inspectTools, majorOf, parseFilterList, setBinDir } from './ffmpeg.ts';
import { Fixtures } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());
afterEach(() => {
  vi.unstubAllEnvs();
  setBinDir(null);
});

async function fakeTool(folder: string, name: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho "${name} version ${version} Copyright"\n`);
  await chmod(path, 0o755);
  return path;
}

test('the environment goes before the bundled folder, the bundled folder before PATH', async () => {
  const bundled = fixtures.path('bundled');
  await fakeTool(bundled, 'ffmpeg', '7.1');
  await fakeTool(bundled, 'ffprobe', '7.1');
  setBinDir(bundled);
  vi.stubEnv('FFMPEG_BIN', '');
  vi.stubEnv('FFPROBE_BIN', '');
  expect((await findTools()).ffmpeg).toEqual({ path: join(bundled, 'ffmpeg'), version: '7.1', major: 7 });
  const own = await fakeTool(fixtures.path('own'), 'ffmpeg', '6.0-static');
  vi.stubEnv('FFMPEG_BIN', own);
  forgetTools();
  expect((await findTools()).ffmpeg).toEqual({ path: own, version: '6.0-static', major: 6 });
  expect((await findTools()).ffprobe.path).toBe(join(bundled, 'ffprobe'));
});

test('a candidate that does not run is passed over', async () => {
  vi.stubEnv('FFMPEG_BIN', fixtures.path('nowhere'));
  forgetTools();
  const { ffmpeg } = await findTools();
  expect(ffmpeg.path).not.toContain('nowhere');
  expect(ffmpeg.version).toMatch(/\d/);
});

test('ffprobe is found beside ffmpeg; without either the error names the tool', async () => {
  vi.stubEnv('PATH', fixtures.path('empty'));
  vi.stubEnv('FFPROBE_BIN', '');
  vi.stubEnv('FFMPEG_BIN', '');
  forgetTools();
  await expect(findTools()).rejects.toMatchObject({ code: 'ffmpeg_missing', params: { tool: 'ffmpeg' } });
  const folder = fixtures.path('pair');
  vi.stubEnv('FFMPEG_BIN', await fakeTool(folder, 'ffmpeg', 'n8.0'));
  await expect(findTools()).rejects.toMatchObject({ code: 'ffmpeg_missing', params: { tool: 'ffprobe' } });
  await fakeTool(folder, 'ffprobe', 'n8.0');
  expect(await inspectTools()).toMatchObject({ ffmpeg: { major: 8 }, ffprobe: { path: join(folder, 'ffprobe'), major: 8 } });
});

test('versions and filter lists of several builds', async () => {
  expect(['5.1.9-0+deb12u1', 'n7.1', '8.0', 'N-117770-gabc', 'git-2024-01-01'].map(majorOf)).toEqual([5, 7, 8, null, null]);
  const five = ' TSC scale             V->V       Scale the input video size.\n ... select            V->N       Select video frames.';
  const eight = ' TS scale             V->V       Scale.\n .. tonemap            V->V       Map.\n  | = Source or sink filter';
  expect([...parseFilterList(five)]).toEqual(['scale', 'select']);
  expect([...parseFilterList(eight)]).toEqual(['scale', 'tonemap']);
  forgetTools();
  expect(await hasFilters('scale', 'select', 'split')).toBe(true);
  expect(await hasFilters('scale', 'no_such_filter')).toBe(false);
});
