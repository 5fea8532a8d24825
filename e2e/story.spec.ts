/** What a talk is about: its summary, chapters, highlights, answers and moments found by words, by meaning and by the picture; in English and in Chinese. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './helpers/app.ts';
import { printingFilm } from './helpers/printing.ts';
import { frameOf } from './helpers/frames.ts';
import { plainWords, RATE } from './helpers/speech.ts';
import { dropTalk, showStory, talkFilm, understood } from './helpers/story.ts';
import { choose, dragToClips, openByDialog, readClips, runExport, settled } from './helpers/window.ts';

const FLICKS = 705_600_000;
let launched: LaunchedApp;
let film: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  film = printingFilm(join(launched.home, 'printing.mp4'));
  await openByDialog(launched, [film]);
  await expect(launched.page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
});
test.afterAll(async () => launched.close());

/** Where the player is, in seconds. */
const shownAt = async (page: Page): Promise<number> => Number(await page.getByTestId('video').getAttribute('data-time')) / FLICKS;
/** A fact of an element in flicks, as seconds. */
const seconds = (text: string | null): number => Number(text) / FLICKS;

test('the talk is recognised and summed up by itself, and plays a sentence of its summary', async () => {
  const { page } = launched;
  await page.keyboard.press('t');
  await page.getByTestId('transcript').getByTestId('transcribe-start').click();
  await page.getByTestId('tab-story').click();
  await expect(page.getByTestId('story-transcribing')).toBeVisible();
  await understood(page);
  const all = plainWords(await sentencesSaid(page));
  expect(all).toContain('invention');
  await page.getByTestId('summary-length').click();
  await page.getByRole('option').first().click();
  await expect(page.getByTestId('summary')).toHaveAttribute('data-count', '3');
  const last = page.getByTestId('summary-sentence').last();
  const start = seconds(await last.getAttribute('data-start'));
  await last.click();
  await expect.poll(() => shownAt(page)).toBeGreaterThan(start);
  await page.keyboard.press('k');
  const at = await shownAt(page);
  expect(at).toBeLessThan(start + 3);
  await expect(last).toHaveClass(/here/);
});

/** Everything of the summary's words. */
async function sentencesSaid(page: Page): Promise<string> {
  return (await page.getByTestId('summary-sentence').locator('.words').allTextContents()).join(' ');
}

/** Titles and starts in seconds, as the panel shows them. */
async function chaptersShown(page: Page): Promise<{ title: string; start: number }[]> {
  const rows = await page.getByTestId('chapter').evaluateAll((all) => all.map((row) => ({ title: row.querySelector('[data-testid=chapter-title]')?.textContent ?? '', start: Number((row as HTMLElement).dataset['start']) })));
  return rows.map(({ title, start }) => ({ title, start: start / FLICKS }));
}
/** Saves the chapters in a form by its menu and gives the file's path. */
async function chaptersSaved(format: 'youtube' | 'vtt' | 'json' | 'media', name: string): Promise<string> {
  const { app, page, home } = launched;
  const path = join(home, name);
  await answerDialogs(app, { save: path });
  await page.getByTestId('chapters-export').click();
  await page.getByTestId(`chapters-export-${format}`).click();
  await expect(page.getByTestId('toast').filter({ hasText: name })).toBeVisible();
  await page.getByTestId('toast-close').first().click();
  return path;
}

test('chapters are renamed, split, merged, undone and redone', async () => {
  const { page } = launched;
  await showStory(page, 'chapters');
  const found = await chaptersShown(page);
  expect(found[0]?.start).toBe(0);
  await page.getByTestId('chapter').first().click();
  await page.keyboard.press('F2');
  await page.getByTestId('chapter-title-field').fill('The invention');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chapter-title').first()).toHaveText('The invention');
  for (const [at, title] of [['00:00:40:00', 'Gutenberg'], ['00:00:58:00', 'Beautiful letters & books']] as const) {
    await page.getByTestId('timecode').click();
    await page.getByTestId('timecode-input').fill(at);
    await page.keyboard.press('Enter');
    await page.getByTestId('chapter-split').click();
    await page.getByTestId('chapter-title-field').fill(title);
    await page.keyboard.press('Enter');
  }
  const split = await chaptersShown(page);
  expect(split).toHaveLength(found.length + 2);
  expect(split.map(({ title }) => title)).toEqual(expect.arrayContaining(['The invention', 'Gutenberg', 'Beautiful letters & books']));
  // What was found beside the person's own goes into the chapter before it.
  const own = ['The invention', 'Gutenberg', 'Beautiful letters & books'];
  for (const { title } of split.filter((chapter) => !own.includes(chapter.title))) {
    await page.getByTestId('chapter').filter({ hasText: title }).first().click();
    await page.getByTestId('chapter-merge').click();
  }
  await expect(page.getByTestId('chapter')).toHaveCount(3);
  await page.getByTestId('chapter').nth(1).click();
  await page.keyboard.press('Delete');
  await expect(page.getByTestId('chapter-title')).toHaveText(['The invention', 'Beautiful letters & books']);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('chapter-title')).toHaveText(own);
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByTestId('chapter')).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('chapter')).toHaveCount(3);
});

test('chapters are exported: in a copy of the video, and as three texts', async () => {
  const { page } = launched;
  const chapters = await chaptersShown(page);
  const copy = await chaptersSaved('media', 'chapters.mp4');
  const probe = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_chapters', '-show_streams', '-of', 'json', copy], { encoding: 'utf8' })) as {
    chapters: { start_time: string; end_time: string; tags: { title: string } }[];
    streams: { codec_name: string }[];
  };
  expect(probe.chapters.map(({ tags }) => tags.title)).toEqual(chapters.map(({ title }) => title));
  for (const [index, { start_time: start }] of probe.chapters.entries()) expect(Math.abs(Number(start) - (chapters[index]?.start ?? NaN))).toBeLessThan(0.002);
  // The streams are as they were, packet by packet.
  const packets = (file: string): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', file, '-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'streamhash', '-'], { encoding: 'utf8' });
  expect(packets(copy)).toBe(packets(film));

  const clock = (time: number): string => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, '0')}`;
  const youtube = readFileSync(await chaptersSaved('youtube', 'chapters.txt'), 'utf8').trim().split('\n');
  expect(youtube.map((line) => line.replace(/^0(?=\d:)/, ''))).toEqual(chapters.map(({ title, start }) => `${clock(start)} ${title}`));
  const vtt = readFileSync(await chaptersSaved('vtt', 'chapters.vtt'), 'utf8');
  expect(vtt).toMatch(/^WEBVTT/);
  expect(vtt).toContain('Beautiful letters &amp; books');
  expect(vtt.match(/-->/g)).toHaveLength(chapters.length);
  const json = JSON.parse(readFileSync(await chaptersSaved('json', 'chapters.json'), 'utf8')) as { version: string; chapters: { startTime: number; title: string }[] };
  expect(json.version).toMatch(/^1\./);
  expect(json.chapters.map(({ title }) => title)).toEqual(chapters.map(({ title }) => title));
  for (const [index, { startTime }] of json.chapters.entries()) expect(Math.abs(startTime - (chapters[index]?.start ?? NaN))).toBeLessThan(0.002);
});

test('a reel of 20 seconds is made of the highlights and exported', async () => {
  const { page, home } = launched;
  await settled(page);
  await showStory(page, 'highlights');
  await page.getByTestId('highlights-start').click();
  await expect(page.getByTestId('highlights')).toHaveAttribute('data-status', 'done', { timeout: 60_000 });
  const length = page.getByTestId('highlight-reel-length');
  await length.fill('20');
  await length.press('Enter');
  const told = page.getByTestId('highlight-reel-total');
  const total = seconds(await told.getAttribute('data-flicks'));
  await page.getByTestId('highlight-reel-make').click();
  const clips = await readClips(page);
  expect(clips).toHaveLength(Number(await told.getAttribute('data-count')));
  const ranges = clips.map((clip) => [clip.in, clip.out].map((time) => frameOf(time, RATE) / RATE) as [number, number]);
  // In the order of the story, nothing twice.
  for (const [index, [start, end]] of ranges.entries()) {
    expect(end).toBeGreaterThan(start);
    expect(start).toBeGreaterThanOrEqual(ranges[index - 1]?.[1] ?? 0);
  }
  const longest = Math.max(...ranges.map(([start, end]) => end - start));
  expect(Math.abs(total - 20)).toBeLessThanOrEqual(longest);
  await page.getByTestId('export-open').click();
  await choose(page, 'export-files', 'One file');
  await choose(page, 'export-mode', 'Exact');
  await runExport(page);
  // Where the chapters were saved last.
  const [name = ''] = readdirSync(home, { recursive: true }).map(String).filter((file) => file.endsWith('.mp4') && !/^(?:printing|chapters)\.mp4$|^data/.test(file));
  const exported = Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', join(home, name)], { encoding: 'utf8' }));
  expect(Math.abs(exported - total)).toBeLessThan(0.3);
  expect(Math.abs(exported - 20)).toBeLessThanOrEqual(longest);
});

test('a sentence of the summary and a highlight are dragged to the timeline by the mouse', async () => {
  const { page } = launched;
  const before = await readClips(page);
  await page.getByTestId('tab-story').click();
  await showStory(page, 'highlights');
  await dragToClips(page, page.getByTestId('highlight-item').first());
  await showStory(page, 'summary');
  const sentence = page.getByTestId('summary-sentence').first();
  const start = seconds(await sentence.getAttribute('data-start'));
  await dragToClips(page, sentence);
  const after = await readClips(page);
  expect(after).toHaveLength(before.length + 2);
  // Each was dropped before all others: the last one dragged is the first.
  expect(after.slice(2)).toEqual(before);
  expect(Math.abs(frameOf(after[0]?.in ?? '', RATE) / RATE - start)).toBeLessThanOrEqual(1);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('clip-item')).toHaveCount(before.length);
});

interface Found {
  text: string;
  lists: string[];
  label: string;
}
/** Asks the search box and gives the moments found, best first. */
async function search(page: Page, query: string): Promise<Found[]> {
  await page.getByTestId('search-clear').click({ timeout: 1000 }).catch(() => undefined);
  await page.keyboard.press('/');
  await page.getByTestId('tag-search').fill(query);
  await expect(page.getByTestId('tag-result').first()).toBeVisible();
  await expect(page.getByTestId('moment-count')).toBeVisible();
  await expect(page.getByTestId('tag-search')).toHaveAttribute('aria-busy', 'false');
  return page.getByTestId('tag-result').evaluateAll((rows) =>
    rows.map((row) => ({
      text: row.querySelector('.snippet')?.textContent?.trim() ?? '',
      lists: [...row.querySelectorAll('[data-testid=found-why]')].map((sign) => (sign as HTMLElement).dataset['list'] ?? ''),
      label: row.getAttribute('aria-label') ?? '',
    })),
  );
}

test('moments are found by words, by meaning, by what is written and by what is seen', async () => {
  const { page } = launched;
  const words = await search(page, 'typography');
  expect(words[0]?.text).toContain('typography');
  expect(words[0]?.lists).toContain('words');
  const meaning = await search(page, 'oldest volume ever typeset');
  expect(meaning[0]?.text).toContain('earliest book');
  expect(meaning[0]?.lists).toContain('meaning');
  expect(meaning[0]?.lists).not.toContain('words');
  const written = await search(page, 'opening hours');
  expect(written[0]?.text).toContain('opening hours');
  expect(written[0]?.lists).toContain('text');
  const seen = await search(page, 'traffic on the road');
  expect(seen.some(({ lists }) => lists.includes('tags')), JSON.stringify(seen)).toBe(true);
  // Enter shows the moment; with Shift it is added to the clips.
  await search(page, 'Winter garden');
  await page.keyboard.press('Enter');
  await expect.poll(async () => Math.floor(await shownAt(page))).toBeGreaterThanOrEqual(35);
  expect(await shownAt(page)).toBeLessThan(56);
  const before = (await readClips(page)).length;
  await search(page, 'Winter garden');
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByTestId('clip-item')).toHaveCount(before + 1);
  await page.getByTestId('search-clear').click();
});

test('a question is answered by a sentence, its answer marked, that plays; and another by nothing', async () => {
  const { page } = launched;
  await page.getByTestId('tab-story').click();
  await showStory(page, 'ask');
  await page.getByTestId('ask-question').fill('When was the Gutenberg Bible printed?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('answers')).toHaveAttribute('data-found', 'true');
  const answer = page.getByTestId('answer').first();
  await expect(answer).toContainText(/Gutt?enberg/);
  await expect(answer.getByTestId('answer-span')).toHaveText(/1455|fifty.five/);
  const start = seconds(await answer.getAttribute('data-start'));
  await answer.click();
  await expect.poll(() => shownAt(page)).toBeGreaterThan(start);
  await page.keyboard.press('k');
  expect(await shownAt(page)).toBeLessThan(start + 3);
  await page.getByTestId('ask-question').fill('How many goals did the team score?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ask-not-found')).toBeVisible();
});

test('the settings and chapters are part of the project', async () => {
  const { home } = launched;
  const project = join(home, 'printing.rushes');
  await showStory(launched.page, 'summary');
  await launched.page.getByTestId('summary-bullets').click();
  await answerDialogs(launched.app, { save: project });
  await launched.page.keyboard.press('Control+s');
  await expect(launched.page.getByTestId('project-name')).toHaveText('printing');
  expect(launched.complaints).toEqual([]);
  await launched.close(true);
  launched = await launchApp({ home, files: [project] });
  const { page } = launched;
  await expect(page.getByTestId('project-name')).toHaveText('printing');
  await page.getByTestId('tab-story').click();
  await understood(page);
  await showStory(page, 'summary');
  await expect(page.getByTestId('summary-bullets')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('summary')).toHaveAttribute('data-count', '3');
  await showStory(page, 'chapters');
  await expect(page.getByTestId('chapter-title')).toHaveText(['The invention', 'Gutenberg', 'Beautiful letters & books']);
});

test('a Chinese talk: summary, chapters, answers, and moments by word and by meaning', async () => {
  const { page, home } = launched;
  await openByDialog(launched, [talkFilm(join(home, 'talk.mp4'))]);
  await expect(page.getByTestId('timecode')).toBeVisible();
  await page.getByTestId('tab-media').click();
  await expect(page.getByTestId('media-item').filter({ hasText: 'talk.mp4' })).toBeVisible();
  await page.getByTestId('media-item').filter({ hasText: 'talk.mp4' }).click();
  await page.getByTestId('tab-story').click();
  await showStory(page, 'summary');
  await expect(page.getByTestId('story-no-transcript')).toBeVisible();
  await dropTalk(launched, 'zh');
  await understood(page);
  expect(await sentencesSaid(page)).toMatch(/望远镜/);
  await showStory(page, 'chapters');
  await expect(page.getByTestId('chapter-title').first()).toHaveText(/\p{Script=Han}/u);
  await showStory(page, 'ask');
  await page.getByTestId('ask-question').fill('新望远镜花了多少钱？');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('answers')).toHaveAttribute('data-found', 'true');
  await expect(page.getByTestId('answer').first().getByTestId('answer-span')).toContainText('四百万');
  const words = await search(page, '彗星');
  // Its neighbours that say it too are the same moment.
  expect(words[0]?.text).toContain('彗星');
  expect(words[0]?.lists).toContain('words');
  const meaning = await search(page, '谈到孩子们上课的地方');
  expect(meaning[0]?.text).toMatch(/学校|课/);
  expect(meaning[0]?.lists).toContain('meaning');
  expect(launched.complaints).toEqual([]);
});
