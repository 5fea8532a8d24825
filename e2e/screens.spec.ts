/** A picture of each state, in both languages, themes and two sizes, for people to look at (test-results/screenshots). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { copyMedia, launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { captionStates, dropCaptions } from './helpers/captions.ts';
import { printingFilm } from './helpers/printing.ts';
import { speechFilm } from './helpers/speech.ts';
import { lectureStates, openTalk, storyStates } from './helpers/story.ts';
import { openStyleFilm, styleStates } from './helpers/style.ts';
import { openByDialog, pickShots, settled } from './helpers/window.ts';

const LONG_NAME = '2024-08-17 — Second unit, harbour at dawn, take 14 (slate 203B, drone, ND16, do not use the first half).mp4';
const looks = [
  { locale: 'en', theme: 'dark', size: { width: 1280, height: 800 } },
  { locale: 'zh-CN', theme: 'light', size: { width: 1280, height: 800 } },
  { locale: 'en', theme: 'light', size: { width: 1920, height: 1080 } },
  { locale: 'zh-CN', theme: 'dark', size: { width: 1920, height: 1080 } },
] as const;

for (const { locale, theme, size } of looks) {
  test.describe(`${locale} ${theme} ${size.width}`, () => {
    let launched: LaunchedApp;
    const shoot = (state: string): Promise<void> => launched.screenshot(`${state}-${locale}-${theme}-${size.width}`);

    test.describe.configure({ mode: 'serial' });
    test.beforeAll(async () => {
      launched = await launchApp({ locale, theme, size });
    });
    test.afterAll(async () => launched.close());

    test('empty, loading, streaming, full', async () => {
      const { page, home } = launched;
      await expect(page.getByTestId('welcome')).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      await shoot('1-empty');
      await openByDialog(launched, [copyMedia(home, 'testvideo.mp4', LONG_NAME)]);
      await expect(page.getByTestId('viewer')).toBeVisible();
      await shoot('2-loading');
      await expect(page.getByTestId('shot-item').first()).toBeVisible({ timeout: 90_000 });
      await shoot('3-streaming');
      await openByDialog(launched, [media('bikes.mp4')]);
      await settled(page);
      await page.getByTestId('tab-media').click();
      await shoot('4-media');
      await page.getByTestId('tab-shots').click();
      await pickShots(page, [1, 2, 4]);
      await page.getByTestId('tab-tags').click();
      await shoot('5-tags');
      await page.keyboard.press('Enter');
      await page.getByTestId('tab-clips').click();
      await shoot('6-clips');
    });

    test('search and export', async () => {
      const { page } = launched;
      await page.keyboard.press('/');
      await expect(page.getByTestId('tag-suggestion').first()).toBeVisible();
      await shoot('7-suggestions');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('tag-result').first()).toBeVisible();
      await shoot('8-results');
      await page.keyboard.press('Escape');
      await page.getByTestId('export-open').click();
      await expect(page.getByTestId('plan-how').first()).toBeVisible();
      await shoot('9-export');
      await page.getByTestId('export-run').click();
      await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
      await shoot('10-exported');
    });

    test('shots like a shot, highlights', async () => {
      const { page } = launched;
      await page.getByTestId('tab-shots').click();
      await pickShots(page, [2]);
      await page.getByTestId('shot-item').nth(2).click({ button: 'right' });
      await expect(page.getByTestId('command-menu')).toBeVisible();
      await shoot('40-shot-menu');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+F');
      await expect(page.getByTestId('search-like')).toBeVisible();
      await shoot('41-like-shot');
      await settled(page);
      await expect(page.getByTestId('tag-result').or(page.getByTestId('search-empty')).first()).toBeVisible();
      await shoot('42-like-shot-found');
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await page.getByTestId('tag-search').fill('zzzz');
      await expect(page.getByTestId('search-empty')).toBeVisible();
      await shoot('43-nothing-found');
      await page.getByTestId('search-clear').click();
      await page.getByTestId('tab-story').click();
      await page.getByTestId('story-view').getByRole('radio').nth(2).check();
      await expect(page.getByTestId('highlights-none')).toBeVisible();
      await shoot('44-highlights-none');
      await page.getByTestId('highlights-start').click();
      await shoot('45-highlights-running');
      await expect(page.getByTestId('highlights')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
      await shoot('46-highlights-done');
    });

    test('failures', async () => {
      const { page, home } = launched;
      const letter = join(home, LONG_NAME.replace('harbour', 'letter'));
      writeFileSync(letter, 'Dear Sir or Madam,');
      await openByDialog(launched, [letter, join(home, 'gone.mp4')]);
      await expect(page.getByTestId('toast')).toHaveCount(2);
      await shoot('11-failures');
      await page.getByTestId('toast-close').first().click();
      await page.getByTestId('toast-close').first().click();
      await openByDialog(launched, [media('jfk.flac')]);
      await expect(page.getByTestId('sound-view')).toBeVisible();
      await settled(page);
      await shoot('12-sound');
    });

    test('speech and captions', async () => {
      const { page, home } = launched;
      await openByDialog(launched, [speechFilm(join(home, 'speech.mp4'), 6)]);
      await expect(page.getByTestId('video')).toBeVisible();
      await settled(page);
      await page.getByTestId('tab-transcript').click();
      await page.getByTestId('tab-captions').click();
      await expect(page.getByTestId('captions-none')).toBeVisible();
      await shoot('20-speech-none');
      await page.getByTestId('transcript').getByTestId('transcribe-start').click();
      await expect(page.getByTestId('cue').first()).toBeVisible({ timeout: 90_000 });
      await shoot('21-speech-running');
      await expect(page.getByTestId('captions-panel')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
      await page.getByTestId('cue').nth(1).click();
      await shoot('22-speech-done');
      await dropCaptions(launched);
      let number = 23;
      for await (const state of captionStates(launched)) {
        await shoot(`${number}-${state}`);
        number += 1;
      }
      await settled(page);
      await page.keyboard.press('/');
      await page.getByTestId('tag-search').fill(locale === 'en' ? 'country' : '国家');
      await expect(page.getByTestId('tag-result').first()).toBeVisible();
      await shoot('47-found-by-words');
      await page.getByTestId('search-clear').click();
      await page.getByTestId('tab-story').click();
      await page.getByTestId('story-view').getByRole('radio').nth(2).check();
      await page.getByTestId('highlights-start').click();
      await expect(page.getByTestId('highlights')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
      await shoot('48-highlights-of-speech');
    });

    test('story', async () => {
      test.setTimeout(300_000);
      const language = locale === 'en' ? 'en' : 'zh';
      await openTalk(launched);
      let number = 50;
      for await (const state of storyStates(launched, language)) {
        await shoot(`${number}-${state}`);
        number += 1;
      }
    });

    test('a lecture, from its speech to its reel, and found by what is in its pictures', async () => {
      test.setTimeout(300_000);
      const { page, home } = launched;
      await page.getByTestId('tab-shots').click();
      await openByDialog(launched, [printingFilm(join(home, LONG_NAME.replace('harbour', 'printing')))]);
      await expect(page.getByTestId('shot-item').nth(3)).toBeVisible({ timeout: 90_000 });
      await settled(page);
      let number = 80;
      for await (const state of lectureStates(page)) {
        await shoot(`${number}-${state}`);
        number += 1;
      }
    });

    test('style', async () => {
      test.setTimeout(300_000);
      await openStyleFilm(launched);
      let number = 100;
      for await (const state of styleStates(launched)) {
        await shoot(`${number}-${state}`);
        number += 1;
      }
    });

    test('dialogs', async () => {
      const { page } = launched;
      for (const [name, keys, testid] of [
        ['13-shortcuts', '?', 'shortcuts'],
        ['14-palette', 'Control+k', 'palette'],
        ['15-settings', 'Control+,', 'settings'],
      ] as const) {
        await page.keyboard.press(keys);
        await expect(page.getByTestId(testid)).toBeVisible();
        await shoot(name);
        await page.keyboard.press('Escape');
        await expect(page.getByTestId(testid)).toHaveCount(0);
      }
      await page.getByTestId('status-provider').click();
      await expect(page.getByTestId('doctor-report')).toBeVisible();
      await shoot('16-diagnostics');
    });
  });
}
