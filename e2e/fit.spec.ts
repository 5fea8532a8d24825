/** Both languages, themes and sizes, switched in Settings: at once, without a clipped word, and kept over a restart. The long walks are axe's too. */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launchApp, type LaunchedApp } from './helpers/app.ts';
import { expectNoFaults } from './helpers/axe.ts';
import { captionStates, dropCaptions } from './helpers/captions.ts';
import { speechFilm } from './helpers/speech.ts';
import { openTalk, storyStates } from './helpers/story.ts';
import { openStyleFilm, styleStates } from './helpers/style.ts';
import { animationsOver, openByDialog, pickShots, settled } from './helpers/window.ts';

let launched: LaunchedApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp({ theme: 'dark' });
});
test.afterAll(async () => launched.close());

/** Texts that don't fit where they stand, and are not meant to be cut short there with an ellipsis. */
function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement && text.textContent?.trim() && !fits(text, text.parentElement)) faults.push(text.textContent.trim());
    }
    return faults;

    function fits(node: Node, parent: HTMLElement): boolean {
      if (!parent.checkVisibility() || parent.closest('script, style, .visually-hidden')) return true;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      for (let box: HTMLElement | null = parent; box; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (style.display === 'inline' || style.display === 'contents') continue;
        if (style.textOverflow === 'ellipsis' || style.overflowX === 'auto' || style.overflowX === 'scroll') return true;
        const edges = box.getBoundingClientRect();
        const own = box === parent || box.matches('button, label, [role=tab]');
        if (own && box.scrollWidth > box.clientWidth + 1) return false;
        if (style.overflowX !== 'visible' && (right > edges.right + 1 || left < edges.left - 1)) return false;
      }
      return true;
    }
  });
}

async function switchTo(page: Page, locale: string, theme: string): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-locale').locator(`input[value="${locale}"]`).check();
  await expect(page.locator('html')).toHaveAttribute('lang', locale);
  await page.getByTestId('settings-theme').locator(`input[value="${theme}"]`).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  // One choice leaves the other as it is.
  await expect(page.locator('html')).toHaveAttribute('lang', locale);
  await animationsOver(page);
  expect(await clippedTexts(page), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('settings')).toHaveCount(0);
}

async function resize(width: number, height: number): Promise<void> {
  const { app, page } = launched;
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [width, height] as [number, number]);
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
}

test('the check finds a text that does not fit', async () => {
  const { page } = launched;
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.textContent = 'much too long';
    button.style.cssText = 'position: fixed; width: 30px; overflow: hidden; white-space: nowrap';
    document.body.append(button);
  });
  expect(await clippedTexts(page)).toEqual(['much too long']);
  await page.evaluate(() => document.body.lastElementChild?.remove());
});

test('no word is clipped in any language, theme or size', async () => {
  const { page } = launched;
  await openByDialog(launched, [speechFilm(join(launched.home, 'speech.mp4'))]);
  await expect(page.getByTestId('shot-item').nth(3)).toBeVisible({ timeout: 60_000 });
  await settled(page);
  await pickShots(page, [1, 3]);
  await page.keyboard.press('Enter');
  // A theme is colours alone: each language is looked through in one of them, and switched to the other.
  for (const [locale, theme, other] of [['en', 'light', 'dark'], ['zh-CN', 'dark', 'light']] as const) {
    await switchTo(page, locale, other);
    await switchTo(page, locale, theme);
    for (const tab of ['properties', 'tags', 'clips', 'captions', 'export', 'media', 'shots', 'transcript']) {
      await page.getByTestId(`tab-${tab}`).click();
      for (const [width, height] of [[1920, 1080], [1280, 800]] as const) {
        await resize(width, height);
        await animationsOver(page);
        expect(await clippedTexts(page), `${tab}, ${locale}, ${theme}, ${width}`).toEqual([]);
      }
    }
  }
});

/** At each state of a walk and in both sizes no word is clipped; in English, axe finds no fault either: what it judges are the same elements in any language. */
async function expectFit(states: AsyncGenerator<string>, locale: string): Promise<void> {
  const { page } = launched;
  for await (const state of states) {
    for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
      await resize(width, height);
      await animationsOver(page);
      expect(await clippedTexts(page), `${state}, ${locale}, ${width}`).toEqual([]);
    }
    if (locale === 'en') await expectNoFaults(page, state);
  }
}

test('no word of the captions and the transcript is clipped, and axe finds no fault there', async () => {
  const { page } = launched;
  await page.getByTestId('tab-captions').click();
  await dropCaptions(launched);
  for (const locale of ['en', 'zh-CN']) {
    await switchTo(page, locale, 'dark');
    await expectFit(captionStates(launched), locale);
  }
});

test('no word of the story and of what is found is clipped, and axe finds no fault there', async () => {
  test.setTimeout(240_000);
  await switchTo(launched.page, 'en', 'dark');
  await openTalk(launched);
  await expectFit(storyStates(launched, 'en'), 'en');
});

test('no word of the styles is clipped, and axe finds no fault there', async () => {
  test.setTimeout(400_000);
  const { page } = launched;
  for (const [locale, strength] of [['en', '0.4'], ['zh-CN', '0.6']] as const) {
    await switchTo(page, locale, 'dark');
    await openStyleFilm(launched, 180);
    await expectFit(styleStates(launched, strength), locale);
  }
});

test('language and theme are as they were left after a restart', async () => {
  await switchTo(launched.page, 'zh-CN', 'light');
  const { home } = launched;
  await launched.close(true);
  launched = await launchApp({ home });
  await expect(launched.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(launched.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(launched.page.getByTestId('tab-shots')).toContainText('镜头');
});

test('no word of the story of a Chinese talk is clipped', async () => {
  test.setTimeout(240_000);
  // The film is known by now, and nothing of the English talk is.
  await openTalk(launched);
  await expectFit(storyStates(launched, 'zh'), 'zh-CN');
});
