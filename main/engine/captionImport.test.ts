import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captionTrackSchema } from '../../shared/captions/types.ts';
import type { ExpectedError } from '../../shared/errors.ts';
import { readCaptionFile, readCaptionTrack } from './captionImport.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const MEDIA = '0123456789abcdef0123456789abcdef';
const SRT = '1\n00:00:01,000 --> 00:00:02,000\n你好，世界\n';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'rushes-import-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('importing subtitle files', () => {
  it('makes a track of the media, with the language that the name or the letters tell', async () => {
    writeFileSync(at('talk.srt'), SRT);
    writeFileSync(at('talk.zh-Hant.srt'), SRT);
    writeFileSync(at('talk.en.vtt'), 'WEBVTT\n\n00:01.000 --> 00:00.500\nHi\n');
    const { track, warnings } = await readCaptionTrack(at('talk.srt'), MEDIA, 't1');
    expect(captionTrackSchema.parse(track)).toMatchObject({ id: 't1', media: MEDIA, name: 'talk', language: 'zh', kind: 'import', rules: { base: 'netflix-zh' }, cues: [{ text: '你好，世界' }] });
    expect(warnings).toEqual([]);
    expect((await readCaptionTrack(at('talk.zh-Hant.srt'), MEDIA, 't2')).track.language).toBe('zh-Hant');
    const english = await readCaptionTrack(at('talk.en.vtt'), MEDIA, 't3');
    expect(english.track).toMatchObject({ language: 'en', rules: { base: 'netflix-en' } });
    expect(english.warnings).toEqual([{ code: 'end_before_start', count: 1, first: 3 }]);
  });

  it('refuses what is too large or no file, without reading it', async () => {
    const code = (path: string): Promise<string> => readCaptionFile(path).then(() => 'read', (error: unknown) => (error as ExpectedError).code);
    writeFileSync(at('huge.srt'), SRT);
    truncateSync(at('huge.srt'), 64 * 1024 * 1024 + 1);
    expect(await code(at('huge.srt'))).toBe('captions_too_large');
    expect(await code(folder)).toBe('file_is_folder');
    expect(await code(at('gone.srt'))).toBe('file_missing');
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [at('pipe.srt')]);
      expect(await code(at('pipe.srt'))).toBe('file_not_regular');
    }
    writeFileSync(at('blank.srt'), '\r\n \r\n');
    expect(await code(at('blank.srt'))).toBe('captions_empty');
    writeFileSync(at('picture.srt'), Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919 + (index >> 3)) % 256)));
    expect(await code(at('picture.srt'))).toBe('captions_unreadable');
  });
});
