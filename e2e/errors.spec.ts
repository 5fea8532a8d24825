/** Files that can't be used: each is told in one sentence, the app goes on, and the file is as it was. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { copyMedia, launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { loopClip } from './helpers/frames.ts';
import { dropFiles, openByDialog, settled, shotCount } from './helpers/window.ts';

let launched: LaunchedApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(async () => launched.close());

const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A sentence that names the file and is no code; closed afterwards. */
async function expectToast(name: string, words: RegExp): Promise<void> {
  const toast = launched.page.getByTestId('toast').filter({ hasText: name });
  await expect(toast).toBeVisible();
  await expect(toast).toHaveText(words);
  await toast.getByTestId('toast-close').click();
  await expect(toast).toHaveCount(0);
}

const bad: [name: string, words: RegExp, make: (path: string) => void][] = [
  ['empty.mp4', /empty|0 bytes/i, (path) => writeFileSync(path, '')],
  ['letter.mp4', /no video or sound/i, (path) => writeFileSync(path, 'Dear Sir or Madam,\n'.repeat(50))],
  ['no-index.mp4', /index|moov/i, (path) => truncateSync(path, 100_000)],
];
for (const [name, words, make] of bad) {
  test(`tells what is wrong with ${name}`, async () => {
    const path = name === 'no-index.mp4' ? copyMedia(launched.home, 'testvideo.mp4', name) : join(launched.home, name);
    make(path);
    const before = hash(path);
    await openByDialog(launched, [path]);
    await expectToast(name, words);
    expect(hash(path)).toBe(before);
  });
}

test('tells of a missing file and of a folder', async () => {
  await openByDialog(launched, [join(launched.home, 'gone.mp4')]);
  await expectToast('gone.mp4', /not there|no longer|moved|find/i);
  const folder = join(launched.home, 'a folder.mp4');
  mkdirSync(folder);
  await openByDialog(launched, [folder]);
  await expectToast('a folder.mp4', /folder/i);
});

test('opens the good one of several and tells of the bad one', async () => {
  const { page } = launched;
  await dropFiles(page, [join(launched.home, 'letter.mp4'), media('bikes.mp4')]);
  await expectToast('letter.mp4', /no video or sound/i);
  await expect(page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
  await settled(page);
});

test('a file with sound only has no shots, and says so', async () => {
  const { page } = launched;
  await openByDialog(launched, [media('jfk.flac')]);
  await expect(page.getByTestId('sound-view')).toBeVisible();
  await page.getByTestId('tab-shots').click();
  await expect(page.getByRole('tabpanel', { name: 'Shots' })).toContainText('sound only');
});

test('makes a playable copy of what Chromium can’t play, with stills until then', async () => {
  const { page } = launched;
  await openByDialog(launched, [media('fades.mp4')]);
  await expect(page.getByTestId('still')).toBeVisible();
  await expect(page.getByTestId('video')).toHaveJSProperty('videoWidth', 480, { timeout: 60_000 });
  await settled(page);
});

test('stops an analysis at once, keeps what was found, and goes on from there', async () => {
  const { page, home } = launched;
  const film = join(home, 'long.mp4');
  loopClip(media('bikes.mp4'), 3, film);
  await openByDialog(launched, [film]);
  await expect(page.getByTestId('properties')).toContainText(basename(film));
  await expect(page.getByTestId('shot-item').nth(1)).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('status-cancel').click();
  await expect(page.getByTestId('analysis-resume')).toBeVisible({ timeout: 3000 });
  const found = await shotCount(page);
  await page.getByTestId('analysis-resume').click();
  await settled(page, 120_000);
  expect(await shotCount(page)).toBeGreaterThan(found);
});
