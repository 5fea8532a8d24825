/** The timeline by hand and by keyboard, in its harness page with made-up media: shots, clips and times are known there. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { _electron, expect, test, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import { build } from 'vite';
import { root } from './helpers/app.ts';

interface HarnessState {
  playhead: number;
  shots: number[];
  clips: { id: string; start: number; end: number }[];
  picked: string[];
  cues: { id: string; start: number; end: number }[];
  pickedCues: string[];
  inPoint: number | null;
  outPoint: number | null;
  calls: string[];
}
/** A frame of the made-up media, 25 frames/s, in flicks. */
const FRAME = 28_224_000;

let app: ElectronApplication;
let page: Page;
let faults: string[];

const lane = (name: 'ruler' | 'shots' | 'captions' | 'clips'): Locator => page.getByTestId(`timeline-lane-${name}`);
const state = (): Promise<HarnessState> => page.evaluate('window.harness.state()');
const boxOf = async (locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('not on the screen');
  return box;
};

async function open(query: string): Promise<void> {
  await page.evaluate((search) => {
    location.search = search;
  }, query);
  await page.waitForFunction((search) => location.search === `?${search}` && 'harness' in window, query);
  await expect(page.getByTestId('timeline-lane-clips')).toHaveCSS('position', 'absolute');
}

test.beforeAll(async () => {
  await build({ configFile: join(root, 'renderer/timeline/harness/vite.config.ts'), logLevel: 'error' });
  app = await _electron.launch({ args: [join(root, 'renderer/timeline/harness/window.mjs'), join(root, 'dist/timeline-harness/index.html'), 'shots=40', '1280', '800'] });
  page = await app.firstWindow();
  faults = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
});
test.beforeEach(() => open('shots=40&height=320'));
test.afterEach(() => expect(faults).toEqual([]));
test.afterAll(async () => app.close());

test('arrow keys go from shot to shot, say where they are, and Enter adds', async () => {
  await lane('shots').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('timeline-spoken')).toContainText('Shot 3 of 40');
  await expect(lane('shots')).toHaveAttribute('aria-valuenow', '3');
  await page.keyboard.press('Shift+ArrowRight');
  expect((await state()).shots).toEqual([2, 3]);
  const before = (await state()).clips.length;
  await page.keyboard.press('Enter');
  expect((await state()).clips).toHaveLength(before + 2);
});

test('the ruler steps frames and seconds', async () => {
  await lane('ruler').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect((await state()).playhead).toBe(FRAME);
  await page.keyboard.press('Shift+ArrowRight');
  expect((await state()).playhead).toBe(26 * FRAME);
  await expect(lane('ruler')).toHaveAttribute('aria-valuetext', '00:00:01:01');
});

test('clips are chosen, moved and removed by keys', async () => {
  const { clips } = await state();
  await lane('clips').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.getByTestId('timeline-spoken')).toContainText('Clip 2 of');
  expect((await state()).clips.map((clip) => clip.id).slice(0, 2)).toEqual([clips[1]?.id, clips[0]?.id]);
  await page.keyboard.press('Delete');
  expect((await state()).clips.map((clip) => clip.id)).not.toContain(clips[0]?.id);
});

test('cues are walked through, moved and removed by keys, and their edges dragged with their times shown', async () => {
  await open('shots=40&captions=20&height=340');
  await lane('captions').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('timeline-spoken')).toContainText('Cue 2 of 20');
  await expect(lane('captions')).toHaveAttribute('aria-valuenow', '2');
  const before = await state();
  expect(before.pickedCues).toEqual(['cue-1']);
  expect(before.playhead).toBe(before.cues[1]?.start);
  await page.keyboard.press('Alt+ArrowRight');
  expect((await state()).cues[1]).toEqual({ id: 'cue-1', start: (before.cues[1]?.start ?? 0) + FRAME, end: (before.cues[1]?.end ?? 0) + FRAME });
  await page.keyboard.press('Enter');
  expect((await state()).calls.at(-1)).toBe('edit cue-1');

  const box = await boxOf(lane('captions'));
  const end: number = await page.evaluate('window.harness.end()');
  const cue = before.cues[9];
  const x = box.x + 12 + ((cue?.end ?? 0) / end) * (box.width - 24);
  await page.mouse.move(x - 1, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(x + 15, box.y + 10, { steps: 4 });
  await expect(page.getByTestId('timeline-readout')).toContainText('Length');
  await page.mouse.up();
  const moved = (await state()).cues[9];
  expect(moved?.start).toBe(cue?.start);
  expect(moved?.end).toBeGreaterThan(cue?.end ?? Infinity);
  await page.keyboard.press('Delete');
  expect((await state()).cues).toHaveLength(19);
});

test('a clip is dragged to another place, and trimmed with its numbers shown', async () => {
  const box = await boxOf(lane('clips'));
  const { clips } = await state();
  const total = clips.reduce((sum, clip) => sum + clip.end - clip.start, 0);
  const scale = (box.width - 24) / total;
  const edge = (n: number): number => box.x + 12 + clips.slice(0, n).reduce((sum, clip) => sum + clip.end - clip.start, 0) * scale;
  const y = box.y + box.height / 2;
  await page.mouse.move(edge(1) - 2, y);
  await page.mouse.down();
  await page.mouse.move(edge(1) - 40, y, { steps: 4 });
  await expect(page.getByTestId('timeline-readout')).toContainText('Length');
  await page.mouse.up();
  const trimmed = (await state()).clips[0];
  expect(trimmed?.end).toBeLessThan(clips[0]?.end ?? 0);
  expect(trimmed?.start).toBe(clips[0]?.start);
  await expect(page.getByTestId('timeline-readout')).toHaveCount(0);

  await page.mouse.move(box.x + 40, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 14, y, { steps: 6 });
  await expect(page.getByTestId('timeline-readout')).toContainText('Place');
  await page.mouse.up();
  expect((await state()).clips.at(-1)?.id).toBe(clips[0]?.id);
});

test('Escape gives up a drag', async () => {
  const box = await boxOf(lane('clips'));
  const before = await state();
  await page.mouse.move(box.x + 40, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 600, box.y + box.height / 2, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect((await state()).clips).toEqual(before.clips);
});

test('the wheel zooms around the pointer, and the shot under it stays there while more arrive', async () => {
  const box = await boxOf(page.getByTestId('timeline-surface'));
  const [x, y] = [box.x + 500, box.y + 90];
  await page.evaluate('window.harness.show(20)');
  await page.mouse.move(x, y);
  const status = page.getByTestId('timeline-status');
  await expect(status).toContainText('Shot ');
  const number = /\d+/.exec((await status.textContent()) ?? '')?.[0];
  await page.keyboard.down('Control');
  for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await page.evaluate('window.harness.show(40)');
  await page.mouse.move(x, y + 1);
  await expect(status).toContainText(`Shot ${number} of 40`);
  expect(Number(await page.getByTestId('timeline-minimap').getAttribute('aria-valuenow'))).toBeGreaterThan(0);
});

test('zooms in to single frames and out to the whole file', async () => {
  await lane('ruler').focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Zoom timeline in' })).toBeDisabled();
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Show the whole file' })).toBeDisabled();
});

for (const theme of ['dark', 'light']) {
  test(`no serious accessibility fault (${theme})`, async () => {
    await open(`shots=40&height=320&theme=${theme}`);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[data-testid="timeline"]').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });
}
