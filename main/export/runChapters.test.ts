/** Exported cuts with chapters, looked at by ffprobe. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Media } from '../../shared/media.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { at, exportAll, frame, frameHashes, makeClip, names, rangeOf, testFolder } from './testMedia.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let clip: Media;
let chapters: Record<string, Chapter[]>;
const file = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await testFolder('cut-chapters');
  clip = await makeClip(file('source.mp4'), { seconds: 7 });
  chapters = { [clip.id]: [['开场; #1', 0], ['Two = "2"', 2], ['Three', 4]].map(([title, start], i) => ({ id: `c${i}`, title: String(title), start: at(Number(start)), firstSentence: i, touched: false })) };
});
afterAll(async () => {
  expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  await folder.remove();
});

function shown(name: string): [string, number][] {
  const { chapters: found } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', file(name)], { encoding: 'utf8' })) as { chapters: { start_time: string; tags: { title: string } }[] };
  return found.map(({ start_time, tags }) => [tags.title, Number(start_time)]);
}

const near = (found: [string, number][], wanted: [string, number][]): void => {
  expect(found.map(([title]) => title)).toEqual(wanted.map(([title]) => title));
  found.forEach(([, start], i) => expect(Math.abs(start - (wanted[i]?.[1] ?? NaN))).toBeLessThan(0.002));
};
const seconds = (frames: number): number => (frames * 1001) / 30_000;

test.each(['mp4', 'mkv'] as const)('joined by copy, in %s', async (container) => {
  const name = `copy.${container}`;
  const copied = [rangeOf(clip, frame(48), frame(96)), rangeOf(clip, frame(96), frame(144))];
  const copy = await exportAll([clip], copied, { join: true, mode: 'copy', container }, { file: file(name) }, { overwrite: false, chapters });
  expect(copy.how.every((how) => how.startsWith('copy'))).toBe(true);
  near(shown(name), [['开场; #1', 0], ['Two = "2"', 2 - seconds(48)], ['Three', 4 - seconds(48)]]);
});

test.each(['mp4', 'mkv'] as const)('joined and encoded, in %s', async (container) => {
  const exact = [rangeOf(clip, frame(10), frame(20)), rangeOf(clip, frame(30), frame(40)), rangeOf(clip, frame(130), frame(150))];
  await exportAll([clip], exact, { join: true, mode: 'exact', container }, { file: file(`exact.${container}`) }, { overwrite: false, chapters });
  near(shown(`exact.${container}`), [['开场; #1', 0], ['Three', seconds(20)]]);
  expect(await frameHashes(file(`exact.${container}`))).toHaveLength(40);
});

test('a single clip has its own, counted from its beginning, copied or encoded', async () => {
  for (const mode of ['copy', 'exact'] as const) {
    await exportAll([clip], [rangeOf(clip, frame(96), frame(144))], { join: true, mode }, { file: file(`one-${mode}.mp4`) }, { overwrite: false, chapters });
    near(shown(`one-${mode}.mp4`), [['Two = "2"', 0], ['Three', 4 - seconds(96)]]);
  }
});

test('without chapters none are written, those of the source neither; a container that holds none is told before', async () => {
  await exportAll([clip], [rangeOf(clip, frame(0), frame(48))], { join: true, mode: 'copy' }, { file: file('none.mp4') });
  expect(shown('none.mp4')).toEqual([]);
  const run = exportAll([clip], [rangeOf(clip, frame(0), frame(20))], { join: true, mode: 'exact', container: 'webm' }, { file: file('none.webm') }, { overwrite: false, chapters });
  await expect(run).rejects.toMatchObject({ code: 'chapters_container', params: { container: 'WEBM' } });
});
