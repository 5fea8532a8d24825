/** No serious accessibility fault (axe-core) in any state of the window, in both themes. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { launchApp, type LaunchedApp } from './helpers/app.ts';
import { captionStates, dropCaptions } from './helpers/captions.ts';
import { speechFilm } from './helpers/speech.ts';
import { openTalk, storyStates } from './helpers/story.ts';
import { openStyleFilm, styleStates } from './helpers/style.ts';
import { animationsOver, openByDialog, pickShots, settled } from './helpers/window.ts';

async function expectNoFaults(page: Page, state: string): Promise<void> {
  // A dialog or menu is judged where it ends up, not half faded in.
  await animationsOver(page);
  // Electron's page has no second page to run axe in: legacy mode runs it in this one.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const serious = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  const told = serious.map(({ id, help, nodes }) => ({ state, id, help, where: nodes.map((node) => node.html.slice(0, 200)) }));
  expect(told).toEqual([]);
}

/** In both themes, which are the page's styles alone: a walk that takes long is taken once, in the dark. */
async function expectNoFaultsInBoth(page: Page, state: string): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => void (document.documentElement.dataset['theme'] = name), theme);
    await expectNoFaults(page, `${state}, ${theme}`);
  }
}

for (const theme of ['dark', 'light'] as const) {
  test.describe(theme, () => {
    let launched: LaunchedApp;
    test.describe.configure({ mode: 'serial' });
    test.beforeAll(async () => {
      launched = await launchApp({ theme });
    });
    test.afterAll(async () => launched.close());

    test('empty', async () => {
      await expect(launched.page.getByTestId('welcome')).toBeVisible();
      await expect(launched.page.locator('html')).toHaveAttribute('data-theme', theme);
      await expectNoFaults(launched.page, 'empty');
    });
    test('a film, its shots, tags and clips', async () => {
      const { page } = launched;
      await openByDialog(launched, [speechFilm(join(launched.home, 'speech.mp4'))]);
      await expect(page.getByTestId('first-keyframe').first()).toBeVisible({ timeout: 60_000 });
      await expectNoFaults(page, 'analysing');
      await settled(page);
      await pickShots(page, [1, 2]);
      await page.keyboard.press('Enter');
      for (const tab of ['properties', 'tags', 'clips', 'captions', 'export'] as const) {
        await page.getByTestId(`tab-${tab}`).click();
        await expectNoFaults(page, tab);
      }
      await page.getByTestId('tab-media').click();
      await expectNoFaults(page, 'media');
    });
    test('captions and transcript', async () => {
      const { page } = launched;
      await page.getByTestId('tab-captions').click();
      await page.getByTestId('tab-transcript').click();
      await expectNoFaults(page, 'no captions yet');
      await dropCaptions(launched);
      for await (const state of captionStates(launched)) await expectNoFaults(page, state);
    });
    test('search, with suggestions and with results', async () => {
      const { page } = launched;
      await page.keyboard.press('/');
      await expectNoFaults(page, 'suggestions');
      await page.getByTestId('tag-search').fill('car');
      await expect(page.getByTestId('tag-result').first()).toBeVisible();
      await page.keyboard.press('Enter');
      await expectNoFaults(page, 'results');
      await page.keyboard.press('Escape');
    });
    if (theme === 'dark') test('story: summary, chapters, highlights, answers and searches', async () => {
      test.setTimeout(300_000);
      await openTalk(launched, 'en');
      for await (const state of storyStates(launched, 'en')) await expectNoFaultsInBoth(launched.page, state);
    });
    if (theme === 'dark') test('style: gallery, mix, pictures, key frames, settings, card and rendering', async () => {
      test.setTimeout(300_000);
      await openStyleFilm(launched);
      for await (const state of styleStates(launched)) await expectNoFaultsInBoth(launched.page, state);
    });
    for (const [name, keys, testid] of [
      ['settings', 'Control+,', 'settings'],
      ['shortcuts', '?', 'shortcuts'],
      ['palette', 'Control+k', 'palette'],
    ] as const) {
      test(name, async () => {
        const { page } = launched;
        await page.keyboard.press(keys);
        await expect(page.getByTestId(testid)).toBeVisible();
        await expectNoFaults(page, name);
        await page.keyboard.press('Escape');
        await expect(page.getByTestId(testid)).toHaveCount(0);
      });
    }
    test('diagnostics', async () => {
      const { page } = launched;
      await page.getByTestId('status-provider').click();
      await expect(page.getByTestId('doctor-report')).toBeVisible();
      await expectNoFaults(page, 'diagnostics');
      await page.keyboard.press('Escape');
    });
    test('a failure', async () => {
      const { page, home } = launched;
      await openByDialog(launched, [`${home}/gone.mp4`]);
      await expect(page.getByTestId('toast')).toBeVisible();
      await expectNoFaults(page, 'toast');
    });
  });
}
