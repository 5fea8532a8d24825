/** Captions out: burned in, embedded, beside the clip and as a file on their own; ffprobe and decoded frames prove them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { copyMedia, launchApp, type LaunchedApp } from './helpers/app.ts';
import { expectFaultless } from './helpers/axe.ts';
import { choose, dropFiles, openByDialog, settled } from './helpers/window.ts';

const SRT = '1\n00:00:01,000 --> 00:00:02,000\nHello from the street\n\n2\n00:00:03,000 --> 00:00:04,000\nSecond caption\n';
const CHINESE = '1\n00:00:01,000 --> 00:00:02,000\n街上的问候\n\n2\n00:00:03,000 --> 00:00:04,000\n第二条字幕\n';

/** MD5 of each frame's picture. */
function hashes(path: string): string[] {
  const text = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'], { encoding: 'utf8', maxBuffer: 1e8 });
  return text.split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(',').at(-1)?.trim() ?? '');
}
const subtitleText = (path: string, stream: number): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-map', `0:s:${stream}`, '-f', 'srt', '-'], { encoding: 'utf8' });
const streams = (path: string): string[] =>
  execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name:stream_tags=language', '-of', 'compact=p=0:nk=1', path], { encoding: 'utf8' }).trim().split('\n');

/** bikes.mp4 with an English and a Chinese track, the export panel open on the whole file. */
async function openWithCaptions(launched: LaunchedApp): Promise<void> {
  const { page, home } = launched;
  const film = copyMedia(home, 'bikes.mp4');
  writeFileSync(join(home, 'bikes.en.srt'), SRT);
  writeFileSync(join(home, 'bikes.zh.srt'), CHINESE);
  await openByDialog(launched, [film]);
  await expect(page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
  await settled(page);
  await dropFiles(page, [join(home, 'bikes.en.srt'), join(home, 'bikes.zh.srt')]);
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-source').getByRole('radio').nth(2).check();
  await expect(page.getByTestId('plan-how')).toHaveCount(1);
  await expect(page.getByTestId('export-captions').getByRole('radio').first()).toBeEnabled();
}

const written = (launched: LaunchedApp): string[] => readdirSync(launched.exports, { recursive: true }).map(String).sort();
/** Runs the export and gives the path of a new file with that ending, once it has its name. */
async function exported(launched: LaunchedApp, ending: string): Promise<string> {
  const before = new Set(written(launched));
  const made = (): string | undefined => written(launched).find((name) => !before.has(name) && !name.startsWith('.') && name.endsWith(ending));
  await launched.page.getByTestId('export-run').click();
  await expect.poll(made, { timeout: 60_000 }).toBeDefined();
  await expect(launched.page.getByTestId('export-run')).toBeEnabled();
  return join(launched.exports, made() ?? '');
}

let launched: LaunchedApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp({ size: { width: 1280, height: 800 } });
  await openWithCaptions(launched);
});
test.afterAll(async () => launched.close());

/** Goes through the ways by keyboard, from the first to the last, and stays there. */
async function expectUsable(locale: string): Promise<void> {
  const { page } = launched;
  const strip = page.getByTestId('export-captions').getByRole('radio');
  await strip.first().check();
  await strip.first().focus();
  for (const how of ['burn', 'embed', 'beside']) {
    await page.keyboard.press('ArrowRight');
    await launched.screenshot(`export-captions-${how}-${locale}`);
    await expectFaultless(page, '[data-testid=export-panel]');
    const clipped = await page.getByTestId('export-panel').locator('.strip span, .small, button span').evaluateAll((all) =>
      all.filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible' && each.closest('.path, .truncate') === null).map((each) => each.textContent),
    );
    expect(clipped).toEqual([]);
  }
  await expect(strip.nth(3)).toBeChecked();
}

test('the panel is usable in en: no fault by axe, nothing cut off, the keyboard alone', () => expectUsable('en'));

test('captions leave with the clips in every form', async () => {
  test.setTimeout(240_000);
  const { page } = launched;
  await choose(page, 'export-files', 'One file');
  await choose(page, 'export-mode', 'Exact');
  await choose(page, 'export-captions', 'None');
  const plain = await exported(launched, '.mp4');
  await choose(page, 'export-captions', 'Burned in');
  await expect(page.getByTestId('plan-how')).toHaveAttribute('data-how', 'encode');
  await expect(page.getByTestId('export-plan')).toContainText('drawn into the picture');
  const [before, after] = [hashes(plain), hashes(await exported(launched, '.mp4'))];
  expect(after).toHaveLength(before.length);
  expect(after.slice(25, 50).some((hash, i) => hash === before[25 + i])).toBe(false);

  await choose(page, 'export-mode', 'Copy');
  await choose(page, 'export-captions', 'Embedded');
  await expect(page.getByTestId('plan-how')).toHaveAttribute('data-how', 'copy');
  const embedded = await exported(launched, '.mp4');
  expect(streams(embedded)).toEqual(['h264|und', 'mov_text|eng', 'mov_text|zho']);
  expect(subtitleText(embedded, 1).replaceAll('\r', '')).toContain('街上的问候');

  await choose(page, 'export-captions', 'Beside');
  await page.getByTestId('export-captions-track').nth(1).uncheck();
  expect(readFileSync(await exported(launched, '.en.srt'), 'utf8')).toContain('Hello from the street');
  expect(written(launched).some((name) => name.includes('.zh.'))).toBe(false);

  await page.getByTestId('export-kind').click();
  await page.getByRole('option', { name: 'Captions as a file' }).click();
  await page.getByTestId('export-captions-format').click();
  await page.getByRole('option', { name: 'WebVTT (.vtt)' }).click();
  await expect(page.getByTestId('export-target')).toContainText('.en.vtt');
  expect(readFileSync(await exported(launched, '.en.vtt'), 'utf8')).toMatch(/^WEBVTT[\s\S]*Second caption/);
});

test('the panel is usable in zh-CN: no fault by axe, nothing cut off, the keyboard alone', async () => {
  const { page } = launched;
  await page.getByTestId('export-kind').click();
  await page.getByRole('option', { name: 'Video clips' }).click();
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-locale').locator('input[value="zh-CN"]').check();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('settings')).toHaveCount(0);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expectUsable('zh-CN');
});
