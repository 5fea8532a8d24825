/** A film for the styles, and the states of the style panel that tests walk through. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { media, type LaunchedApp } from './app.ts';
import { dropFiles, openByDialog, settled } from './window.ts';

/** Two shots of two seconds: a face that the camera draws near to, and a street. With sound, 16:9 and this high in pixels. */
export function styleFilm(target: string, height = 360): string {
  const width = (height * 16) / 9;
  const face = ['-loop', '1', '-t', '2', '-i', media('astronaut.jpg')];
  const street = ['-ss', '7.6', '-t', '2', '-i', media('bikes.mp4')];
  const graph = [
    `[0:v]fps=24,scale=1280:1280,crop=1280:720:0:60,zoompan=z=1+on/200:x=iw/2-iw/zoom/2:y=ih/4-ih/zoom/4:d=1:s=${width}x${height}:fps=24,format=yuv420p,setsar=1[a]`,
    `[1:v]fps=24,scale=-2:${height},crop=${width}:${height},format=yuv420p,setsar=1[b]`,
    '[a][b]concat=n=2:v=1:a=0[v]',
  ].join(';');
  const out = ['-map', '[v]', '-map', '2:a', '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-t', '4', '-y', target];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...face, ...street, '-f', 'lavfi', '-i', 'sine=f=330:r=48000', '-filter_complex', graph, ...out]);
  return target;
}

/** Opens the film in a project without clips, and waits until it is analysed. Words stand the same beside a small picture, which is styled sooner. */
export async function openStyleFilm(launched: LaunchedApp, height?: number): Promise<void> {
  const { page, home } = launched;
  await settled(page);
  await page.keyboard.press('Control+n');
  await page.getByTestId('tab-clips').click();
  await expect(page.getByTestId('clips-empty')).toBeVisible();
  await openByDialog(launched, [styleFilm(join(home, 'portrait and street.mp4'), height)]);
  await expect(page.getByTestId('status')).toContainText('portrait and street.mp4');
  await page.getByTestId('tab-shots').click();
  await expect(page.getByTestId('shot-item')).toHaveCount(2, { timeout: 60_000 });
  await settled(page);
  // From the same frame each time: what was made for it before is there.
  await page.getByTestId('shot-item').first().click();
}

/** A picture that is given as a style. */
export function stylePicture(home: string): string {
  const path = join(home, 'waves.png');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'mandelbrot=s=400x300:start_scale=0.4', '-frames:v', '1', '-y', path]);
  return path;
}

export const styleTile = (page: Page, key: string) => page.locator(`[data-testid=style-tile][data-style="${key}"]`);
export const showStyleView = (page: Page, view: 'gallery' | 'settings'): Promise<void> => page.getByTestId('style-view').locator(`input[value=${view}]`).check();

/** Waits until every style was tried on the clip. */
export async function galleryDone(page: Page): Promise<void> {
  await expect(page.getByTestId('style-gallery')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
}
/** Waits until the frame at the playhead is shown styled. */
export async function previewShown(page: Page): Promise<void> {
  await expect(page.getByTestId('styled')).toHaveAttribute('data-exact', 'true', { timeout: 60_000 });
}

/** Walks through the style panel and stops, with the state's name, at each. After `openStyleFilm`. With a strength of its own each walk has something to render. */
export async function* styleStates({ page, home }: LaunchedApp, strength = '0.4'): AsyncGenerator<string> {
  await page.getByTestId('tab-style').click();
  await expect(page.getByTestId('style-empty')).toBeVisible();
  yield 'style-none';
  await page.getByTestId('style-make-clip').click();
  await expect(page.getByTestId('style-panel')).toBeVisible();
  yield 'style-loading';
  await galleryDone(page);
  yield 'style-gallery';
  await styleTile(page, 'painting-6').click();
  await styleTile(page, 'painting-20').click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('style-mix')).toBeVisible();
  await previewShown(page);
  yield 'style-mix';
  await dropFiles(page, [stylePicture(home)], 'style-gallery');
  await expect(page.locator('[data-testid=style-tile][data-style^="picture-"]')).toBeVisible();
  await previewShown(page);
  yield 'style-picture';
  await styleTile(page, 'vintage').click();
  await page.getByTestId('style-key-add').click();
  await page.keyboard.press('Shift+ArrowRight');
  // Steps go by the engine's frame times, which take their time.
  await expect(page.getByTestId('style-key-add')).toBeEnabled();
  await page.getByTestId('style-strength').fill(strength);
  await expect(page.getByTestId('style-key-lane')).toBeVisible();
  await previewShown(page);
  yield 'style-keys';
  await page.keyboard.press('w');
  await expect(page.getByTestId('style-wipe')).toBeVisible();
  yield 'style-wipe';
  await page.keyboard.press('w');
  await showStyleView(page, 'settings');
  yield 'style-settings';
  await page.getByTestId('style-background').click();
  await page.keyboard.press('Escape');
  for (const steps of [1, 2, 4]) {
    await page.getByTestId('style-background').click();
    await page.keyboard.press('Home');
    for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const mode = await page.getByTestId('style-background-fields').getAttribute('data-mode');
    await previewShown(page);
    yield `style-background-${mode ?? ''}`;
  }
  await page.getByTestId('tab-export').click();
  // Until it is planned anew the plan before it is shown.
  await expect(page.getByTestId('export-plan')).toHaveAttribute('aria-busy', 'false');
  await expect(page.getByTestId('plan-how').first()).toBeVisible();
  yield 'style-export';
  await page.getByTestId('tab-style').click();
  await page.getByTestId('style-background').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await showStyleView(page, 'gallery');
  await page.getByTestId('style-about').click();
  await expect(page.getByTestId('style-card')).toBeVisible();
  yield 'style-card';
  await page.keyboard.press('Escape');
  await page.getByTestId('style-render').click();
  await expect(page.getByTestId('style-render-row')).toHaveAttribute('data-status', 'running');
  yield 'style-rendering';
  await expect(page.getByTestId('style-render-row')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  yield 'style-rendered';
}
