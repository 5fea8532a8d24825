/** The states of the captions and transcript panels that tests walk through: for faults, for clipped words and for pictures. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { LaunchedApp } from './app.ts';
import { wordAt } from './speech.ts';
import { dropFiles } from './window.ts';

/** What can be put right (a line that is too long) and what can't: more text than there is time for. */
const DENSE = 'so that nobody on this earth could ever hope to read all of it in time, however quick';
const CAPTIONS: Record<string, readonly (readonly [start: number, end: number, text: string])[]> = {
  'speech.zh.srt': [
    [0.4, 2.1, '同胞们：'],
    [3.3, 7.5, '不要问国家能为你们做些什么，'],
  ],
  'speech.en.srt': [
    [0.4, 2.1, 'And so my fellow Americans'],
    [3.3, 7.5, 'ask not what your country can do for you, and then ask it again'],
    [8.2, 9.2, DENSE],
    [9.3, 10, DENSE],
    [10.1, 10.9, DENSE],
  ],
};
const stamp = (seconds: number): string => `00:00:${seconds.toFixed(3).padStart(6, '0').replace('.', ',')}`;

/** Gives the film that is open, one of speech, a Chinese and an English track by dropping files; the English one is worked on. */
export async function dropCaptions({ page, home }: LaunchedApp): Promise<void> {
  for (const [name, cues] of Object.entries(CAPTIONS)) {
    const file = join(home, name);
    writeFileSync(file, cues.map(([start, end, text], index) => `${index + 1}\n${stamp(start)} --> ${stamp(end)}\n${text}\n`).join('\n'));
    await dropFiles(page, [file]);
    await expect(page.getByTestId('cue-list')).toHaveAttribute('data-count', String(cues.length));
  }
}

/** Walks through the panels and stops, with the state's name, at each; afterwards the edit is as it was. After `dropCaptions`. */
export async function* captionStates({ page }: LaunchedApp): AsyncGenerator<string> {
  await page.getByTestId('tab-captions').click();
  await page.keyboard.press('t');
  await wordAt(page, 1).click();
  await wordAt(page, 4).click({ modifiers: ['Shift'] });
  await page.locator('[data-testid=cue][data-index="2"]').click();
  await expect(page.getByTestId('cue-violation').first()).toBeVisible();
  yield 'captions-and-transcript';
  await page.keyboard.press('Control+Shift+H');
  await page.getByTestId('find-text').fill('country');
  yield 'captions-find';
  await page.keyboard.press('Control+Shift+T');
  yield 'captions-time';
  await page.getByTestId('shift-by').press('Escape');
  yield* captionPages(page);
  await page.getByTestId('caption-beside').click();
  await expect(page.getByTestId('cue-pairs')).toBeVisible();
  yield 'captions-beside';
  await page.getByTestId('caption-beside').click();
  await page.keyboard.press('Control+F9');
  await expect(page.getByTestId('captions-unmet')).toBeVisible();
  yield 'captions-unmet';
  await page.getByTestId('captions-unmet').getByRole('button').first().click();
  await page.keyboard.press('Control+z');
  yield* transcriptStates(page);
}

async function* captionPages(page: LaunchedApp['page']): AsyncGenerator<string> {
  for (const [button, shown] of [
    ['caption-track-edit', 'caption-track-page'],
    ['caption-rules', 'caption-rules-page'],
    ['caption-style', 'caption-style-page'],
  ] as const) {
    await page.getByTestId(button).click();
    await expect(page.getByTestId(shown)).toBeVisible();
    yield shown;
    await page.getByTestId('caption-back').click();
  }
  await page.keyboard.press('Control+t');
  await expect(page.getByTestId('caption-transcribe-page')).toBeVisible();
  yield 'caption-transcribe-page';
  await page.getByTestId('caption-back').click();
}

async function* transcriptStates(page: LaunchedApp['page']): AsyncGenerator<string> {
  await wordAt(page, 1).click();
  await wordAt(page, 4).click({ modifiers: ['Shift'] });
  await page.keyboard.press('Delete');
  await expect(wordAt(page, 4)).toHaveAttribute('data-cut', 'true');
  yield 'transcript-cut';
  await page.keyboard.press('Control+z');
  await page.getByTestId('transcript-find-open').click();
  await page.getByTestId('transcript-find').fill('ask');
  yield 'transcript-find';
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+T');
  await expect(page.getByTestId('tighten-item').first()).toBeVisible();
  yield 'tighten';
  await page.getByTestId('tighten-lists').click();
  yield 'tighten-lists';
  await page.getByTestId('tighten-lists').click();
  await page.keyboard.press('t');
}
