/** What a person does in the window, in the words of its test ids (README.md lists them). */
import { expect, type Locator, type Page } from '@playwright/test';
import { answerDialogs, type LaunchedApp } from './app.ts';

/** Opens files through the dialog of the title bar's button. */
export async function openByDialog({ app, page }: LaunchedApp, files: string[]): Promise<void> {
  await answerDialogs(app, { open: files });
  await page.getByTestId('media-open').click();
}

/** Drops files on the window, or on one of its elements. They come from a file input, as only such files have a path. */
export async function dropFiles(page: Page, files: string[], testid: string | null = null): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.dataset['testid'] = 'dropped';
    input.style.position = 'fixed';
    document.body.append(input);
  });
  await page.getByTestId('dropped').setInputFiles(files);
  await page.evaluate((name) => {
    const input = document.querySelector<HTMLInputElement>('[data-testid=dropped]');
    const transfer = new DataTransfer();
    for (const file of input?.files ?? []) transfer.items.add(file);
    input?.remove();
    const target = name === null ? document.body : document.querySelector(`[data-testid="${name}"]`);
    for (const type of ['dragenter', 'dragover', 'drop']) target?.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, testid);
}

/** Waits until what fades or slides in has arrived. Animations that go on for ever, such as a skeleton's, don't count. */
export async function animationsOver(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
    const moving = (): Animation[] => document.getAnimations().filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
    // What starts with the next frame counts too.
    await frame();
    for (let running = moving(); running.length > 0; running = moving()) {
      // Rejected when its element goes: it is over then too.
      await Promise.allSettled(running.map((one) => one.finished));
      await frame();
    }
  });
}

/** Waits until nothing runs any more. */
export async function settled(page: Page, timeout = 90_000): Promise<void> {
  await expect(page.getByTestId('status-idle')).toBeVisible({ timeout });
}

export async function shotCount(page: Page): Promise<number> {
  return Number(await page.getByTestId('shot-count').getAttribute('data-count'));
}

/** Picks shots by their place in the list: the first by a click, the others with Ctrl. */
export async function pickShots(page: Page, indices: number[]): Promise<void> {
  for (const [order, index] of indices.entries()) {
    await page.locator(`[data-testid=shot-item][data-index="${index}"]`).click(order === 0 ? {} : { modifiers: ['ControlOrMeta'] });
  }
}

export interface ClipFacts {
  name: string;
  /** Timecodes of the clip's first frame and of the one behind its last. */
  in: string;
  out: string;
}

/** The clips as the inspector's list and editor show them. */
export async function readClips(page: Page): Promise<ClipFacts[]> {
  await page.getByTestId('tab-clips').click();
  const items: Locator = page.getByTestId('clip-item');
  const clips: ClipFacts[] = [];
  for (let index = 0; index < (await items.count()); index += 1) {
    await items.nth(index).click();
    clips.push({
      name: await page.getByTestId('clip-name').inputValue(),
      in: await page.getByTestId('clip-in').inputValue(),
      out: await page.getByTestId('clip-out').inputValue(),
    });
  }
  return clips;
}

/** Chooses one of a strip of choices by its shown text. */
export async function choose(page: Page, strip: string, text: string | RegExp): Promise<void> {
  await page.getByTestId(strip).getByRole('radio', { name: text }).check();
}

/** Runs the export that the panel shows and waits for its end. */
export async function runExport(page: Page): Promise<void> {
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
}

/** Takes an element by its middle and drops it at the beginning of the clips, as a hand does. */
export async function dragToClips(page: Page, from: Locator): Promise<void> {
  const clips = Number(await page.getByTestId('tab-clips').textContent().then((text) => text?.match(/\d+/)?.[0] ?? '0'));
  await from.scrollIntoViewIfNeeded();
  const [source, lane] = [await from.boundingBox(), await page.getByTestId('timeline-lane-clips').boundingBox()];
  if (!source || !lane) throw new Error('Nothing to drag, or nowhere to drag it');
  await page.mouse.move(source.x + source.width / 2, source.y + Math.min(source.height / 2, 12));
  await page.mouse.down();
  await page.mouse.move(lane.x + 40, lane.y + lane.height / 2, { steps: 8 });
  await page.mouse.move(lane.x + 14, lane.y + lane.height / 2, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByTestId('tab-clips')).toContainText(String(clips + 1));
}
