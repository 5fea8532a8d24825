/**
 * The installed app does the main job. Its fuses refuse Playwright's Electron driver, so Chromium's own debugging port
 * drives it. RUSHES_INSTALLED names the command (main/setup/package-check.mjs sets it).
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { getCurrentFuseWire, FuseV1Options } from '@electron/fuses';
import { copyMedia, environmentFor, makeHome, media, root } from './helpers/app.ts';
import { frameHashes } from './helpers/frames.ts';
import { outsideSockets } from './helpers/sockets.ts';

/** A fuse as it is written in the binary. */
const [OFF, ON] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];

const command = process.env.RUSHES_INSTALLED ?? '/usr/bin/rushes';
const installFolder = (): string => dirname(execFileSync('readlink', ['-f', command], { encoding: 'utf8' }).trim());

interface Running {
  process: ChildProcess;
  browser: Browser;
  page: Page;
}

/** Starts the installed app; the port it chose is written into its data folder. */
async function start(home: string, files: string[]): Promise<Running> {
  // Only this test, run as root on a build machine, goes without the sandbox.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(command, [...root, '--remote-debugging-port=0', ...files], { env: environmentFor(home), stdio: 'ignore' });
  const portFile = join(home, 'data', 'app', 'DevToolsActivePort');
  const port = (): string | undefined => {
    try {
      return readFileSync(portFile, 'utf8').split('\n')[0];
    } catch {
      return undefined;
    }
  };
  await expect.poll(port).toBeTruthy();
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port()}`);
  const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages());
  await expect.poll(() => pages().length).toBeGreaterThan(0);
  const [page] = pages();
  if (!page) throw new Error('the app has no page');
  return { process: child, browser, page };
}

async function stop({ process: child, browser }: Running): Promise<void> {
  await browser.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

test.describe('the command line', () => {
  const run = (...args: string[]) =>
    spawnSync(command, args, { env: { ...environmentFor(makeHome()), DISPLAY: '', WAYLAND_DISPLAY: '' }, encoding: 'utf8', maxBuffer: 2 ** 26 });

  test('doctor finds the models and an ffmpeg', () => {
    const { status, stdout } = run('doctor', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { ffmpeg: unknown; models: { id: string; state: string }[] };
    expect(report.ffmpeg).not.toBeNull();
    expect(report.models.length).toBeGreaterThan(3);
    expect(report.models.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  test('analyze gives what the checkout gives', () => {
    const shots = (text: string): unknown[] => text.split('\n').filter((line) => line.startsWith('{"type":"shot"')).map((line): unknown => JSON.parse(line));
    const installed = run('analyze', media('bikes.mp4'), '--json');
    expect(installed.status).toBe(0);
    const ours = spawnSync(process.execPath, [join(root, 'dist', 'main', 'cli.js'), 'analyze', media('bikes.mp4'), '--stages', 'shots', '--json'], { env: environmentFor(makeHome()), encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(shots(installed.stdout).length).toBeGreaterThan(4);
    expect(shots(installed.stdout)).toEqual(shots(ours.stdout));
  });

  test('transcribe writes down what is said', () => {
    const { status, stdout, stderr } = run('transcribe', media('jfk.flac'));
    expect(stderr).toContain('22 words');
    expect(status).toBe(0);
    expect(stdout.replace(/\n/g, ' ')).toMatch(/fellow Americans,? .*ask not .*what you can do .*for your country/i);
  });

  test('captions are burned in with the font of the package', () => {
    const home = makeHome();
    writeFileSync(join(home, 'talk.srt'), '1\n00:00:00,000 --> 00:00:02,000\n你好, world\n');
    const burn = (out: string): string[] => ['cut', media('bikes.mp4'), '--range', '0-1', '--captions', join(home, 'talk.srt'), '--burn', '--out', join(home, out)];
    expect(run(...burn('installed.mp4')).status).toBe(0);
    expect(spawnSync(process.execPath, [join(root, 'dist', 'main', 'cli.js'), ...burn('ours.mp4')], { env: environmentFor(home) }).status).toBe(0);
    expect(frameHashes(join(home, 'installed.mp4'))).toHaveLength(25);
    expect(frameHashes(join(home, 'installed.mp4'))).toEqual(frameHashes(join(home, 'ours.mp4')));
    rmSync(home, { recursive: true, force: true });
  });

  test('wrong usage and a missing file are told apart', () => {
    const usage = run('analyse', 'x.mp4');
    expect([usage.status, usage.stdout]).toEqual([2, '']);
    expect(usage.stderr).toContain('analyse');
    const missing = run('analyze', '/nowhere/holiday.mp4');
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain('holiday.mp4');
  });
});

test('the binary is fused: our archive and nothing else', async () => {
  const wire = await getCurrentFuseWire(join(installFolder(), 'rushes.bin'));
  expect(wire).toMatchObject({
    [FuseV1Options.RunAsNode]: OFF,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
    [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
    [FuseV1Options.OnlyLoadAppFromAsar]: ON,
    [FuseV1Options.EnableCookieEncryption]: ON,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
  });
  const asNode = spawnSync(join(installFolder(), 'rushes.bin'), ['-e', 'console.log("node")'], {
    env: { ...environmentFor(makeHome()), ELECTRON_RUN_AS_NODE: '1', DISPLAY: '' },
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(asNode.stdout).not.toContain('node');
});

test('desktop entry, icons and file types are in place', () => {
  const prefix = resolve(installFolder(), '..', '..');
  const entry = readFileSync(join(prefix, 'usr', 'share', 'applications', 'rushes.desktop'), 'utf8');
  expect(entry).toContain('MimeType=');
  expect(entry).toContain('video/mp4;');
  expect(entry).toContain('application/x-rushes-project;');
  expect(entry).toMatch(/^Icon=rushes$/m);
  for (const size of [16, 48, 256]) expect(statSync(join(prefix, `usr/share/icons/hicolor/${size}x${size}/apps/rushes.png`)).size).toBeGreaterThan(100);
  expect(readFileSync(join(prefix, 'usr/share/mime/packages/rushes.xml'), 'utf8')).toContain('*.rushes');
});

test('open, watch shots arrive, search a tag, pick shots, export', async () => {
  test.setTimeout(400_000);
  const home = makeHome();
  mkdirSync(join(home, 'Videos'), { recursive: true });
  const file = copyMedia(home, 'bikes.mp4');
  const before = readFileSync(file);
  const running = await start(home, [file]);
  const { page } = running;
  const outside = new Set<string>();
  const sampling = setInterval(() => outsideSockets(running.process.pid ?? 0).forEach((socket) => outside.add(JSON.stringify(socket))), 1000);

  await expect.poll(async () => Number(await page.getByTestId('shot-count').getAttribute('data-count')), { timeout: 150_000 }).toBeGreaterThan(4);
  await expect(page.getByTestId('status-idle')).toBeVisible({ timeout: 90_000 });

  await page.getByTestId('tag-search').fill('car');
  await expect.poll(async () => Number(await page.getByTestId('moment-count').getAttribute('data-count'))).toBeGreaterThan(0);
  await page.getByTestId('tag-search').fill('');

  for (const index of [1, 2, 3]) {
    await page.getByTestId('shot-item').nth(index).click();
    await page.getByTestId('shot-add').click();
  }
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: join(root, 'test-results', 'screenshots', 'package-exported.png') });
  clearInterval(sampling);
  await stop(running);

  const exported = join(home, 'Videos', 'Rushes');
  const files = readdirSync(exported, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toHaveLength(3);
  const source = frameHashes(file);
  for (const { parentPath, name } of files) {
    const frames = frameHashes(join(parentPath, name));
    expect(frames.length).toBeGreaterThan(10);
    expect(statSync(join(parentPath, name)).size).toBeGreaterThan(1000);
    expect(frames.length).toBeLessThan(source.length);
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect([...outside]).toEqual([]);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test('speech is transcribed in the window', async () => {
  test.setTimeout(200_000);
  const home = makeHome();
  const running = await start(home, [copyMedia(home, 'jfk.flac')]);
  const { page } = running;
  // Sound alone opens on its words: only then is it the person's turn.
  await expect(page.getByTestId('tab-transcript')).toHaveAttribute('aria-selected', 'true');
  const transcript = page.getByTestId('transcript');
  await transcript.getByTestId('transcribe-start').click();
  await expect(transcript.getByTestId('transcript-text')).toHaveAttribute('data-count', '22', { timeout: 120_000 });
  await expect(transcript.getByTestId('transcript-text')).toContainText('fellow Americans');
  await page.screenshot({ path: join(root, 'test-results', 'screenshots', 'package-transcribed.png') });
  await stop(running);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});
