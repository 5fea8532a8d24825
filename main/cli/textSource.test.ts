import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromSeconds } from '../../shared/time.ts';
import { readTextSource } from './textSource.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rushes-text-source-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function read(name: string, content: string | Uint8Array, language: string | null = null) {
  const path = join(folder, name);
  await writeFile(path, content);
  return readTextSource(path, language);
}

describe('readTextSource', () => {
  it('reads subtitles with their times', async () => {
    const { sentences, language } = await read('a.srt', '1\n00:00:01,000 --> 00:00:03,000\nThe budget of the school is ready for you.\n');
    expect(sentences).toMatchObject([{ text: 'The budget of the school is ready for you.', start: fromSeconds(1), end: fromSeconds(3), line: 0 }]);
    expect(language).toBe('en');
  });

  it('reads a turn a line, with the speaker and the number of its line', async () => {
    const { sentences } = await read('a.txt', 'Ann: The budget is ready.\n\nBob: It is too small. We need more.\n');
    expect(sentences.map(({ text, speaker, line, start }) => [text, speaker, line, start])).toEqual([
      ['The budget is ready.', 'Ann', 0, null],
      ['It is too small.', 'Bob', 2, null],
      ['We need more.', 'Bob', 2, null],
    ]);
  });

  it('knows Chinese', async () => {
    expect(await read('zh.txt', '张三：我们今天讨论明年的预算。\n')).toMatchObject({ language: 'zh', sentences: [{ speaker: '张三' }] });
  });

  it.each([
    ['spaces.txt', ' \n\n', 'captions_empty'],
    ['empty.txt', '', 'file_empty'],
    ['binary.txt', Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251), 'captions_unreadable'],
  ])('says what is wrong with %s', async (name, content, code) => {
    await expect(read(name, content)).rejects.toMatchObject({ code });
  });

  it('says that a file is missing', async () => {
    await expect(readTextSource(join(folder, 'none.txt'), null)).rejects.toMatchObject({ code: 'file_missing' });
  });
});
