/** Small media made by ffmpeg for tests, and second opinions about media by plain ffmpeg and ffprobe. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTools } from '../ffmpeg.ts';

const run = promisify(execFile);
export const SAMPLES = join(import.meta.dirname, '../../../e2e/media');
export const sample = (name: string): string => join(SAMPLES, name);

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const picture = (size = '320x240', seconds = 4, rate = '25'): string[] => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
const tone = (frequency: number, seconds = 4): string[] => ['-f', 'lavfi', '-i', `sine=frequency=${frequency}:sample_rate=48000:duration=${seconds}`];

/** Arguments of each fixture, before the name of the file it is written to. `%name%` stands for another fixture. */
const RECIPES: Readonly<Record<string, string[]>> = {
  'plain.mp4': [...picture(), ...tone(440), '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart'],
  'vfr.mp4': [...picture(), '-vf', "select='not(between(n,20,45))*not(eq(mod(n,7),3))'", '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-pix_fmt', 'yuv420p'],
  'odd.mkv': [...picture('320x240', 2), '-vf', 'scale=321:241', '-c:v', 'ffv1', '-pix_fmt', 'yuv444p'],
  'deep.mp4': [...picture('320x240', 2), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'],
  'anamorphic.mp4': [...picture('320x240', 1), '-vf', 'setsar=4/3', ...X264],
  'two-audio.mkv': [...picture('320x240', 2), ...tone(440, 2), ...tone(880, 2), '-map', '0', '-map', '1', '-map', '2', ...X264, '-c:a', 'aac', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra', '-disposition:a:0', '0', '-disposition:a:1', 'default'],
  'audio.m4a': [...tone(440), '-c:a', 'aac'],
  'tone.wav': [...tone(440, 2), '-c:a', 'pcm_s16le'],
  'video-only.mp4': [...picture('320x240', 2), ...X264],
  'stream.ts': [...picture(), ...tone(440), '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'mpegts'],
  'raw.h264': [...picture('320x240', 2), ...X264, '-f', 'h264'],
  'plain.mkv': [...picture(), '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p'],
  'mpeg4.avi': [...picture('320x240', 2), '-c:v', 'mpeg4', '-bf', '2', '-g', '12'],
  'clip.webm': [...picture('320x240', 1), '-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '500k'],
  'surround.mp4': [...picture('320x240', 1), ...tone(440, 1), ...X264, '-c:a', 'ac3'],
  'prores.mov': [...picture('320x240', 1), '-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'],
  'hdr.mkv': [...picture('320x240', 1), '-vf', 'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'],
  'hlg.mkv': [...picture('320x240', 1), '-vf', 'setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le', '-color_primaries', 'bt2020', '-color_trc', 'arib-std-b67', '-colorspace', 'bt2020nc'],
  'cover.jpg': [...picture('64x64', 1), '-frames:v', '1'],
  'covered.mp3': [...tone(440, 2), '-i', '%cover.jpg%', '-map', '0', '-map', '1', '-c:a', 'libmp3lame', '-c:v', 'copy', '-disposition:v', 'attached_pic'],
  'late-audio.mp4': [...picture('320x240', 4), '-itsoffset', '1', ...tone(440, 2), ...X264, '-c:a', 'aac'],
  'silence-tone.wav': ['-f', 'lavfi', '-i', "aevalsrc='if(lt(t,1),0,0.5)':s=48000:d=2", '-c:a', 'pcm_f32le'],
  'long-small.mp4': [...picture('160x90', 16), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
  // The beginning of a real recording: HD without a colour tag, 29.97 frames a second.
  'recording.mp4': ['-t', '9', '-i', sample('testvideo.mp4'), '-c', 'copy'],
  'long-gop.mp4': [...picture('320x180', 20), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
};

export class Fixtures {
  readonly folder: string;
  private readonly made = new Map<string, Promise<string>>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Fixtures> {
    const folder = await mkdtemp(join(tmpdir(), 'rushes-media-'));
    await chmod(folder, 0o755);
    return new Fixtures(folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Path of a fixture, made at its first use. */
  get(name: string): Promise<string> {
    let made = this.made.get(name);
    if (!made) {
      made = this.make(name);
      this.made.set(name, made);
    }
    return made;
  }

  private async make(name: string): Promise<string> {
    const recipe = RECIPES[name];
    if (!recipe) throw new Error(`no recipe for ${name}`);
    const args = await Promise.all(recipe.map((arg) => (/^%.*%$/.test(arg) ? this.get(arg.slice(1, -1)) : arg)));
    await ffmpeg([...args, this.path(name)]);
    return this.path(name);
  }

  /** plain.mp4 turned a quarter clockwise by its display matrix. (ffmpeg 5 writes `rotate` counter-clockwise.) */
  async rotated(): Promise<string> {
    const path = this.path('rotated.mp4');
    const plain = await this.get('plain.mp4');
    const { ffmpeg: tool } = await findTools();
    if (tool.major !== null && tool.major < 6) await ffmpeg(['-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=270', path]);
    else await ffmpeg(['-display_rotation:v', '-90', '-i', plain, '-c', 'copy', path]);
    return path;
  }

  /** A copy of a file, changed. */
  async altered(source: string, name: string, change: (bytes: Buffer) => Buffer): Promise<string> {
    await writeFile(this.path(name), change(await readFile(source)));
    return this.path(name);
  }
}

export async function ffmpeg(args: readonly string[]): Promise<void> {
  await run((await findTools()).ffmpeg.path, ['-v', 'error', '-nostdin', '-y', ...args]);
}

/** Output of a plain ffmpeg run to its standard output. */
export async function ffmpegBytes(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run((await findTools()).ffmpeg.path, ['-v', 'error', '-nostdin', ...args, 'pipe:1'], { encoding: 'buffer', maxBuffer: 1 << 30 });
  return stdout;
}

export async function ffprobeText(args: readonly string[]): Promise<string> {
  const { stdout } = await run((await findTools()).ffprobe.path, ['-v', 'error', ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

/** Ticks of every decoded frame of the first video stream, by ffprobe. */
export async function probedTicks(path: string): Promise<number[]> {
  const text = await ffprobeText(['-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp', '-of', 'csv=p=0', path]);
  return text.split('\n').flatMap((line) => (/^-?\d+/.test(line) ? [Number.parseInt(line, 10)] : []));
}

export const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
