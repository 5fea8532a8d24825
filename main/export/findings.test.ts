import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../shared/errors.ts';
import type { KeyframeEvent, ShotEvent, TagEvent } from '../../shared/events.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { shotTableSchema } from '../../shared/table.ts';
import { probeMedia } from '../media/probe.ts';
import { exportContactSheet, sheetLayout } from './contactSheet.ts';
import { toCsv } from './csv.ts';
import { exportKeyframes } from './stills.ts';
import { exportTable } from './table.ts';
import { at, ffmpeg, frame, names, testFolder } from './testMedia.ts';
import { CUT_OUT, VINTAGE } from './testStyled.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let media: Media;
beforeAll(async () => {
  folder = await testFolder('findings');
  media = await probeMedia('e2e/media/bikes.mp4');
});
afterAll(async () => {
  expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  await folder.remove();
});
const file = (name: string): string => join(folder.path, name);

const shot = (index: number, first: number, end: number): ShotEvent => ({
  type: 'shot', index, start: frame(first, 25, 1), end: frame(end, 25, 1), startFrame: first, endFrame: end, transitionIn: index === 0 ? 'start' : 'cut', confidence: 0.91,
});
const keyframe = (index: number, n: number): KeyframeEvent => ({ type: 'keyframe', shot: index, rank: 0, time: frame(n, 25, 1), frame: n, picture: `k${n}` });
const tag = (index: number, label: string, score: number): TagEvent => ({ type: 'tag', shot: index, label, score, source: 'coco', detections: [] });

const findings = {
  shots: [shot(0, 0, 30), shot(1, 30, 76), shot(2, 76, 137)],
  keyframes: [keyframe(0, 12), keyframe(1, 50), keyframe(2, 100)],
  tags: [tag(1, 'person', 0.5), tag(1, '=cmd|"x"', 0.9), tag(2, '自行车', 0.7)],
};

async function filesOf(events: AsyncIterable<ExportEvent>): Promise<string[]> {
  const files: string[] = [];
  for await (const event of events) if (event.type === 'file') files.push(event.path);
  return files;
}

/** Mean of a picture's RGB in a rectangle, and whether two pictures are alike, by ffmpeg. */
async function pictureSize(path: string): Promise<[number, number, string]> {
  const probed = await import('node:child_process').then(({ execFileSync }) => execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', path], { encoding: 'utf8' }));
  const [codec = '', width, height] = probed.trim().split(',');
  return [Number(width), Number(height), codec];
}

describe('keyframes as pictures', () => {
  it('are the very frames at full resolution', async () => {
    const files = await filesOf(exportKeyframes(media, findings.keyframes, { format: 'png', folder: folder.path }));
    expect(files.map((path) => path.slice(folder.path.length + 1))).toEqual(['bikes-shot-1-00-00-00-12.png', 'bikes-shot-2-00-00-02-00.png', 'bikes-shot-3-00-00-04-00.png']);
    expect(await pictureSize(files[1] ?? '')).toEqual([640, 272, 'png']);
    await ffmpeg('-i', media.path, '-vf', 'select=eq(n\\,50)', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', file('wanted.raw'));
    await ffmpeg('-i', files[1] ?? '', '-f', 'rawvideo', '-pix_fmt', 'gray', file('got.raw'));
    const [wanted, got] = [await readFile(file('wanted.raw')), await readFile(file('got.raw'))];
    expect(got).toHaveLength(wanted.length);
    const squared = wanted.reduce((sum, value, i) => sum + (value - (got[i] ?? 0)) ** 2, 0) / wanted.length;
    expect(10 * Math.log10(65_025 / squared)).toBeGreaterThan(38);
  });

  it('get another name when one is taken', async () => {
    const [first] = await filesOf(exportKeyframes(media, findings.keyframes.slice(0, 1), { format: 'jpeg', folder: folder.path }));
    const [second] = await filesOf(exportKeyframes(media, findings.keyframes.slice(0, 1), { format: 'jpeg', folder: folder.path }));
    expect([first, second].map((path) => path?.slice(folder.path.length + 1))).toEqual(['bikes-shot-1-00-00-00-12.jpg', 'bikes-shot-1-00-00-00-12 (2).jpg']);
    expect((await pictureSize(first ?? ''))[2]).toBe('mjpeg');
  });
});

describe('contact sheet', () => {
  it('has one cell a keyframe, in time order, with text under it', async () => {
    const [path = ''] = await filesOf(exportContactSheet(media, findings.keyframes, { path: file('sheet.png'), overwrite: false }));
    const layout = sheetLayout(3, { displayWidth: 640, displayHeight: 272 }, 14);
    expect(await pictureSize(path)).toEqual([layout.width, layout.height, 'png']);
    await ffmpeg('-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', file('sheet.raw'));
    const sheet = await readFile(file('sheet.raw'));
    const bright = Array.from({ length: layout.label.height }, (_, y) => y + 8 + layout.cell.height).flatMap((y) => Array.from(sheet.subarray(y * layout.width + 8, y * layout.width + 8 + layout.cell.width))).filter((value) => value > 150).length;
    expect(bright).toBeGreaterThan(300);
  });

  it('uses stored pictures, spreads long media over pages, and refuses what exists', async () => {
    const many = Array.from({ length: 130 }, (_, i) => keyframe(i, i));
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=640x272', '-frames:v', '1', file('red.jpg'));
    const red = await readFile(file('red.jpg'));
    const files = await filesOf(exportContactSheet(media, many, { path: file('many.jpg'), overwrite: false, pictureOf: () => red }));
    expect(files).toEqual([file('many.jpg'), file('many (2).jpg')]);
    await expect(filesOf(exportContactSheet(media, many, { path: file('many.jpg'), overwrite: false, pictureOf: () => red }))).rejects.toMatchObject({ code: 'target_exists' });
    expect((await stat(file('many.jpg'))).size).toBeGreaterThan(5000);
  });

  it('adapts its grid to the count and the shape of the picture', () => {
    const wide = { displayWidth: 1920, displayHeight: 1080 };
    expect(sheetLayout(1, wide, 14)).toMatchObject({ columns: 1, rows: 1 });
    expect(sheetLayout(9, wide, 14)).toMatchObject({ columns: 3, rows: 3 });
    expect(sheetLayout(100, wide, 14).columns).toBeLessThanOrEqual(10);
    expect(sheetLayout(12, { displayWidth: 1080, displayHeight: 1920 }, 14).columns).toBeGreaterThan(sheetLayout(12, wide, 14).columns);
  });
});

describe('table', () => {
  it('CSV: one row a shot, quoted, safe for spreadsheets, readable by Excel', async () => {
    await filesOf(exportTable(media, findings, { format: 'csv', path: file('table.csv'), overwrite: false }));
    const text = await readFile(file('table.csv'), 'utf8');
    expect(text.startsWith('\uFEFFshot,start,end,')).toBe(true);
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toBe('1,0,1.2,1.2,00:00:00:00,00:00:01:05,0,30,start,0.91,0.48,12,');
    expect(lines[2]).toContain(`"'=cmd|""x"" 0.90; person 0.50"`);
    expect(lines[3]).toContain('自行车 0.70');
  });

  it('JSON follows its schema', async () => {
    await filesOf(exportTable(media, findings, { format: 'json', path: file('table.json'), overwrite: false }));
    const table = shotTableSchema.parse(JSON.parse(await readFile(file('table.json'), 'utf8')));
    expect(table.shots[1]).toMatchObject({ start: 1.2, startFrame: 30, keyframes: [{ time: 2, frame: 50 }] });
    expect(table.shots[1]?.tags[0]).toEqual({ label: '=cmd|"x"', score: 0.9, source: 'coco' });
  });

  it('JSON tells of the media’s clips which are generated, and by what', async () => {
    const clip = { media: media.id, start: at(0), end: at(1.5), name: 'old' };
    const clips = [{ ...clip, effect: VINTAGE }, { ...clip, name: 'plain' }, { ...clip, name: 'behind', effect: CUT_OUT }, { ...clip, media: 'f'.repeat(32) }];
    await filesOf(exportTable(media, findings, { format: 'json', path: file('clips.json'), overwrite: false, clips }));
    expect(shotTableSchema.parse(JSON.parse(await readFile(file('clips.json'), 'utf8'))).clips).toEqual([
      { name: 'old', start: 0, end: 1.5, style: 'vintage', generated: true, models: ['cyclegan-vintage'] },
      { name: 'plain', start: 0, end: 1.5, style: null, generated: false, models: [] },
      { name: 'behind', start: 0, end: 1.5, style: null, generated: false, models: [] },
    ]);
  });

  it('refuses the source as its target, and a media without shots', async () => {
    await expect(filesOf(exportTable(media, findings, { format: 'csv', path: media.path, overwrite: true }))).rejects.toMatchObject({ code: 'target_is_input' });
    await expect(filesOf(exportTable(media, { shots: [], keyframes: [], tags: [] }, { format: 'csv', path: file('no.csv'), overwrite: true }))).rejects.toBeInstanceOf(ExpectedError);
  });

  it('quotes by RFC 4180', () => {
    expect(toCsv(['a'], [['x,y'], ['line\nbreak'], ['say "hi"'], ['@sum'], [-1], [null]])).toBe('\uFEFFa\r\n"x,y"\r\n"line\nbreak"\r\n"say ""hi"""\r\n\'@sum\r\n-1\r\n\r\n');
    expect(at(1)).toBe(705_600_000);
  });
});
