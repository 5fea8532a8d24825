import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCaptions } from '../../shared/captions/formats/index.ts';
import { CAPTION_FORMATS } from '../../shared/captions/formats/types.ts';
import { rulesFor } from '../../shared/captions/rules.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack, type Cue } from '../../shared/captions/types.ts';
import { flicks, fromSeconds, toSeconds } from '../../shared/time.ts';
import { writeCaptionFile } from './captionFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushes-caption-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MEDIA = 'c'.repeat(32);
const cue = (start: number, end: number, text: string): Cue => ({ id: text, start: fromSeconds(start), end: fromSeconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {} });
const track = (cues: Cue[]): CaptionTrack => ({
  id: 't', media: MEDIA, language: 'en', name: 'English', kind: 'import', cues, speakers: [], rules: rulesFor('en'), style: DEFAULT_CAPTION_STYLE, isDefault: false, streamedUntil: flicks(0), extras: {},
});
const range = (start: number, end: number) => ({ media: MEDIA, start: fromSeconds(start), end: fromSeconds(end), name: '' });

async function write(name: string, request: Partial<Parameters<typeof writeCaptionFile>[0]>): Promise<string> {
  const path = join(folder, name);
  for await (const _event of writeCaptionFile({ track: track([cue(1, 2, 'one'), cue(4, 6, 'two')]), format: 'srt', ranges: null, target: { path, overwrite: false }, ...request }, null, new AbortController().signal)) {
    // Only the file matters.
  }
  return path;
}
const read = (path: string) => readCaptions(readFileSync(path), { name: path }).cues.map(({ start, end, text }) => [toSeconds(start), toSeconds(end), text]);

describe('a caption file', () => {
  for (const format of CAPTION_FORMATS.filter((each) => each !== 'txt')) {
    it(`in ${format} says what the track says`, async () => {
      expect(read(await write(`whole.${format}`, { format }))).toEqual([[1, 2, 'one'], [4, 6, 'two']]);
    });
  }

  it('in the times of a cut, in the cut’s order', async () => {
    expect(read(await write('cut.srt', { ranges: [range(5, 7), range(0, 3)] }))).toEqual([[0, 1, 'two'], [3, 4, 'one']]);
  });

  it('without a cue in it is not written', async () => {
    await expect(write('none.srt', { ranges: [range(2.5, 3.5)] })).rejects.toMatchObject({ code: 'captions_none' });
    await expect(write('none.srt', { track: track([]) })).rejects.toMatchObject({ code: 'captions_none' });
    expect(readdirSync(folder).filter((name) => name.includes('none'))).toEqual([]);
  });

  it('does not replace one that is there unless asked', async () => {
    const path = await write('there.srt', {});
    await expect(write('there.srt', {})).rejects.toMatchObject({ code: 'target_exists' });
    await write('there.srt', { track: track([cue(0, 1, 'new')]), target: { path, overwrite: true } });
    expect(read(path)).toEqual([[0, 1, 'new']]);
  });
});
