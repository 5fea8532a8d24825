/** Styles of clips: tried in the gallery, set, previewed, rendered, stopped and gone on with, and exported; decoded frames are compared with the source's. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './helpers/app.ts';
import { frameTimes, soundLength } from './helpers/frames.ts';
import { decodedFrames, meanColour, meanDifference, roughness, shownPicture, type Part, type Picture } from './helpers/pictures.ts';
import { galleryDone, previewShown, showStyleView, styleFilm, stylePicture, styleTile } from './helpers/style.ts';
import { choose, dropFiles, openByDialog, pickShots, runExport, settled } from './helpers/window.ts';

const FLICKS = 705_600_000;
const [WIDTH, HEIGHT] = [640, 360];
/** Where the face of the film's first shot is, and what is beside the person. */
const FACE: Part = [0.37, 0.25, 0.5, 0.52];
const BESIDE: Part = [0.72, 0.05, 0.9, 0.6];
let launched: LaunchedApp;
/** Its frames are not evenly spaced. */
let film: string;
let times: number[];
/** How many frames the first shot has. */
let shot: number;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  film = unevenFilm(launched.home);
  times = frameTimes(film);
  shot = times.findIndex((time) => time > 1.99);
  await openByDialog(launched, [film]);
  await expect(launched.page.getByTestId('shot-item')).toHaveCount(2, { timeout: 60_000 });
  await settled(launched.page);
});
test.afterAll(async () => launched.close());

/** The film of the styles without some of its frames. */
function unevenFilm(home: string): string {
  const path = join(home, 'film.mp4');
  const whole = styleFilm(join(home, 'even.mp4'));
  const fewer = ['-vf', "select='mod(n,5)-3'", '-fps_mode', 'passthrough', '-enc_time_base', '1:12288', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-c:a', 'copy'];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', whole, ...fewer, '-y', path]);
  return path;
}

/** The styled frame on the screen, once it is the one at the playhead; and the film's frame that it was made of. */
async function preview(): Promise<{ styled: Picture; index: number }> {
  const { page } = launched;
  await previewShown(page);
  const image = page.getByTestId('styled');
  const styled = await shownPicture(image);
  const time = Number(await image.getAttribute('data-time')) / FLICKS;
  const index = times.findIndex((each) => Math.abs(each - time) < 1e-3);
  expect(index, `a frame is at ${time} s`).toBeGreaterThanOrEqual(0);
  return { styled, index };
}
const decoded = new Map<string, Picture[]>();
/** A frame of the film in the size of what it is compared with. */
function sourceFrame(index: number, { width, height }: Pick<Picture, 'width' | 'height'>): Picture {
  const all = decoded.get(`${width}x${height}`) ?? decodedFrames(film, width, height);
  decoded.set(`${width}x${height}`, all);
  const frame = all[index];
  if (!frame) throw new Error(`no frame ${index}`);
  return frame;
}
const strength = async (value: string): Promise<void> => {
  await launched.page.getByTestId('style-strength').fill(value);
  await expect(launched.page.getByTestId('style-strength-told')).toHaveText(`${Math.round(Number(value) * 100)}%`);
};

test('every style is tried on the clip, and one is given to it by keyboard', async () => {
  const { page } = launched;
  await page.keyboard.press('p');
  await page.getByTestId('style-make-clip').click();
  const gallery = page.getByTestId('style-gallery');
  await galleryDone(page);
  await expect(gallery).toHaveAttribute('data-made', '31');
  await expect(page.locator('[data-testid=style-tile][data-state=made]')).toHaveCount(32);
  await expect(styleTile(page, 'face-ink')).toHaveAttribute('aria-label', /GAN.*One face/);
  await expect(styleTile(page, 'painting-1')).toHaveAttribute('aria-label', /not a GAN$/);
  // No two styles look alike, and none as the frame does.
  const pictures = await Promise.all(['none', 'vintage', 'face-sketch', 'face-ink', 'face-oil', 'painting-1', 'painting-20'].map((key) => shownPicture(styleTile(page, key).locator('img'))));
  for (const [index, one] of pictures.entries()) for (const other of pictures.slice(index + 1)) expect(meanDifference(one, other, FACE)).toBeGreaterThan(4);
  await page.getByTestId('style-tiles').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('style-tile-bar')).toContainText('Vintage');
  await page.keyboard.press('End');
  for (let press = 0; press < 6; press += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('style-panel')).toHaveAttribute('data-style', 'painter');
  await expect(styleTile(page, 'painting-20')).toHaveAttribute('aria-selected', 'true');
});

test('the frame at the playhead is shown styled, as strongly as the slider says, and the next one too', async () => {
  const { page } = launched;
  const first = await preview();
  const full = meanDifference(first.styled, sourceFrame(first.index, first.styled));
  expect(full).toBeGreaterThan(15);
  await strength('0.3');
  const weak = await preview();
  expect(weak.index).toBe(first.index);
  const share = meanDifference(weak.styled, sourceFrame(weak.index, weak.styled)) / full;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
  // It follows the playhead: hardly styled it is nearest to the very frame that is there.
  await strength('0.05');
  const before = await page.getByTestId('video').getAttribute('data-time');
  await page.getByTestId('play').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByTestId('video')).not.toHaveAttribute('data-time', before ?? '');
  const moved = await preview();
  expect(moved.index).toBeGreaterThan(first.index);
  const differences = Array.from({ length: shot }, (_, index) => meanDifference(moved.styled, sourceFrame(index, moved.styled)));
  expect(differences.indexOf(Math.min(...differences))).toBe(moved.index);
});

test('before and after are parted by keyboard', async () => {
  const { page } = launched;
  await page.keyboard.press('w');
  const border = page.getByTestId('style-wipe');
  await border.focus();
  for (let press = 0; press < 2; press += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(border).toHaveAttribute('aria-valuenow', '30');
  await expect(page.getByTestId('styled')).toHaveCSS('clip-path', 'inset(0px 0px 0px 30%)');
  await page.keyboard.press('End');
  await expect(page.getByTestId('styled')).toHaveCSS('clip-path', 'inset(0px 0px 0px 100%)');
  await page.keyboard.press('w');
  await expect(border).toHaveCount(0);
});

test('settings are undone and redone, and copied to another clip', async () => {
  const { page } = launched;
  const panel = page.getByTestId('style-panel');
  for (const told of ['30%', '100%']) {
    await page.keyboard.press('Control+z');
    await expect(page.getByTestId('style-strength-told')).toHaveText(told);
  }
  await page.keyboard.press('Control+z');
  await expect(panel).toHaveAttribute('data-style', 'none');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+Shift+z');
  await expect(panel).toHaveAttribute('data-style', 'painter');
  await expect(page.getByTestId('style-strength-told')).toHaveText('30%');
  await page.keyboard.press('Alt+c');
  await page.getByTestId('tab-shots').click();
  await pickShots(page, [1]);
  await page.keyboard.press('Enter');
  await page.getByTestId('tab-clips').click();
  await page.getByTestId('clip-item').nth(1).click();
  await page.keyboard.press('Alt+v');
  await expect(page.getByTestId('clip-style')).toHaveText([/Blue swirls/, /Blue swirls/]);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('clip-style')).toHaveCount(1);
});

test('a picture becomes a style by being dropped', async () => {
  const { page, home } = launched;
  await page.getByTestId('clip-item').nth(0).click();
  await page.getByTestId('tab-style').click();
  await galleryDone(page);
  await dropFiles(page, [stylePicture(home)], 'style-gallery');
  const tile = page.locator('[data-testid=style-tile][data-style^="picture-"]');
  await expect(tile).toHaveAttribute('aria-selected', 'true');
  await expect(tile).toHaveAttribute('data-state', 'made', { timeout: 60_000 });
  await strength('1');
  const { styled, index } = await preview();
  expect(meanDifference(styled, sourceFrame(index, styled))).toBeGreaterThan(15);
});

test('the background of a person is blurred, or is another picture', async () => {
  const { page, home } = launched;
  const green = join(home, 'green.png');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'color=0x20a040:s=640x360', '-frames:v', '1', '-y', green]);
  await openByDialog(launched, [green]);
  await expect(page.getByTestId('status')).toContainText('green.png');
  await settled(page);
  await page.getByTestId('tab-clips').click();
  await page.getByTestId('clip-item').nth(0).dblclick();
  await page.getByTestId('tab-style').click();
  await styleTile(page, 'none').click();
  await showStyleView(page, 'settings');
  const fields = page.getByTestId('style-background-fields');
  const background = async (mode: string, downs: number): Promise<void> => {
    await page.getByTestId('style-background').click();
    await page.keyboard.press('Home');
    for (let press = 0; press < downs; press += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(fields).toHaveAttribute('data-mode', mode);
  };
  await background('blur', 1);
  const blurred = await preview();
  const source = sourceFrame(blurred.index, blurred.styled);
  expect(roughness(blurred.styled, BESIDE)).toBeLessThan(0.7 * roughness(source, BESIDE));
  expect(meanDifference(blurred.styled, source, FACE)).toBeLessThan(6);
  await background('media', 3);
  await expect(page.getByTestId('style-background-media')).toContainText('green.png');
  const replaced = await preview();
  const colour = meanColour(replaced.styled, BESIDE);
  for (const [channel, wanted] of [0x20, 0xa0, 0x40].entries()) expect(Math.abs((colour[channel] ?? 0) - wanted)).toBeLessThan(12);
  expect(meanDifference(replaced.styled, sourceFrame(replaced.index, replaced.styled), FACE)).toBeLessThan(8);
  await page.keyboard.press('Control+z');
  await expect(fields).toHaveAttribute('data-mode', 'blur');
  await background('none', 0);
  await showStyleView(page, 'gallery');
  await page.locator('[data-testid=style-tile][data-style^="picture-"]').click();
});

test('a render is stopped in the middle, and goes on with what is there', async () => {
  test.setTimeout(240_000);
  const { page, home } = launched;
  const renders = join(home, 'data', 'renders');
  // All of the film as one clip.
  await page.getByTestId('play').focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('timecode')).toHaveAttribute('data-flicks', '0');
  await page.keyboard.press('i');
  await expect(page.getByTestId('range-length')).toBeVisible();
  await page.keyboard.press('Shift+A');
  await expect(page.getByTestId('style-clip')).toHaveText('film');
  await styleTile(page, 'painting-20').click();
  const row = page.getByTestId('style-render-row');
  const progress = page.getByTestId('style-render-progress');
  await page.keyboard.press('Shift+R');
  await expect(row).toHaveAttribute('data-status', 'running');
  await expect.poll(async () => Number(await progress.getAttribute('data-done')), { timeout: 120_000, intervals: [50] }).toBeGreaterThan(shot + 6);
  await expect(progress).toContainText(`/ ${times.length}`);
  await page.getByTestId('style-render-stop').click();
  await expect(row).toHaveAttribute('data-status', 'stopped', { timeout: 3000 });
  const [name = ''] = readdirSync(renders);
  expect(readdirSync(renders)).toHaveLength(1);
  // Only whole pieces stay: the first shot's, and more where frames take long.
  const kept = readFileSync(join(renders, name, 'journal.jsonl'), 'utf8').split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { file: string; times: number[] }]));
  expect(readdirSync(join(renders, name)).sort()).toEqual(['journal.jsonl', ...kept.map(({ file }) => file)]);
  const reused = kept.reduce((sum, piece) => sum + piece.times.length, 0);
  expect(reused).toBeGreaterThanOrEqual(shot);
  expect(reused).toBeLessThan(times.length);
  await page.getByTestId('style-render').click();
  await expect(row).toHaveAttribute('data-status', 'running');
  await expect(row).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await expect(row).toHaveAttribute('data-frames', String(times.length));
  await expect(row).toHaveAttribute('data-reused', String(reused));
  expect(readdirSync(join(renders, name)).sort()).toEqual(['clip.mov', 'journal.jsonl']);
});

test('styled frames are exported beside plain ones, at the times of the source, with its sound, and the file says so', async () => {
  test.setTimeout(240_000);
  const { page } = launched;
  await page.getByTestId('export-open').click();
  await choose(page, 'export-files', 'Separate files');
  await choose(page, 'export-mode', 'Exact');
  await runExport(page);
  // Shot 1 with a picture's style, the whole film as a painting, shot 2 as it is.
  const ranges = [[0, shot], [0, times.length], [shot, times.length]] as const;
  const exported = readdirSync(launched.exports, { recursive: true }).map(String).filter((name) => name.endsWith('.mp4')).sort();
  expect(exported).toHaveLength(3);
  for (const [place, name] of exported.entries()) {
    const path = join(launched.exports, name);
    const made = decodedFrames(path, WIDTH, HEIGHT);
    const [from, until] = ranges[place] ?? [0, 0];
    expect(made.length, name).toBe(until - from);
    const differences = made.map((frame, index) => meanDifference(frame, sourceFrame(from + index, frame)));
    const plain = place === 2;
    if (plain) expect(Math.max(...differences), name).toBeLessThan(4);
    else expect(Math.min(...differences), name).toBeGreaterThan(10);
    const wanted = times.slice(from, until).map((time) => time - (times[from] ?? 0));
    for (const [index, time] of frameTimes(path).entries()) expect(Math.abs(time - (wanted[index] ?? NaN)), `${name}, frame ${index}`).toBeLessThan(0.001);
    const length = (times[until] ?? soundLength(film)) - (times[from] ?? 0);
    expect(Math.abs(soundLength(path) - length), name).toBeLessThan(0.05);
    const comment = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format_tags=comment', '-of', 'csv=p=0', path], { encoding: 'utf8' });
    const statement = readFileSync(path).includes('compositeWithTrainedAlgorithmicMedia');
    expect(statement, name).toBe(!plain);
    if (plain) expect(comment.trim(), name).toBe('');
    else expect(comment, name).toMatch(/^"?Contains pictures generated on this machine by Rushes/);
  }
});

test('the styles are part of the project, and in Chinese', async () => {
  const { app, page, home } = launched;
  const project = join(home, 'styled.rushes');
  await answerDialogs(app, { save: project });
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('project-name')).toHaveText('styled');
  expect(launched.complaints).toEqual([]);
  await launched.close(true);
  launched = await launchApp({ home, files: [project], locale: 'zh-CN' });
  const { page: again } = launched;
  await expect(again.getByTestId('project-name')).toHaveText('styled');
  await again.getByTestId('tab-clips').click();
  await expect(again.getByTestId('clip-style')).toHaveText([/waves/, /20/]);
  await again.getByTestId('clip-item').nth(0).click();
  await again.keyboard.press('p');
  const panel = again.getByTestId('style-panel');
  await expect(panel).toHaveAttribute('data-style', 'picture');
  // The picture came with the project: its tile is made again, next after the first.
  const picture = again.locator('[data-testid=style-tile][data-style^="picture-"]');
  await expect(picture).toHaveAttribute('aria-selected', 'true');
  await expect(picture).toHaveAttribute('data-state', 'made', { timeout: 60_000 });
  await expect(styleTile(again, 'vintage')).toHaveAttribute('aria-label', /\p{Script=Han}.*GAN/u);
  await again.getByTestId('style-about').click();
  await expect(again.getByTestId('style-card')).toContainText(/\p{Script=Han}{4}/u);
  await again.keyboard.press('Escape');
  await showStyleView(again, 'settings');
  for (const id of ['style-keep-colours', 'style-label']) await expect(again.getByTestId(id).locator('..')).toHaveText(/^\P{Script=Latin}+$/u);
  await again.getByTestId('tab-clips').click();
  await again.getByTestId('clip-item').nth(1).click();
  // What an earlier run rendered is there.
  await again.keyboard.press('Shift+R');
  await again.keyboard.press('p');
  await expect(again.getByTestId('style-render-row')).toHaveAttribute('data-reused', String(times.length), { timeout: 30_000 });
  await expect(again.getByTestId('style-render-row')).toHaveText(/\p{Script=Han}/u);
  expect(launched.complaints).toEqual([]);
});
