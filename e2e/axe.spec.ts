/** No serious accessibility fault (axe-core) in any state of the window, in both themes. The captions, the story and the styles are walked through in fit.spec.ts. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, type LaunchedApp } from './helpers/app.ts';
import { expectNoFaults } from './helpers/axe.ts';
import { speechFilm } from './helpers/speech.ts';
import { openByDialog, pickShots, settled } from './helpers/window.ts';

let launched: LaunchedApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp({ theme: 'dark' });
});
test.afterAll(async () => launched.close());

test('empty', async () => {
  await expect(launched.page.getByTestId('welcome')).toBeVisible();
  await expect(launched.page.locator('html')).toHaveAttribute('data-theme', 'dark');
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
  await page.getByTestId('tab-transcript').click();
  await expectNoFaults(page, 'no transcript yet');
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
