import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type Finished } from './testing/command.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const cut = (...args: string[]): Promise<Finished> => commandLine.run(['cut', 'e2e/media/bikes.mp4', '--range', '2.52-4', ...args], { data: at('data') });
const decode = (...args: string[]): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { encoding: 'utf8', maxBuffer: 1e8 });
const hashes = (path: string): string[] => decode('-i', path, '-map', '0:v', '-f', 'framemd5', '-').split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(',').at(-1) ?? '');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-cut-captions-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('talk.en.srt'), '1\n00:00:03,000 --> 00:00:03,480\nHello\n');
  writeFileSync(at('talk.zh.srt'), '1\n00:00:03,000 --> 00:00:03,480\n你好\n');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('cut --captions', () => {
  it('--embed adds a stream for each file, the first one the default', async () => {
    const result = await cut('--captions', at('talk.en.srt'), at('talk.zh.srt'), '--embed', '--mode', 'exact', '--out', at('embedded.mp4'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const streams = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 's', '-show_entries', 'stream=codec_name:stream_tags=language:stream_disposition=default', '-of', 'compact=p=0:nk=1', at('embedded.mp4')], { encoding: 'utf8' });
    expect(streams.trim().split('\n')).toEqual(['mov_text|1|eng', 'mov_text|0|zho']);
    expect(decode('-i', at('embedded.mp4'), '-map', '0:s:1', '-f', 'srt', '-')).toBe('1\n00:00:00,480 --> 00:00:00,960\n你好\n\n');
  });

  it('--burn draws them into the frames of their time', async () => {
    const plain = await cut('--mode', 'exact', '--out', at('plain.mkv'));
    const burned = await cut('--captions', at('talk.en.srt'), '--burn', '--out', at('burned.mkv'));
    expect([plain.code, burned.code, burned.stderr]).toEqual([0, 0, '']);
    const [before, after] = [hashes(at('plain.mkv')), hashes(at('burned.mkv'))];
    expect(after).toHaveLength(before.length);
    expect(after.slice(12, 24).every((hash, i) => hash !== before[12 + i])).toBe(true);
    expect(after[0]).toBe(before[0]);
  });

  it('says what is missing or too much', async () => {
    const wrong = [
      ['--captions', at('talk.en.srt')],
      ['--burn'],
      ['--captions', at('talk.en.srt'), at('talk.zh.srt'), '--burn'],
    ];
    for (const args of wrong) {
      const result = await cut(...args, '--out', at('never.mp4'));
      expect(result.code).toBe(2);
      expect(result.stderr).not.toBe('');
    }
    const missing = await cut('--captions', at('absent.srt'), '--embed', '--out', at('never.mp4'));
    expect(missing.code).toBe(3);
    expect(missing.stderr).toContain('absent.srt');
    expect(existsSync(at('never.mp4'))).toBe(false);
  });
});
