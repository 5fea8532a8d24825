/** The clip lane by keyboard: trim, reorder, remove, undo, redo, rename; it is there again after a crash, and in a saved project. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { frameOf } from './helpers/frames.ts';
import { dropFiles, openByDialog, pickShots, readClips, settled } from './helpers/window.ts';

const RATE = 25;
let launched: LaunchedApp;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  await openByDialog(launched, [media('bikes.mp4')]);
  await expect(launched.page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
  await settled(launched.page);
  await pickShots(launched.page, [0, 2, 4]);
  await launched.page.keyboard.press('a');
});
test.afterAll(async () => launched.close());

const names = async (): Promise<string[]> => (await readClips(launched.page)).map((clip) => clip.name);
const range = async (index: number): Promise<[number, number]> => {
  const clip = (await readClips(launched.page))[index];
  return [frameOf(clip?.in ?? '', RATE), frameOf(clip?.out ?? '', RATE)];
};

test('trims by frames and takes it back', async () => {
  const { page } = launched;
  const [start, end] = await range(1);
  await page.getByTestId('clip-item').nth(1).click();
  await page.keyboard.press('BracketLeft');
  await page.keyboard.press('Shift+BracketLeft');
  await page.keyboard.press('BracketRight');
  expect(await range(1)).toEqual([start + 11, end - 1]);
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Control+z');
  expect(await range(1)).toEqual([start, end]);
  await page.keyboard.press('Control+Shift+z');
  expect(await range(1)).toEqual([start + 1, end]);
  await page.keyboard.press('Control+z');
});

test('moves a clip with Alt and the arrows', async () => {
  const { page } = launched;
  await readClips(page);
  await page.getByTestId('clip-item').nth(0).click();
  await page.keyboard.press('Alt+ArrowRight');
  expect(await names()).toEqual(['bikes shot 3', 'bikes shot 1', 'bikes shot 5']);
  await page.keyboard.press('Control+z');
  expect(await names()).toEqual(['bikes shot 1', 'bikes shot 3', 'bikes shot 5']);
});

test('takes typed names and times, and refuses impossible ones', async () => {
  const { page } = launched;
  await readClips(page);
  await page.getByTestId('clip-item').nth(1).click();
  await page.getByTestId('clip-name').fill('the red car');
  await page.keyboard.press('Enter');
  const out = page.getByTestId('clip-out');
  await out.fill('00:00:00:00');
  await out.press('Enter');
  await expect(out).toHaveAttribute('aria-invalid', 'true');
  await out.press('Escape');
  await expect(out).toHaveAttribute('aria-invalid', 'false');
  expect(await names()).toEqual(['bikes shot 1', 'the red car', 'bikes shot 5']);
});

test('removes with Delete and brings back with undo', async () => {
  const { page } = launched;
  await readClips(page);
  await page.getByTestId('clip-item').nth(0).click();
  await page.keyboard.press('Delete');
  expect(await names()).toEqual(['the red car', 'bikes shot 5']);
  await page.getByTestId('undo').click();
  expect(await names()).toHaveLength(3);
});

test('marks a range and adds it', async () => {
  const { page } = launched;
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('timecode')).toHaveText('00:00:00:05');
  await page.keyboard.press('i');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByTestId('timecode')).toHaveText('00:00:00:15');
  await page.keyboard.press('o');
  // The out point lies behind the frame shown: eleven frames.
  await expect(page.getByTestId('range-length')).toHaveText('00:00.44');
  await page.keyboard.press('Shift+A');
  const clips = await readClips(page);
  expect(clips.at(-1)).toEqual({ name: 'bikes', in: '00:00:00:05', out: '00:00:00:16' });
});

test('has the clips again after the app was killed', async () => {
  const before = await names();
  const { home } = launched;
  launched.app.process().kill('SIGKILL');
  await launched.app.waitForEvent('close').catch(() => undefined);
  launched = await launchApp({ home });
  await expect(launched.page.getByTestId('toast').filter({ hasText: 'clips' })).toBeVisible();
  expect(await names()).toEqual(before);
});

test('saves a project, and has its clips again when it is opened', async () => {
  const { app, page, home } = launched;
  const before = await readClips(page);
  const file = join(home, 'street.rushes');
  await answerDialogs(app, { save: file, open: [file] });
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('project-name')).toHaveText('street');
  expect(statSync(file).size).toBeGreaterThan(0);
  await page.keyboard.press('Control+n');
  await expect(page.getByTestId('clips-empty')).toBeVisible();
  await expect(page.getByTestId('project-name')).not.toHaveText('street');
  await page.keyboard.press('Control+Shift+O');
  await expect(page.getByTestId('project-name')).toHaveText('street');
  expect(await readClips(page)).toEqual(before);
  await page.keyboard.press('Control+n');
  await expect(page.getByTestId('clips-empty')).toBeVisible();
  await dropFiles(page, [file]);
  await expect(page.getByTestId('project-name')).toHaveText('street');
  expect(await readClips(page)).toEqual(before);
});
