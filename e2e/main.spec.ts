/** The main job: open a film, watch its shots arrive, find a tag, pick shots, export them, and compare the frames. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { findFrames, frameHashes, frameOf, loopClip, lowestPsnr } from './helpers/frames.ts';
import { choose, dropFiles, openByDialog, pickShots, readClips, runExport, settled, shotCount, type ClipFacts } from './helpers/window.ts';

/** The clip's own rate. */
const RATE = 25;
let launched: LaunchedApp;
let film: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp({ motion: true });
  film = join(launched.home, 'four times bikes.mp4');
  loopClip(media('bikes.mp4'), 4, film);
});
test.afterAll(async () => launched.close());

test('opens a film and shows its shots one after another, before the end', async () => {
  const { page } = launched;
  await openByDialog(launched, [film]);
  await expect(page.getByTestId('first-keyframe').first()).toHaveAttribute('data-loaded', 'true');
  const seen = new Set<number>();
  const look = async (): Promise<number> => {
    const count = await shotCount(page);
    if (count > 0) seen.add(count);
    return page.getByTestId('status-progress').count();
  };
  await expect.poll(look, { intervals: [50], timeout: 90_000 }).toBe(0);
  expect(seen.size).toBeGreaterThan(2);
  await settled(page);
  const shots = await shotCount(page);
  expect(Math.min(...seen)).toBeLessThan(shots);
  // Four times six shots, and a cut wherever the film begins anew.
  expect(shots).toBeGreaterThanOrEqual(20);
  await expect(page.getByTestId('video')).toHaveJSProperty('videoWidth', 640);
});

test('finds a tag, goes to its moment with Enter, and adds it with Shift and Enter', async () => {
  const { page } = launched;
  await page.keyboard.press('/');
  await expect(page.getByTestId('tag-suggestion').first()).toBeVisible();
  await page.getByTestId('tag-search').fill('car');
  await expect(page.getByTestId('tag-result').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('tag-results')).toBeFocused();
  const before = await page.getByTestId('timecode').textContent();
  await page.getByTestId('tag-result').nth(1).click();
  await expect(page.getByTestId('timecode')).not.toHaveText(before ?? '');
  const second = await page.getByTestId('timecode').textContent();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('timecode')).toHaveText(second ?? '');
  await page.keyboard.press('Shift+Enter');
  await page.getByTestId('tab-clips').click();
  await expect(page.getByTestId('clip-item')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('clips-empty')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('tag-search')).toHaveValue('');
});

test('picks three shots and adds them as clips', async () => {
  const { page } = launched;
  await pickShots(page, [1, 2, 3]);
  await page.keyboard.press('Enter');
  const clips = await readClips(page);
  expect(clips.map((clip) => clip.name)).toEqual([2, 3, 4].map((number) => `four times bikes shot ${number}`));
});

/** Frames of each clip in the film. */
const rangeOf = (clip: ClipFacts): { first: number; count: number } => {
  const first = frameOf(clip.in, RATE);
  return { first, count: frameOf(clip.out, RATE) - first };
};
function exported(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

test('exports them by copying: the frames are the film’s own', async () => {
  const { page, exports } = launched;
  const clips = await readClips(page);
  await page.getByTestId('export-open').click();
  await choose(page, 'export-mode', 'Copy');
  await expect(page.getByTestId('plan-how')).toHaveText(['copy', 'copy', 'copy']);
  await runExport(page);
  const files = exported(join(exports, 'four times bikes'));
  expect(files).toHaveLength(3);
  const all = frameHashes(film);
  for (const [index, file] of files.entries()) {
    const clip = clips[index];
    if (!clip) throw new Error('more files than clips');
    const { first, count } = rangeOf(clip);
    const frames = frameHashes(file);
    const start = findFrames(frames, all);
    expect(start).toBeGreaterThanOrEqual(0);
    // Copying begins at a sync frame at or before the clip, and leaves nothing of the clip out.
    expect(start).toBeLessThanOrEqual(first);
    expect(start + frames.length).toBeGreaterThanOrEqual(first + count);
  }
});

test('exports them exactly: count and start to the frame, and the picture kept', async () => {
  const { page, exports } = launched;
  const clips = await readClips(page);
  await page.getByTestId('export-open').click();
  await choose(page, 'export-mode', 'Exact');
  await expect(page.getByTestId('plan-how')).toHaveText(['encode', 'encode', 'encode']);
  await runExport(page);
  const files = exported(join(exports, 'four times bikes 2'));
  expect(files).toHaveLength(3);
  for (const [index, file] of files.entries()) {
    const clip = clips[index];
    if (!clip) throw new Error('more files than clips');
    const { first, count } = rangeOf(clip);
    expect(frameHashes(file)).toHaveLength(count);
    expect(lowestPsnr(file, film, first, count)).toBeGreaterThan(40);
  }
});

test('joins them into one file', async () => {
  const { page, exports } = launched;
  const clips = await readClips(page);
  await page.getByTestId('export-open').click();
  await choose(page, 'export-files', 'One file');
  await choose(page, 'export-mode', 'Exact');
  await runExport(page);
  const file = join(exports, 'four times bikes.mp4');
  expect(frameHashes(file)).toHaveLength(clips.reduce((sum, clip) => sum + rangeOf(clip).count, 0));
});

test('a cancelled export leaves no file', async () => {
  const { page, exports } = launched;
  await page.getByTestId('shot-item').first().click();
  await page.keyboard.press('Control+a');
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-source').getByRole('radio').last().check();
  await choose(page, 'export-files', 'One file');
  await choose(page, 'export-mode', 'Exact');
  const before = readdirSync(exports, { recursive: true }).sort();
  await page.getByTestId('export-run').click();
  // Well under way: something of the file has been written.
  await expect(page.getByTestId('export-progress')).toContainText(/[1-9]\d*\s?%/);
  await page.getByTestId('export-cancel').click();
  await expect(page.getByTestId('export-cancelled')).toBeVisible();
  expect(readdirSync(exports, { recursive: true }).sort()).toEqual(before);
});

for (const [kind, option, name] of [
  ['csv', 'Shots and tags as CSV', 'four times bikes.csv'],
  ['json', 'Shots and tags as JSON', 'four times bikes.json'],
  ['sheet', 'Contact sheet', 'four times bikes.jpg'],
] as const) {
  test(`exports ${kind}`, async () => {
    const { page, exports } = launched;
    await page.getByTestId('tab-export').click();
    await page.getByTestId('export-kind').click();
    await page.getByRole('option', { name: option }).click();
    await runExport(page);
    expect(statSync(join(exports, name)).size).toBeGreaterThan(100);
  });
}

test('opens dropped files, several at once, and a known one at once', async () => {
  const { page } = launched;
  await dropFiles(page, [media('bigbuckbunny.mp4'), media('jfk.flac')]);
  await page.getByTestId('tab-media').click();
  await expect(page.getByTestId('media-item')).toHaveCount(3);
  await settled(page);
  await page.getByTestId('media-item').filter({ hasText: 'jfk.flac' }).click();
  await expect(page.getByTestId('sound-view')).toBeVisible();
  await page.getByTestId('tab-media').click();
  await page.getByTestId('media-item').filter({ hasText: 'four times' }).click();
  await page.keyboard.press('Control+w');
  await page.getByTestId('tab-media').click();
  const started = Date.now();
  await page.getByTestId('recent-item').filter({ hasText: 'four times' }).click();
  await page.getByTestId('tab-shots').click();
  await expect.poll(() => shotCount(page)).toBeGreaterThanOrEqual(20);
  test.info().annotations.push({ type: 're-open', description: `${Date.now() - started} ms` });
});

test('says nothing to the console', () => expect(launched.complaints).toEqual([]));

test('exports a keyframe of every shot', async () => {
  const { page, exports } = launched;
  await page.getByTestId('tab-export').click();
  await page.getByTestId('export-kind').click();
  await page.getByRole('option', { name: 'Keyframes as pictures' }).click();
  await runExport(page);
  expect(readdirSync(join(exports, 'four times bikes 3')).length).toBeGreaterThanOrEqual(await shotCount(page));
});
