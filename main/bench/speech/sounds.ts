/** Sounds to measure with, made by ffmpeg at 16 kHz mono: clips put together, noises without speech, spoken words at known times. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools } from '../../media/ffmpeg.ts';

export const RATE = 16_000;

/** Folder for made sounds: kept between runs. */
export function soundFolder(): string {
  const folder = join(tmpdir(), 'rushes-bench', 'sounds');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** ffmpeg's answer on stdout. Throws with its complaint. */
export async function ffmpeg(list: readonly string[]): Promise<Buffer> {
  const { ffmpeg: tool } = await findTools();
  const child = spawn(tool.path, ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...list], { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (data: Buffer) => parts.push(data));
  child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${complaint}`);
  return Buffer.concat(parts);
}

/** A file's sound as 16-bit samples. */
export async function samplesOf(path: string): Promise<Int16Array> {
  return asSamples(await ffmpeg(['-i', path, '-ac', '1', '-ar', String(RATE), '-f', 's16le', 'pipe:1']));
}

export function asSamples(data: Buffer): Int16Array {
  const samples = new Int16Array(data.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(i * 2);
  return samples;
}

/** Parts one after another with `gap` seconds of silence after each. */
export function joined(parts: readonly Int16Array[], gap: number): Int16Array {
  const pause = Math.round(gap * RATE);
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length + pause, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length + pause;
  }
  return whole;
}

export function writeWave(path: string, samples: Int16Array): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length * 2, 40);
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]));
}

/** A file played again and again for `minutes`, as FLAC. */
export async function repeated(source: string, minutes: number, name: string): Promise<string> {
  const path = join(soundFolder(), name);
  await ffmpeg(['-stream_loop', '-1', '-i', source, '-t', String(minutes * 60), '-c:a', 'flac', '-compression_level', '0', path]);
  return path;
}

/** Sounds without a word in them, `minutes` long: [name, path]. */
export async function wordless(minutes: number): Promise<[string, string][]> {
  const length = minutes * 60;
  // A tune of sines: 0.4 s notes of a pentatonic scale, picked by a hash of their number, with an octave above.
  const note = '220*pow(2,mod(floor(7919*floor(t/0.4)/13),5)*2.4/12)';
  const sources: [string, string][] = [
    ['silence', `anullsrc=r=${RATE}:cl=mono`],
    ['pink noise', `anoisesrc=r=${RATE}:color=pink:amplitude=0.3:seed=7`],
    ['melody', `aevalsrc='(0.3*sin(2*PI*t*${note})+0.15*sin(4*PI*t*${note}))*exp(-3*mod(t,0.4))':s=${RATE}`],
  ];
  const made: [string, string][] = [];
  for (const [name, source] of sources) {
    const path = join(soundFolder(), `${name.replace(' ', '-')}-${minutes}.flac`);
    await ffmpeg(['-f', 'lavfi', '-i', source, '-t', String(length), '-ac', '1', '-c:a', 'flac', path]);
    made.push([name, path]);
  }
  return made;
}

/** The first `seconds` of a file backwards. */
export async function reversed(source: string, seconds: number): Promise<string> {
  const path = join(soundFolder(), 'reversed.flac');
  await ffmpeg(['-t', String(seconds), '-i', source, '-af', 'areverse', '-c:a', 'flac', path]);
  return path;
}
