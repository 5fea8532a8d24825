import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classifyFailure } from './classify.ts';
import { encodeArguments, lifeline } from './command.ts';
import { findTools } from './ffmpeg.ts';
import { collect, fileUrl, inputOptions, runningChildren, startTool } from './process.ts';
import { ProgressReader, progressOptions, type EncodeProgress } from './progress.ts';
import { Fixtures, isAlive } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const endless = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240', '-f', 'rawvideo', 'pipe:1'];

test('cancel ends a child that is blocked on a full pipe at once', async () => {
  const cancel = new AbortController();
  const run = await startTool('ffmpeg', endless, { pipes: 1, signal: cancel.signal, name: 'x' });
  const [pid] = runningChildren();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begun = performance.now();
  cancel.abort();
  await expect(run.done).rejects.toMatchObject({ name: 'CancelledError' });
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(isAlive(pid ?? 0)).toBe(false);
  expect(runningChildren()).toEqual([]);
});

test('a signal that has fired already starts nothing', async () => {
  await expect(startTool('ffmpeg', endless, { pipes: 1, signal: AbortSignal.abort(), name: 'x' })).rejects.toMatchObject({ name: 'CancelledError' });
  expect(runningChildren()).toEqual([]);
});

test('failures of real runs are told apart', async () => {
  const input = await fixtures.get('plain.mp4');
  const fail = (args: string[], target?: string) => collect('ffmpeg', args, { name: 'plain.mp4', target });
  const from = [...inputOptions(), '-i', fileUrl(input)];
  await expect(fail(['-i', fileUrl(fixtures.path('gone.mp4')), '-f', 'null', '-'])).rejects.toMatchObject({ code: 'file_missing' });
  await expect(fail([...from, '-map', '0:7', '-f', 'null', '-'])).rejects.toMatchObject({ code: 'no_such_stream' });
  await expect(fail([...from, '-c:v', 'no_such_codec', '-f', 'null', '-'])).rejects.toMatchObject({ code: 'encoder_missing' });
  await expect(fail(['-c:v', 'no_such_codec', ...from, '-f', 'null', '-'])).rejects.toMatchObject({ code: 'decoder_missing' });
  await expect(fail([...from, '-c', 'copy', '-y', '-f', 'mpegts', '/dev/full'], '/dev/full')).rejects.toMatchObject({ code: 'disk_full' });
  const target = fixtures.path('no-folder/out.mp4');
  await expect(fail([...from, '-c', 'copy', target], target)).rejects.toMatchObject({ code: 'target_folder_missing' });
  await expect(fail([...from, '-no_such_option', '-f', 'null', '-'])).rejects.toMatchObject({ code: 'ffmpeg_failed' });
});

test('network addresses inside a playlist are refused', async () => {
  const playlist = await fixtures.altered(await fixtures.get('plain.mp4'), 'remote.m3u8', () =>
    Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n'));
  const run = await startTool('ffmpeg', [...inputOptions(), '-i', fileUrl(playlist), '-f', 'null', '-'], { pipes: 0, name: 'remote.m3u8' });
  await expect(run.done).rejects.toThrow();
  expect(run.log()).toMatch(/not on whitelist/);
});

test('the log decides between input and target, in any ffmpeg version', () => {
  const context = { name: 'in.mp4', target: '/out/clip.mp4' };
  const code = (log: string): string => classifyFailure(log, 1, context).code;
  expect(code('/out/clip.mp4: Permission denied')).toBe('target_not_writable');
  expect(code('[in#0 @ 0x55] Error opening input: Permission denied')).toBe('file_unreadable');
  expect(code('[out#0/mp4 @ 0x1] Error opening output /out/clip.mp4: Permission denied')).toBe('target_not_writable');
  expect(code('av_interleaved_write_frame(): No space left on device\nInvalid data found when processing input')).toBe('disk_full');
  expect(code('[mov,mp4 @ 0x1] moov atom not found\nInvalid data found when processing input')).toBe('file_no_index');
  expect(code('')).toBe('ffmpeg_failed');
});

test('progress of an encode ends with the whole length', async () => {
  const input = await fixtures.get('plain.mp4');
  const output = fixtures.path('progress.mp4');
  const args = encodeArguments([input], (command) => {
    command.output(fileUrl(output)).videoCodec('libx264').outputOptions(['-preset', 'ultrafast']);
  });
  const run = await startTool('ffmpeg', [...progressOptions('pipe:1'), ...args], { pipes: 1, name: 'plain.mp4', target: output });
  const seen: EncodeProgress[] = [];
  const reader = new ProgressReader((progress) => seen.push(progress));
  run.pipes[0]?.on('data', (chunk: Buffer) => reader.push(chunk));
  await run.done;
  expect(seen.at(-1)).toMatchObject({ ended: true, frame: 100 });
  expect(seen.at(-1)?.seconds).toBeGreaterThan(3.8);
  expect((await stat(output)).size).toBeGreaterThan(1000);
});

test('progress survives any cutting of its text and unknown values', () => {
  const seen: EncodeProgress[] = [];
  const reader = new ProgressReader((progress) => seen.push(progress));
  for (const character of 'frame=12\nout_time_us=N/A\nspeed=N/A\nprogress=continue\nout_time_us=1500000\nspeed=2.5x\ntotal_size=77\nprogress=end\n') reader.push(character);
  expect(seen).toEqual([
    { seconds: null, frame: 12, speed: null, bytes: null, ended: false },
    { seconds: 1.5, frame: null, speed: 2.5, bytes: 77, ended: true },
  ]);
});

test('an encode job ends when the process that started it is gone', async () => {
  const output = fixtures.path('orphan.mp4');
  const input = await fixtures.get('long-gop.mp4');
  const args = ['-stream_loop', '-1', '-re', '-i', input, '-map', '0:0', '-c:v', 'libx264', '-y', output, ...lifeline(0, 0)];
  const child = spawn((await findTools()).ffmpeg.path, ['-v', 'error', '-nostdin', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pipe = child.stdout as Readable;
  await once(pipe, 'data');
  // What the kernel does with our end of the pipe when we are killed.
  pipe.destroy();
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).not.toBe(0);
  await rm(output, { force: true });
});
