import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CancelledError } from '../../shared/errors.ts';
import { fromSeconds } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { exportClips, type Painter } from './clips.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushes-clips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing is painted here. */
const NO_PAINTER: Painter = {
  render: () => {
    throw new Error('nothing is to be rendered');
  },
  hold: () => () => undefined,
  modelFile: () => Promise.reject(new Error('no model is asked for')),
};

/** Two clips of bikes.mp4 as separate files into a folder that isn't there yet; aborted at the first event when asked. */
async function exportTwo(name: string, cancel: boolean): Promise<string> {
  const media = await probeMedia('e2e/media/bikes.mp4');
  const range = (start: number, end: number) => ({ media: media.id, start: fromSeconds(start), end: fromSeconds(end), name: `from ${start}` });
  const path = join(folder, name) + '/';
  const abort = new AbortController();
  const request = { ranges: [range(0.2, 3), range(4.2, 6)], join: false, mode: 'exact' as const, captions: null, target: { path, overwrite: false } };
  for await (const _event of exportClips(request, () => Promise.resolve(media), NO_PAINTER, abort.signal)) if (cancel) abort.abort();
  return path;
}

describe('a folder made for an export', () => {
  it('goes again when nothing was written to it', async () => {
    await expect(exportTwo('cancelled', true)).rejects.toThrow(CancelledError);
    expect(existsSync(join(folder, 'cancelled'))).toBe(false);
  });

  it('stays with the files in it', async () => {
    expect(readdirSync(await exportTwo('finished', false))).toHaveLength(2);
  });
});
