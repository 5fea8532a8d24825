/** A film's speech written, corrected, cut and exported by keyboard alone, from opening the file on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './helpers/app.ts';
import { cueAt, cutWords, plainWords, speechFilm, SPOKEN, THIRD } from './helpers/speech.ts';
import { settled } from './helpers/window.ts';

let launched: LaunchedApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  await answerDialogs(launched.app, { open: [speechFilm(join(launched.home, 'speech.mp4'))] });
  await launched.page.evaluate(() => {
    for (const type of ['pointerdown', 'mousedown', 'wheel']) addEventListener(type, () => (document.documentElement.dataset['pointer'] = type), true);
  });
});
test.afterAll(async () => launched.close());

const times = async (count: number, key: string): Promise<void> => {
  for (let press = 0; press < count; press += 1) await launched.page.keyboard.press(key);
};
/** Presses Tab until the focus is in what has that test id. */
async function tabTo(id: string): Promise<void> {
  const { page } = launched;
  const there = (): Promise<boolean> => page.evaluate((testid) => document.activeElement?.closest(`[data-testid="${testid}"]`) != null, id);
  for (let presses = 0; !(await there()); presses += 1) {
    expect(presses, `Tab comes to ${id}`).toBeLessThan(150);
    await page.keyboard.press('Tab');
  }
}
const count = async (): Promise<number> => Number(await launched.page.getByTestId('cue-list').getAttribute('data-count'));

test('opens a film and has its speech written', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+o');
  await expect(page.getByTestId('viewer')).toBeVisible();
  await settled(page);
  await page.keyboard.press('Control+t');
  await expect(page.getByTestId('caption-transcribe-page')).toBeVisible();
  await tabTo('transcribe-start');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('captions-panel')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
  expect(plainWords((await page.getByTestId('cue').locator('.line').allTextContents()).join(' '))).toBe(SPOKEN);
});

test('goes to a cue, corrects a word, and takes it back', async () => {
  const { page } = launched;
  await expect(page.getByTestId('cue-list')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(cueAt(page, 0)).toHaveAttribute('aria-selected', 'true');
  const texts = await page.getByTestId('cue').allTextContents();
  const index = texts.findIndex((text) => text.includes('country'));
  await times(index, 'ArrowDown');
  await expect(cueAt(page, index)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cue-text')).toBeFocused();
  const text = await page.getByTestId('cue-text').inputValue();
  await page.keyboard.press('Control+Home');
  await times(text.indexOf('country'), 'ArrowRight');
  await times('country'.length, 'Shift+ArrowRight');
  await page.keyboard.type('county');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('cue-list')).toBeFocused();
  await expect(cueAt(page, index)).toContainText('your county');
  await page.keyboard.press('Control+z');
  await expect(cueAt(page, index)).toContainText('your country');
  await page.keyboard.press('Control+Shift+Z');
  await expect(cueAt(page, index)).toContainText('your county');
});

test('splits a cue where the cursor is, and joins it again', async () => {
  const { page } = launched;
  const before = await count();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  await page.keyboard.press('Control+Home');
  await times('And so '.length, 'ArrowRight');
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByTestId('cue-text')).toHaveValue(/^my fellow/);
  await page.keyboard.press('Escape');
  expect(await count()).toBe(before + 1);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Control+j');
  await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', String(before));
  await expect(cueAt(page, 0)).toContainText('And so my fellow');
});

test('finds a word and replaces it', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+Shift+H');
  await expect(page.getByTestId('find-text')).toBeFocused();
  await page.keyboard.type('fellow');
  await expect(page.getByTestId('find-told')).toHaveAttribute('data-count', '1');
  await tabTo('replace-text');
  await page.keyboard.type('dear');
  await tabTo('replace-all');
  await page.keyboard.press('Enter');
  await expect(cueAt(page, 0)).toContainText('my dear Americans');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('caption-find')).toHaveCount(0);
  await expect(page.getByTestId('cue-list')).toBeFocused();
});

test('a tooltip goes with the button that it is at', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+Shift+H');
  await tabTo('find-case');
  await expect(page.getByTestId('tip')).toHaveText('Match case');
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('find-case')).toHaveCount(0);
  await expect(page.getByTestId('tip')).toHaveCount(0);
  // What is scrolled then asks nothing of a tooltip that is gone: `complaints` would tell.
  await page.evaluate(() => document.body.dispatchEvent(new Event('scroll')));
});

test('cuts a sentence by its words', async () => {
  const { page } = launched;
  await page.keyboard.press('t');
  await tabTo('transcript-text');
  await page.keyboard.press('Control+Home');
  await times(THIRD.from, 'ArrowRight');
  await times(THIRD.to - THIRD.from - 1, 'Shift+ArrowRight');
  await page.keyboard.press('Delete');
  await expect.poll(() => cutWords(page)).toEqual(Array.from({ length: THIRD.to - THIRD.from }, (_, index) => THIRD.from + index));
});

test('exports the captions of the cut', async () => {
  const { page, exports } = launched;
  await page.keyboard.press('Control+e');
  await tabTo('export-kind');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo('export-captions-times');
  await page.keyboard.press('ArrowRight');
  await tabTo('export-run');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('export-done')).toBeVisible();
  const [name = ''] = readdirSync(exports).filter((each) => each.endsWith('.srt'));
  const said = readFileSync(join(exports, name), 'utf8')
    .split('\n')
    .filter((line) => !/^\d+\s*$|-->/.test(line));
  const words = SPOKEN.split(' ').slice(0, THIRD.from);
  words[3] = 'dear';
  words[9] = 'county';
  expect(plainWords(said.join(' '))).toBe(words.join(' '));
});

test('all that without a mouse', async () => {
  expect(await launched.page.evaluate(() => document.documentElement.dataset['pointer'])).toBeUndefined();
  expect(launched.complaints).toEqual([]);
});
