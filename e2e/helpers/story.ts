/** A talk with subtitles in two languages, and the states of the story panel that tests walk through. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { LaunchedApp } from './app.ts';
import { dropFiles, openByDialog, settled } from './window.ts';

const ENGLISH = `Thanks for having me, um, it is great to be back in this room after two years.
So the budget is what everybody asks about, and we spent about four million on the new telescope.
You know, the mirror was the most expensive part, and it took us eleven months to polish.
The money came from three countries, and every one of them wanted its own name on the dome.
What surprised us most was how quiet the site is at night, even in the middle of winter.
There is no town within sixty kilometres, so the sky above the mountain stays really dark.
The first images came in on a Tuesday morning and nobody in the control room said a word.
We compared them with the archive, and the faint galaxies were there, thousands of them that no survey had listed before.
Some of those galaxies are so far away that their light left them before the earth was formed.
Let me talk about the students, because without them none of this would have been possible.
They wrote the software that finds moving objects, and it runs on a machine you could buy in any shop.
If a comet crosses the field, the software knows within forty seconds and points the second telescope at it.
Last spring two students found a comet on their own, and it now carries their names.
Next year we want to open the data to schools, so that anybody can look for themselves.
Teachers have asked for lessons that fit into one hour, and we are writing the first five of them.
Thank you very much, and I am happy to take your questions about the telescope.`.split('\n');
const CHINESE = `谢谢大家，时隔两年再次回到这里，我感到非常高兴。
大家都在问预算的问题，新望远镜一共花了大约四百万。
其中最贵的是主镜，光是打磨就用了十一个月。
这笔钱来自三个国家，每个国家都希望把自己的名字写在圆顶上。
最让我们惊讶的是台址夜里的安静，即使在隆冬也是如此。
六十公里之内没有城镇，所以山顶的夜空一直很暗。
第一批图像在星期二早上传来，控制室里没有人说话。
我们把它们和档案比对，那些暗弱的星系都在，有几千个是以前的巡天没有记录过的。
其中一些星系非常遥远，它们的光在地球形成之前就已经出发了。
我想谈谈学生们，没有他们这一切都不可能。
寻找移动天体的软件是他们写的，在任何商店能买到的机器上就能运行。
如果有彗星穿过视场，软件四十秒之内就会知道，并把第二台望远镜指向它。
去年春天，两名学生自己发现了一颗彗星，现在它以他们的名字命名。
明年我们想把数据开放给学校，让每个人都能自己去看。
老师们希望有一小时之内能讲完的课，我们正在编写最初的五节。
非常感谢，欢迎大家提出关于望远镜的问题。`.split('\n');
/** Seconds from one cue to the next, and how long each is shown. */
const STEP = 6;
const SHOWN = 5.4;
const stamp = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23).replace('.', ',');

/** A film as long as the talk, with sound and without a word in it. */
export function talkFilm(target: string): string {
  const inputs = ['-f', 'lavfi', '-i', 'smptebars=s=320x180:r=2', '-f', 'lavfi', '-i', 'sine=f=220:r=16000'];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...inputs, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '4', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', String(ENGLISH.length * STEP), '-y', target]);
  return target;
}

/** Opens the talk's film in a project of its own, without subtitles, and waits until it is analysed. */
export async function openTalk(launched: LaunchedApp): Promise<void> {
  const { page, home } = launched;
  const name = 'talk.mp4';
  await settled(page);
  await page.keyboard.press('Control+n');
  await openByDialog(launched, [talkFilm(join(home, name))]);
  // What was opened first of all turns to its shots by itself.
  await expect(async () => {
    await page.getByTestId('tab-media').click();
    await expect(page.getByTestId('media-item').filter({ hasText: name })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await page.getByTestId('tab-shots').click();
  await expect(page.getByTestId('shot-item').first()).toBeVisible({ timeout: 60_000 });
  await settled(page);
}

/** Gives the film that is open the talk's subtitles by dropping a file. */
export async function dropTalk({ page, home }: LaunchedApp, language: 'en' | 'zh'): Promise<void> {
  const file = join(home, `talk.${language}.srt`);
  const lines = language === 'zh' ? CHINESE : ENGLISH;
  writeFileSync(file, lines.map((text, index) => `${index + 1}\n${stamp(index * STEP)} --> ${stamp(index * STEP + SHOWN)}\n${text}\n`).join('\n'));
  await dropFiles(page, [file]);
}

/** Waits until the transcript's summary is worked out. */
export async function understood(page: Page): Promise<void> {
  await expect(page.getByTestId('story')).toHaveAttribute('data-status', 'done', { timeout: 60_000 });
}

export const showStory = (page: Page, view: 'summary' | 'chapters' | 'highlights' | 'ask'): Promise<void> =>
  page.getByTestId('story-view').locator(`input[value=${view}]`).check();

/** Walks through summary, chapters, highlights, answers and searches and stops, with the state's name, at each. With the talk's film open and analysed. */
export async function* storyStates(launched: LaunchedApp, language: 'en' | 'zh'): AsyncGenerator<string> {
  const { page } = launched;
  await page.getByTestId('tab-story').click();
  await showStory(page, 'summary');
  await expect(page.getByTestId('story-no-transcript')).toBeVisible();
  yield 'story-none';
  await dropTalk(launched, language);
  await expect(page.getByTestId('summary-loading').or(page.getByTestId('summary'))).toBeVisible();
  yield 'story-loading';
  await understood(page);
  yield 'summary';
  await page.getByTestId('summary-bullets').click();
  await page.getByTestId('summary-sentence').nth(1).click();
  await page.getByTestId('sentence-verbatim').click();
  await page.getByTestId('key-term').first().click();
  yield 'summary-points';
  await page.getByTestId('term-close').click();
  yield* chapterStates(page, language);
  yield* highlightStates(page);
  yield* askStates(page, language);
  yield* searchStates(page, language === 'zh' ? { word: '彗星', meaning: '谈到孩子们上课的地方', nothing: '鳄鱼' } : { word: 'comet', meaning: 'where they talk about children in class', nothing: 'zzzz' });
}

async function* chapterStates(page: Page, language: 'en' | 'zh'): AsyncGenerator<string> {
  await showStory(page, 'chapters');
  await page.getByTestId('chapter').first().click();
  yield 'chapters';
  await page.keyboard.press('F2');
  await page.getByTestId('chapter-title-field').fill(language === 'zh' ? '开场与预算' : 'Opening and budget');
  yield 'chapter-renamed';
  await page.keyboard.press('Enter');
  await page.getByTestId('chapters-export').click();
  yield 'chapters-edited';
  await page.keyboard.press('Escape');
}

/** Sliders and results, and then the reel as clips and its chapters in the export. */
async function* highlightStates(page: Page): AsyncGenerator<string> {
  await showStory(page, 'highlights');
  yield 'highlights-none';
  await page.getByTestId('highlights-start').click();
  await expect(page.getByTestId('highlights')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
  await page.getByTestId('highlight-reel-length').fill('20');
  await page.getByTestId('highlight-reel-length').press('Enter');
  await page.getByTestId('highlight-item').nth(1).click();
  await page.getByTestId('timeline').hover();
  yield 'highlights';
  await page.getByTestId('highlight-reel-make').click();
  await page.getByTestId('tab-clips').click();
  yield 'reel-made';
  await page.getByTestId('tab-export').click();
  await page.getByTestId('export-files').getByRole('radio').nth(1).check();
  await page.getByTestId('export-chapters').check();
  yield 'export-chapters';
}

async function* askStates(page: Page, language: 'en' | 'zh'): AsyncGenerator<string> {
  await showStory(page, 'ask');
  yield 'ask-empty';
  await page.getByTestId('ask-question').fill(language === 'zh' ? '新望远镜花了多少钱？' : 'How much did the telescope cost?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('answers')).toBeVisible();
  yield 'ask-answered';
  await page.getByTestId('ask-question').fill(language === 'zh' ? '怎样煮意大利面？' : 'How long should pasta be boiled?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ask-not-found')).toBeVisible();
  yield 'ask-not-found';
}

/** Asks the search box and waits for all of its answer. */
export async function searchFor(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByTestId('tag-search').fill(query);
  await expect(page.getByTestId('tag-result').or(page.getByTestId('search-empty')).first()).toBeVisible();
  await expect(page.getByTestId('tag-search')).toHaveAttribute('aria-busy', 'false');
}

/** One search of each kind, each with its results and without the suggestions over them. */
export async function* searchStates(page: Page, queries: Record<string, string>): AsyncGenerator<string> {
  for (const [kind, query] of Object.entries(queries)) {
    await searchFor(page, query);
    await page.keyboard.press('Escape');
    if ((await page.getByTestId('tag-search').inputValue()) === '') await searchFor(page, query);
    await page.getByTestId('timeline').hover();
    yield `search-${kind}`;
    await page.getByTestId('search-clear').click();
  }
  await page.keyboard.press('Escape');
}

/** What is only seen with real speech and real pictures, after `printingFilm`: recognition at work, highlights as they come, and finds of each kind. */
export async function* lectureStates(page: Page): AsyncGenerator<string> {
  await page.getByTestId('tab-transcript').click();
  await page.getByTestId('transcript').getByTestId('transcribe-start').click();
  await page.getByTestId('tab-story').click();
  await showStory(page, 'summary');
  await expect(page.getByTestId('story-transcribing')).toBeVisible();
  yield 'lecture-transcribing';
  // Streams in: sentences are understood while later ones are still listened to.
  await expect(page.getByTestId('summary-sentence').or(page.getByTestId('summary-loading')).first()).toBeVisible({ timeout: 120_000 });
  yield 'lecture-summary-coming';
  await understood(page);
  yield 'lecture-summary';
  await showStory(page, 'chapters');
  yield 'lecture-chapters';
  await showStory(page, 'highlights');
  await page.getByTestId('highlights-start').click();
  yield 'lecture-highlights-coming';
  await expect(page.getByTestId('highlights')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
  await page.getByTestId('highlight-weight').first().fill('0.2');
  await page.getByTestId('highlight-reel-length').fill('20');
  await page.getByTestId('highlight-reel-length').press('Enter');
  await page.getByTestId('highlight-item').first().click();
  await page.getByTestId('timeline').hover();
  yield 'lecture-highlights';
  await page.getByTestId('highlight-reel-make').click();
  yield 'lecture-reel';
  // What is written in pictures is read after all else.
  await settled(page);
  await page.keyboard.press('/');
  yield 'lecture-search-open';
  yield* searchStates(page, { words: 'typography', meaning: 'oldest volume ever typeset', text: 'opening hours', tags: 'traffic on the road', nothing: 'zzzz' });
}
