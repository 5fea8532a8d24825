/** A 720p film put together from the sample clips: hard cuts, dissolves and fades at random but always the same places. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTool } from '../media/process.ts';

/** Shots of the sample clips that hold no transition: seconds. */
const SOURCES = [
  { clip: 'bigbuckbunny.mp4', from: 0, to: 5.2 },
  { clip: 'bikes.mp4', from: 0, to: 1.16 },
  { clip: 'bikes.mp4', from: 1.24, to: 3 },
  { clip: 'bikes.mp4', from: 3.08, to: 5.44 },
  { clip: 'bikes.mp4', from: 5.52, to: 7.44 },
  { clip: 'bikes.mp4', from: 7.52, to: 9.64 },
  { clip: 'testvideo.mp4', from: 1.1, to: 5.9 },
  { clip: 'testvideo.mp4', from: 8.1, to: 11 },
  { clip: 'testvideo.mp4', from: 14.2, to: 17.6 },
  { clip: 'testvideo.mp4', from: 18.7, to: 22.1 },
] as const;
const RATE = 25;
/** Each reel is made in one go and used again, mirrored in time order, until the film is long enough. */
const REEL_SECONDS = 60;
const REELS = 5;

/** Mulberry32: small, seeded, the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Piece {
  clip: string;
  from: number;
  /** Frames. */
  length: number;
  mirrored: boolean;
  /** How it begins, and over how many frames. */
  begins: { how: 'cut' | 'dissolve' | 'fade'; frames: number };
}

function piecesOf(seed: number): Piece[] {
  const random = randomFrom(seed);
  const pieces: Piece[] = [];
  let frames = 0;
  let last = -1;
  while (frames < REEL_SECONDS * RATE) {
    let pick = Math.floor(random() * SOURCES.length);
    if (pick === last) pick = (pick + 1) % SOURCES.length;
    last = pick;
    const source = SOURCES[pick] ?? SOURCES[0];
    const whole = Math.floor((source.to - source.from) * RATE);
    const length = Math.min(whole, 25 + Math.floor(random() * 110));
    const from = source.from + Math.floor(random() * (whole - length + 1)) / RATE;
    const kind = random();
    const how = pieces.length === 0 || kind < 0.84 ? 'cut' : kind < 0.93 ? 'dissolve' : 'fade';
    pieces.push({ clip: source.clip, from, length, mirrored: random() < 0.5, begins: { how, frames: how === 'cut' ? 0 : 8 + Math.floor(random() * 5) } });
    frames += length;
  }
  return pieces;
}

/** Filters that put pieces after each other. A fade darkens the end of one and the beginning of the next. */
function reelFilter(pieces: readonly Piece[]): string {
  const parts = pieces.map((piece, i) => {
    const next = pieces[i + 1];
    const fades = [
      piece.begins.how === 'fade' ? `fade=in:0:${piece.begins.frames}` : '',
      next?.begins.how === 'fade' ? `fade=out:${piece.length - next.begins.frames}:${next.begins.frames}` : '',
    ];
    const chain = [
      `fps=${RATE}`,
      `trim=end_frame=${piece.length}`,
      'setpts=PTS-STARTPTS',
      'scale=1280:720:force_original_aspect_ratio=increase',
      'crop=1280:720',
      'setsar=1',
      piece.mirrored ? 'hflip' : '',
      'format=yuv420p',
      ...fades,
      `settb=1/${RATE}`,
    ];
    return `[${i}:v]${chain.filter(Boolean).join(',')}[p${i}]`;
  });
  let label = 'p0';
  let length = pieces[0]?.length ?? 0;
  pieces.slice(1).forEach((piece, n) => {
    const i = n + 1;
    const blend = piece.begins.how === 'dissolve' ? piece.begins.frames : 0;
    const join = blend > 0 ? `xfade=fade:duration=${blend / RATE}:offset=${(length - blend) / RATE}` : `concat=n=2:v=1,settb=1/${RATE},fps=${RATE}`;
    parts.push(`[${label}][p${i}]${join}[j${i}]`);
    label = `j${i}`;
    length += piece.length - blend;
  });
  return `${parts.join(';')};[${label}]null[out]`;
}

async function makeReel(seed: number, clips: string, target: string): Promise<void> {
  const pieces = piecesOf(seed);
  const inputs = pieces.flatMap((piece) => ['-ss', piece.from.toFixed(3), '-t', (piece.length / RATE + 0.2).toFixed(3), '-i', join(clips, piece.clip)]);
  const encode = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-r', String(RATE)];
  const run = await startTool('ffmpeg', ['-y', ...inputs, '-filter_complex', reelFilter(pieces), '-map', '[out]', ...encode, target], { pipes: 0, name: target });
  await run.done;
}

/** The film's path; made on first use (a few minutes), kept in the system's temporary folder. `clips`: folder of the sample clips. */
export async function benchFilm(clips: string, minutes: number): Promise<string> {
  const folder = join(tmpdir(), 'rushes-bench');
  const film = join(folder, `film-v1-${minutes}min.mp4`);
  if (await stat(film).catch(() => null)) return film;
  await mkdir(folder, { recursive: true });
  const reels: string[] = [];
  for (let i = 0; i < Math.min(REELS, Math.ceil((minutes * 60) / REEL_SECONDS)); i++) {
    const reel = join(folder, `reel-v1-${i}.mp4`);
    if (!(await stat(reel).catch(() => null))) {
      await makeReel(i + 1, clips, `${reel}.part.mp4`);
      await rename(`${reel}.part.mp4`, reel);
    }
    reels.push(reel);
  }
  const list = join(folder, `list-${process.pid}.txt`);
  const order = Array.from({ length: Math.ceil((minutes * 60) / REEL_SECONDS) }, (_, i) => reels[i % reels.length] ?? '');
  await writeFile(list, order.map((reel) => `file '${reel}'\n`).join(''));
  const part = `${film}.${process.pid}.mp4`;
  const run = await startTool('ffmpeg', ['-y', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-t', String(minutes * 60), part], { pipes: 0, name: film });
  await run.done.finally(() => rm(list, { force: true }));
  await rename(part, film);
  return film;
}
