/** From speech to a cut: cues while the film is recognised, words corrected, a sentence deleted by its words, the edit played over the cut, exported with captions, tightened, and kept. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './helpers/app.ts';
import { frameHashes, frameOf, partPsnr } from './helpers/frames.ts';
import { cueAt, cutWords, plainWords, RATE, speechFilm, SPOKEN, THIRD, transcriptText, watchCues, wordAt } from './helpers/speech.ts';
import { choose, openByDialog, readClips, settled } from './helpers/window.ts';

/** How often the speech is said: long enough to be recognised in parts. */
const TIMES = 6;
/** How often it is still said once the end is cut off. */
const KEPT = 2;
/** Pictures of the film. */
const FRAMES = 11 * TIMES * RATE;
const FLICKS = 705_600_000;
let launched: LaunchedApp;
let film: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  launched = await launchApp();
  film = speechFilm(join(launched.home, 'speech.mp4'), TIMES);
  await openByDialog(launched, [film]);
  await expect(launched.page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
  await settled(launched.page);
});
test.afterAll(async () => launched.close());

/** Frames of each clip of the lane, in order. */
async function lane(): Promise<[number, number][]> {
  const clips = await readClips(launched.page);
  return clips.map((clip) => [frameOf(clip.in, RATE), frameOf(clip.out, RATE)]);
}
const lengthOf = (clips: readonly [number, number][]): number => clips.reduce((sum, [start, end]) => sum + end - start, 0);

test('cues appear while the speech is recognised, and say what was said', async () => {
  const { page } = launched;
  await page.keyboard.press('t');
  await expect(page.getByTestId('transcript')).toBeVisible();
  await page.getByTestId('tab-captions').click();
  await page.getByTestId('captions-transcribe').click();
  const watched = watchCues(page);
  await page.getByTestId('captions-panel').getByTestId('transcribe-start').click();
  const { seen, end } = await watched;
  expect(end).toBe('done');
  const total = Number(await page.getByTestId('cue-list').getAttribute('data-count'));
  // Cues were there with more to come, and it told how far it was.
  expect(seen.some(({ cues }) => cues > 0 && cues < total), JSON.stringify(seen)).toBe(true);
  const shares = seen.flatMap(({ share }) => share ?? []);
  expect(new Set(shares).size, JSON.stringify(seen)).toBeGreaterThan(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(plainWords(await transcriptText(page))).toBe(Array(TIMES).fill(SPOKEN).join(' '));
  expect(plainWords((await page.getByTestId('cue').locator('.line').allTextContents()).join(' '))).toContain(SPOKEN);
});

test('a word is corrected in the transcript, and another in the captions; undone and redone', async () => {
  const { page } = launched;
  await wordAt(page, 3).dblclick();
  await expect(page.getByTestId('transcript-correct')).toHaveValue('fellow');
  await page.getByTestId('transcript-correct').fill('felloe');
  await page.keyboard.press('Enter');
  await expect(wordAt(page, 3)).toHaveText(' felloe');
  await expect(cueAt(page, 0)).toContainText('my felloe Americans');
  await page.keyboard.press('Control+z');
  await expect(wordAt(page, 3)).toHaveText(' fellow');
  await expect(cueAt(page, 0)).toContainText('my fellow Americans');
  await page.keyboard.press('Control+Shift+z');
  await expect(wordAt(page, 3)).toHaveText(' felloe');

  await page.getByTestId('cue').filter({ hasText: 'country' }).first().dblclick();
  const text = await page.getByTestId('cue-text').inputValue();
  await page.getByTestId('cue-text').fill(text.replace('country', 'county'));
  await page.keyboard.press('Control+Enter');
  await expect(wordAt(page, 9)).toHaveText(' county');
  await page.keyboard.press('Control+z');
  await expect(wordAt(page, 9)).toHaveText(' country');
  await page.keyboard.press('Control+Shift+z');
  await expect(wordAt(page, 9)).toHaveText(' county');
});

/** Frames taken out of the film by the sentence's words. */
let removed: [number, number];

test('a sentence deleted by its words is cut out of the clips', async () => {
  const { page } = launched;
  await wordAt(page, THIRD.from).click();
  await wordAt(page, THIRD.to - 1).click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('transcript-picked')).toHaveAttribute('data-count', String(THIRD.to - THIRD.from));
  await page.keyboard.press('Delete');
  await expect.poll(() => cutWords(page)).toEqual(Array.from({ length: THIRD.to - THIRD.from }, (_, index) => THIRD.from + index));
  const clips = await lane();
  expect(clips).toHaveLength(2);
  const [[first = -1, start = 0] = [], [end = 0, last = 0] = []] = clips;
  expect([first, last]).toEqual([0, FRAMES]);
  removed = [start, end];
  // In jfk.flac the sentence is heard from 8.18 s to 10.6 s, with a pause of half a second before it.
  expect(start / RATE).toBeGreaterThan(7.6);
  expect(start / RATE).toBeLessThan(8.2);
  expect(end / RATE).toBeGreaterThan(10.4);
  expect(end / RATE).toBeLessThan(11.4);
});

test('played, the film jumps over the cut', async () => {
  const { page } = launched;
  await expect(page.getByTestId('timecode')).toHaveAttribute('data-sequence', /\d/);
  await wordAt(page, THIRD.from - 1).click();
  const samples = page.evaluate(
    ({ until, flicks }) =>
      new Promise<{ shown: number; element: number; sequence: number }[]>((resolve) => {
        const seen: { shown: number; element: number; sequence: number }[] = [];
        const look = (): void => {
          const video = document.querySelector<HTMLVideoElement>('[data-testid=video]');
          const sequence = Number(document.querySelector<HTMLElement>('[data-testid=timecode]')?.dataset['sequence']) / flicks;
          const shown = Number(video?.dataset['time']) / flicks;
          seen.push({ shown, element: video?.currentTime ?? NaN, sequence });
          if (shown < until) requestAnimationFrame(look);
          else resolve(seen);
        };
        requestAnimationFrame(look);
      }),
    { until: removed[1] / RATE + 0.6, flicks: FLICKS },
  );
  await page.keyboard.press('Space');
  const seen = await samples;
  await page.keyboard.press('Space');
  const [start, end] = [removed[0] / RATE, removed[1] / RATE];
  const frame = 1 / RATE;
  for (const kind of ['shown', 'element'] as const) {
    const times = seen.map((sample) => sample[kind]);
    expect(times.filter((time) => time < start).length, kind).toBeGreaterThan(5);
    expect(times.filter((time) => time >= end).length, kind).toBeGreaterThan(3);
    // What was taken out is neither shown nor played, but for the frame that a player may be late by.
    expect(times.filter((time) => time > start + 2 * frame && time < end - 2 * frame), kind).toEqual([]);
  }
  // The edit's own clock goes on over the cut; a word may begin within a frame, and play from that frame's start.
  const sequence = seen.map((sample) => sample.sequence);
  expect(sequence.filter((time, index) => time < (sequence[index - 1] ?? 0) - frame)).toEqual([]);
  expect(seen.find((sample) => sample.shown >= end)?.sequence).toBeLessThan(start + 0.5);
});

test('undo brings the sentence back, redo takes it out again', async () => {
  const { page } = launched;
  await page.getByTestId('tab-clips').click();
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('clips-empty')).toBeVisible();
  expect(await cutWords(page)).toEqual([]);
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByTestId('clip-item')).toHaveCount(2);
  expect(await lane()).toEqual([[0, removed[0]], [removed[1], FRAMES]]);
});

/** What is left of the film, in frames. */
let kept: [number, number][];

test('the rest is picked and cut by keys', async () => {
  const { page } = launched;
  const words = SPOKEN.split(' ').length * TIMES;
  const first = SPOKEN.split(' ').length * KEPT;
  await wordAt(page, first).click();
  await page.keyboard.press('Control+Shift+End');
  await expect(page.getByTestId('transcript-picked')).toHaveAttribute('data-count', String(words - first));
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await cutWords(page)).filter((word) => word >= first).length).toBeGreaterThan(0);
  kept = await lane();
  // Parts of the pauses beside what was cut may stay.
  expect(lengthOf(kept)).toBeLessThan((11 * KEPT + 1) * RATE - (removed[1] - removed[0]));
  expect(lengthOf(kept)).toBeGreaterThan((11 * KEPT - 1) * RATE - (removed[1] - removed[0]));
});

const written = (): string[] => readdirSync(launched.exports, { recursive: true }).map(String);
/** Runs the export and gives the path of the new file with that ending. */
async function exported(ending: string): Promise<string> {
  const before = new Set(written());
  const made = (): string | undefined => written().find((name) => !before.has(name) && !name.startsWith('.') && name.endsWith(ending));
  await launched.page.getByTestId('export-run').click();
  await expect.poll(made, { timeout: 90_000 }).toBeDefined();
  await expect(launched.page.getByTestId('export-run')).toBeEnabled();
  return join(launched.exports, made() ?? '');
}
interface Caption {
  start: number;
  end: number;
  text: string;
}
/** Captions of a SubRip text, in seconds. */
function readSrt(text: string): Caption[] {
  const seconds = (time: string): number => time.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const cues = text.replaceAll('\r', '').trim().split(/\n\n+/);
  return cues.map((cue) => {
    const [, times = '', ...lines] = cue.split('\n');
    const [start = '', end = ''] = times.split(' --> ');
    return { start: seconds(start), end: seconds(end), text: lines.join('\n') };
  });
}
/** What the cut's captions say: all that was said, with the two corrections and without the sentence. */
const expectedWords = (): string => {
  const words = Array(KEPT).fill(SPOKEN).join(' ').split(' ');
  words[3] = 'felloe';
  words[9] = 'county';
  words.splice(THIRD.from, THIRD.to - THIRD.from);
  return words.join(' ');
};
let sidecar: Caption[];

test('exports a file of captions in the times of the cut', async () => {
  const { page } = launched;
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-kind').click();
  await page.getByRole('option', { name: 'Captions as a file' }).click();
  await choose(page, 'export-captions-times', 'As in the cut');
  await page.getByTestId('export-captions-format').click();
  await page.getByRole('option', { name: /\.srt/ }).click();
  sidecar = readSrt(readFileSync(await exported('.en.srt'), 'utf8'));
  expect(plainWords(sidecar.map(({ text }) => text).join(' '))).toBe(expectedWords());
  // The second reading's first word, heard 0.32 s into it, is moved by what was taken out before it.
  const gone = (removed[1] - removed[0]) / RATE;
  const after = sidecar.find(({ start }) => start > removed[0] / RATE - 0.3);
  expect(Math.abs((after?.start ?? 0) - (11.32 - gone))).toBeLessThan(0.3);
  for (const [index, { start, end }] of sidecar.entries()) {
    expect(end).toBeGreaterThan(start);
    expect(start).toBeGreaterThanOrEqual(sidecar[index - 1]?.end ?? 0);
    expect(end).toBeLessThanOrEqual(lengthOf(kept) / RATE + 0.001);
  }
});

test('exports captions as a stream: its language, its place, its words', async () => {
  const { page } = launched;
  await page.getByTestId('export-kind').click();
  await page.getByRole('option', { name: 'Video clips' }).click();
  await choose(page, 'export-files', 'One file');
  await choose(page, 'export-mode', 'Exact');
  await choose(page, 'export-captions', 'Embedded');
  const file = await exported('.mp4');
  const probe = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 's', '-show_entries', 'stream=codec_name:stream_tags=language:stream_disposition=default', '-of', 'compact=p=0', file], { encoding: 'utf8' });
  expect(probe.trim()).toBe('codec_name=mov_text|disposition:default=1|tag:language=eng');
  const text = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', file, '-map', '0:s:0', '-f', 'srt', '-'], { encoding: 'utf8' });
  const captions = readSrt(text);
  expect(captions.map((caption) => caption.text)).toEqual(sidecar.map((caption) => caption.text));
  for (const [index, { start, end }] of captions.entries()) {
    expect(Math.abs(start - (sidecar[index]?.start ?? 0))).toBeLessThan(0.01);
    expect(Math.abs(end - (sidecar[index]?.end ?? 0))).toBeLessThan(0.01);
  }
});

test('exports captions in the picture: there where and when they stand, and nowhere else', async () => {
  const { page } = launched;
  await choose(page, 'export-captions', 'Burned in');
  const file = await exported('.mp4');
  expect(frameHashes(file)).toHaveLength(lengthOf(kept));
  const [low, high] = [[0.75, 1], [0, 0.6]] as const;
  /** The frame of the film that the cut shows at one of its own. */
  const source = (frame: number): number => {
    let left = frame;
    for (const [start, end] of kept) {
      if (left < end - start) return start + left;
      left -= end - start;
    }
    return -1;
  };
  const middle = ({ start: from, end: to }: Caption): number => Math.floor(((from + to) / 2) * RATE);
  const standing = [sidecar[0], sidecar.find((caption) => caption.start * RATE > removed[0])].map((caption) => middle(caption ?? { start: NaN, end: NaN, text: '' }));
  const pause = sidecar.findIndex((caption, index) => (sidecar[index + 1]?.start ?? 0) - caption.end > 0.5);
  const free = middle({ start: sidecar[pause]?.end ?? NaN, end: sidecar[pause + 1]?.start ?? NaN, text: '' });
  for (const frame of standing) {
    expect(partPsnr(file, frame, film, source(frame), low), `caption at frame ${frame}`).toBeLessThan(30);
    expect(partPsnr(file, frame, film, source(frame), high), `above the caption at frame ${frame}`).toBeGreaterThan(35);
  }
  expect(partPsnr(file, free, film, source(free), low), `no caption at frame ${free}`).toBeGreaterThan(35);
});

test('tightening takes out what is chosen of the list, in one step', async () => {
  const { page } = launched;
  const before = await lane();
  await page.getByTestId('transcript-text').focus();
  await page.keyboard.press('Shift+T');
  await page.getByTestId('tighten-repeats').uncheck();
  await expect(page.getByTestId('tighten-list')).toBeVisible();
  const saved = async (): Promise<number> => Number(await page.getByTestId('tighten-saved').getAttribute('data-flicks')) / FLICKS;
  // Pauses after "Americans", "not" and "you", said twice.
  await expect.poll(async () => Number(await page.getByTestId('tighten-count').getAttribute('data-count'))).toBeGreaterThan(4);
  const all = await saved();
  const count = Number(await page.getByTestId('tighten-count').getAttribute('data-count'));
  await page.getByTestId('tighten-choose').nth(1).click();
  await expect(page.getByTestId('tighten-item').nth(1)).toHaveAttribute('aria-selected', 'false');
  await expect.poll(saved).toBeLessThan(all);
  const expected = await saved();
  await page.getByTestId('tighten-apply').click();
  await expect(page.getByTestId('tighten-count')).toHaveAttribute('data-count', '1');
  const after = await lane();
  expect(after.length).toBeGreaterThan(before.length);
  // Each cut falls between frames: half a frame off at either end.
  expect(Math.abs((lengthOf(before) - lengthOf(after)) / RATE - expected)).toBeLessThan((count - 1) / RATE);
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('tighten-count')).toHaveAttribute('data-count', String(count));
  expect(await lane()).toEqual(before);
});

test('a project keeps the corrected words and the cut over a restart', async () => {
  const { home } = launched;
  const file = join(home, 'speech.rushes');
  const before = await lane();
  await answerDialogs(launched.app, { save: file });
  await launched.page.keyboard.press('Control+s');
  await expect(launched.page.getByTestId('project-name')).toHaveText('speech');
  expect(launched.complaints).toEqual([]);
  await launched.close(true);
  launched = await launchApp({ home, files: [file] });
  const { page } = launched;
  await expect(page.getByTestId('project-name')).toHaveText('speech');
  await expect(page.getByTestId('viewer')).toBeVisible();
  await page.keyboard.press('t');
  await expect(wordAt(page, 3)).toHaveText(' felloe');
  await expect(wordAt(page, 9)).toHaveText(' county');
  await expect.poll(async () => (await cutWords(page)).slice(0, THIRD.to - THIRD.from)).toEqual(Array.from({ length: THIRD.to - THIRD.from }, (_, index) => THIRD.from + index));
  expect(await lane()).toEqual(before);
});
