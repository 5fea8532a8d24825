/** Correcting imported caption files: writing, splitting, merging, faults and their fixes, find and replace, moving in time, the picture that shows it, and two languages side by side. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { answerDialogs, launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { dropFiles, openByDialog } from './helpers/window.ts';

const CAPTIONS = `1
00:00:00,400 --> 00:00:02,400
And so, my fellow Americans

2
00:00:03,000 --> 00:00:04,500
ask knot what your country can do for you

3
00:00:05,000 --> 00:00:07,000
ask what you can do for your country, and then ask it all over again

4
00:00:07,500 --> 00:00:09,500
number 1

5
00:00:09,600 --> 00:00:09,900
number 2
`;

let launched: LaunchedApp;
const cue = (index: number): Locator => launched.page.locator(`[data-testid=cue][data-index="${index}"]`);
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  const file = join(launched.home, 'speech.en.srt');
  writeFileSync(file, CAPTIONS);
  await openByDialog(launched, [media('bikes.mp4')]);
  await expect(launched.page.getByTestId('viewer')).toBeVisible();
  await answerDialogs(launched.app, { open: [file] });
  await launched.page.keyboard.press('Control+i');
  await expect(launched.page.getByTestId('cue-list')).toHaveAttribute('data-count', '5');
  await launched.page.getByTestId('cue-list').focus();
});
test.afterAll(async () => launched.close());

test('a caption is corrected, and the picture shows it', async () => {
  const { page } = launched;
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cue-text')).toBeFocused();
  await page.keyboard.press('Home');
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(page.getByTestId('caption-shown')).toContainText('ask not what');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('cue-list')).toBeFocused();
  await expect(cue(1)).toContainText('ask not what your country');
  await page.keyboard.press('Control+z');
  await expect(cue(1)).toContainText('ask knot');
  await page.keyboard.press('Control+Shift+Z');
  await expect(cue(1)).toContainText('ask not');
});

test('a caption is split at the cursor, gone on from, and merged again', async () => {
  const { page } = launched;
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByTestId('cue-text')).toHaveValue('my fellow Americans');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('cue-text')).toHaveValue(/^ask not/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', '6');
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+j');
  await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', '5');
  await expect(cue(0)).toContainText('And so, my fellow Americans');
});

test('what breaks a rule is said, gone to and fixed', async () => {
  const { page } = launched;
  await page.keyboard.press('Home');
  await page.keyboard.press('F9');
  await expect(page.getByTestId('cue-violation').first()).toBeVisible();
  await page.keyboard.press('Home');
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowDown');
  await expect(cue(2)).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('[data-testid=cue-violation][data-code=line_too_long]')).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(page.locator('[data-testid=cue-violation][data-code=line_too_long]')).toHaveCount(0);
  await page.keyboard.press('Control+F9');
  await expect(page.getByTestId('cue-fix-all').or(page.getByTestId('cue-no-problems'))).toBeVisible();
  const left = await page.getByTestId('cue-fix-all').count();
  await expect(page.getByTestId('captions-unmet')).toHaveCount(left);
});

test('a pattern is found and replaced; a bad one is said', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+Shift+H');
  await expect(page.getByTestId('find-text')).toBeFocused();
  await page.getByTestId('find-regex').click();
  await page.getByTestId('find-text').fill('number (\\d');
  await expect(page.getByTestId('find-text')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('find-text').fill('number (\\d)');
  await expect(page.getByTestId('find-told')).toHaveAttribute('data-count', '2');
  await page.getByTestId('replace-text').fill('No. $1');
  await page.getByTestId('replace-all').press('Enter');
  await expect(page.getByTestId('find-told')).toHaveAttribute('data-count', '0');
  await expect(page.getByTestId('cue-list')).toContainText('No. 2');
  await page.getByTestId('find-text').press('Escape');
  await expect(page.getByTestId('cue-list')).toBeFocused();
});

test('all captions are shifted, and an edge is moved by frames', async () => {
  const { page } = launched;
  await page.keyboard.press('Home');
  const start = await page.getByTestId('cue-in').inputValue();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Shift+T');
  await page.getByTestId('shift-by').fill('+0.2');
  await page.getByTestId('shift-by').press('Enter');
  await expect(page.getByTestId('cue-in')).not.toHaveValue(start);
  await page.getByTestId('shift-by').press('Escape');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('cue-in')).toHaveValue(start);
});

/** A subtitle file dropped on the window becomes the track that is worked on. */
async function drop(name: string, text: string): Promise<void> {
  const file = join(launched.home, name);
  writeFileSync(file, text);
  await dropFiles(launched.page, [file]);
}

test('a dropped translation stands beside the captions', async () => {
  const { page } = launched;
  await drop('speech.zh.srt', '1\n00:00:00,400 --> 00:00:02,400\n同胞们：\n\n2\n00:00:05,000 --> 00:00:07,000\n问你能为国家做什么\n');
  await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', '2');
  await expect(cue(0)).toContainText('同胞们：');
  await page.getByTestId('caption-beside').click();
  await expect(page.getByTestId('cue-pairs')).toBeVisible();
  const pairs = page.getByTestId('cue-pair');
  await expect(pairs.filter({ hasText: '同胞们' })).toContainText('my fellow Americans');
  await expect(pairs.filter({ hasText: '问你能为国家做什么' })).toContainText('ask what you can do');
  await expect(pairs.filter({ hasText: 'ask not' })).toHaveCount(1);
  await page.getByTestId('caption-beside').click();
  await expect(page.getByTestId('cue-list')).toBeVisible();
});

test('fixing all leaves nothing wrong, and one undo takes it back', async () => {
  const { page } = launched;
  const line = 'It is rather for us to be here dedicated to the great task before us';
  await drop('rules.en.srt', `1\n00:00:00,400 --> 00:00:02,400\nAnd so, my fellow Americans\n\n2\n00:00:03,000 --> 00:00:03,200\nask\n\n3\n00:00:04,400 --> 00:00:08,600\n${line}\n\n4\n00:00:08,000 --> 00:00:09,900\ndo for your country\n`);
  await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', '4');
  await expect(page.getByTestId('cue-fix-all')).toBeVisible();
  const wrong = await page.getByTestId('cue-fix-all').getAttribute('data-count');
  await page.getByTestId('cue-list').focus();
  const codes = new Set<string>();
  await page.keyboard.press('Home');
  for (const index of [0, 1, 2, 3]) {
    await expect(cue(index)).toHaveAttribute('aria-selected', 'true');
    for (const violation of await page.getByTestId('cue-violation').all()) codes.add((await violation.getAttribute('data-code')) ?? '');
    await page.keyboard.press('ArrowDown');
  }
  expect([...codes]).toEqual(expect.arrayContaining(['too_short', 'line_too_long', 'overlap']));
  await page.getByTestId('cue-fix-all').click();
  await expect(page.getByTestId('cue-no-problems')).toBeVisible();
  await expect(page.getByTestId('captions-unmet')).toHaveCount(0);
  expect((await cue(2).locator('.line').allTextContents()).join(' ')).toBe(line);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('cue-fix-all')).toHaveAttribute('data-count', wrong ?? '');
});
