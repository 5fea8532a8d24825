/**
 * Clips rendered into the engine's store. Decoding, painting and encoding overlap; each holds a few frames. What is painted is written in pieces, and a
 * run that was interrupted goes on after the last whole one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import type { RenderEvent, RenderRequest } from '../../shared/style/types.ts';
import { FLICKS_PER_SECOND, subtract, ZERO, type Flicks } from '../../shared/time.ts';
import { needsToneMap } from '../media/forms.ts';
import { probeMedia } from '../media/probe.ts';
import { keepsAlpha } from '../media/rgbFrames.ts';
import { writeFailure } from '../media/safeFile.ts';
import { frameTimes } from '../media/syncFrames.ts';
import type { StyleContext } from './context.ts';
import { modelsOf, openLook } from './effect.ts';
import { joinPieces, verifyTimes } from './join.ts';
import { labelFilter } from './label.ts';
import { Pace } from './pace.ts';
import { pieceFormat, PieceEncoder, type PieceFormat } from './pieceEncoder.ts';
import { ahead } from './queue.ts';
import { DEFAULT_LIMIT, holdRender, RenderFolder, trimRenders, type Piece } from './renderStore.ts';
import { RenderSource, type Left } from './renderSource.ts';
import type { StyledFrame, StyleWarning } from './types.ts';
import { WarnOnce } from './warnings.ts';

/** The styled pictures of the request's range at the source's own times, with its sound. */
export interface RenderedClip {
  path: string;
  media: Media;
}

/** Raised when renders are made in another way, so that old ones are not used. */
const VERSION = 1;
const CLIP = 'clip.mov';
/** A piece ends here at the latest, or with its shot. */
const MOST_FRAMES = 100;
/** Seconds. */
const MOST_LENGTH = 4;
/** Where frames take long, so that little is lost by an interruption. */
const MOST_SECONDS_OF_WORK = 15;
const LEAST_FRAMES = 8;
/** Bytes of decoded frames that wait for the stylist. */
const WAITING_BYTES = 30e6;

/** Name of a render: equal where the pictures are. `hashes`: of the models, and what else they depend on. */
export function renderKey(request: RenderRequest, hashes: readonly string[]): string {
  const { media, start, end, effect, picture } = request;
  const parts = [VERSION, media, start, end, effect, effect.style.id === 'picture' ? picture?.vector : null, hashes];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The folder's name for a request here: with the models of this installation. Throws ExpectedError model_missing. */
async function keyOf(request: RenderRequest, { inference, locale, signal }: StyleContext): Promise<{ key: string; int8: boolean }> {
  const { effect } = request;
  const hashes = await Promise.all(modelsOf(effect).map((model) => inference.hash(model)));
  const int8 = effect.style.id === 'vintage' && (await inference.prefersInt8('cyclegan-vintage', signal));
  return { key: renderKey(request, [...hashes, ...(int8 ? ['int8'] : []), ...(effect.label && locale ? [locale] : [])]), int8 };
}

/**
 * Renders the range, or finds it rendered. Streams progress in frames; gives the file at the end. Throws ExpectedError no_video, disk_full (whole pieces
 * stay), model_missing, model_failed, verify_failed, what `classifyFailure` gives; CancelledError within a second, with only whole pieces left.
 */
export async function* renderClip(media: Media, request: RenderRequest, context: StyleContext): AsyncGenerator<RenderEvent, RenderedClip> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  throwIfCancelled(context.signal);
  const { key, int8 } = await keyOf(request, context);
  const folder = new RenderFolder(context.folder, key);
  const release = holdRender(folder.path);
  try {
    await folder.prepare();
    const { clip, pieces } = await folder.read();
    await folder.touch();
    if (clip) {
      yield { type: 'rendered', frames: clip.frames, reused: clip.frames };
      return { path: folder.file(clip.clip), media: await probeMedia(folder.file(clip.clip), { signal: context.signal }) };
    }
    await trimRenders(context.folder, context.limit ?? DEFAULT_LIMIT);
    const render = new Render(media, video, request, context, folder, pieces);
    yield* render.run(int8);
    const rendered = await render.join();
    await trimRenders(context.folder, context.limit ?? DEFAULT_LIMIT);
    yield { type: 'rendered', frames: render.frames, reused: pieces.reduce((sum, { times }) => sum + times.length, 0) };
    return rendered;
  } catch (error) {
    throw writeFailure(error, folder.path);
  } finally {
    release();
  }
}

/** A piece that frames are written to. */
interface OpenPiece {
  encoder: PieceEncoder;
  path: string;
  shot: Flicks;
  startedMs: number;
}

class Render {
  readonly #media: Media;
  readonly #video: VideoStream;
  readonly #request: RenderRequest;
  readonly #context: StyleContext;
  readonly #folder: RenderFolder;
  readonly #pieces: Piece[];
  /** Not told yet. */
  readonly #warnings: StyleWarning[] = [];
  readonly #warn = new WarnOnce((code) => this.#warnings.push(code));
  #format: PieceFormat | null = null;
  #piece: OpenPiece | null = null;
  /** Pieces are closed while the next is written. */
  #closing: Promise<void> = Promise.resolve();

  constructor(media: Media, video: VideoStream, request: RenderRequest, context: StyleContext, folder: RenderFolder, pieces: readonly Piece[]) {
    [this.#media, this.#video, this.#request, this.#context, this.#folder] = [media, video, request, context, folder];
    this.#pieces = [...pieces];
  }

  get frames(): number {
    return this.#pieces.reduce((sum, { times }) => sum + times.length, 0);
  }

  async *run(int8: boolean): AsyncGenerator<RenderEvent> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#context.signal, stop.signal]);
    const { look, close } = await openLook(this.#request, { ...this.#context, signal }, int8);
    const toneMapped = await needsToneMap(this.#video);
    if (toneMapped) this.#warn.say('hdr_tone_mapped');
    if (this.#video.hasAlpha && !keepsAlpha(this.#video)) this.#warn.say('alpha_dropped');
    const left = this.#left();
    const source = new RenderSource(this.#media, this.#request, left, this.#context.library.latestEvents(this.#media.id, 'shots'), signal);
    const done = this.frames;
    const pace = new Pace('render', 'frames', null, done);
    void this.#count(signal).then((total) => (pace.total = total), () => undefined);
    const waiting = Math.max(1, Math.min(4, Math.floor(WAITING_BYTES / (this.#video.width * this.#video.height * 3))));
    const painted = this.#context.stylist.paint(ahead(source.frames(), waiting, () => stop.abort()), look, { signal, onWarning: (code) => this.#warn.say(code) });
    let written = done;
    try {
      for await (const frame of painted) {
        yield* this.#warned();
        // Frames that only lead in are there already.
        if (left && frame.time <= left.last) continue;
        await this.#write({ ...frame, alpha: source.takeAlpha(frame) }, source.shotOf(frame.time), toneMapped, signal);
        written += 1;
        yield pace.event(written);
      }
      throwIfCancelled(signal);
      this.#closePiece();
      await this.#closing;
    } finally {
      stop.abort();
      await painted.return(undefined).catch(() => undefined);
      await this.#abandon();
      await close();
    }
    yield* this.#warned();
    if (this.frames === 0) throw new ExpectedError('file_damaged', { name: this.#media.name });
  }

  /** Joins the pieces, checks the file, gives it its name and removes the pieces. */
  async join(): Promise<RenderedClip> {
    const { signal } = this.#context;
    const [path, listPath] = [this.#temporary('clip.mov'), this.#temporary('list.txt')];
    try {
      const joined = await joinPieces({ media: this.#media, video: this.#video, pieces: this.#pieces, fileOf: ({ file }) => this.#folder.file(file), listPath, path, signal });
      const clip = this.#folder.file(CLIP);
      await rename(path, clip);
      await this.#folder.write({ clip: CLIP, bytes: joined.bytes, frames: this.frames });
      await this.#folder.removePieces(this.#pieces);
      return { path: clip, media: { ...joined, path: resolve(clip), name: CLIP } };
    } finally {
      await rm(path, { force: true });
      await rm(listPath, { force: true });
    }
  }

  #left(): Left | null {
    const last = this.#pieces.at(-1);
    const times = this.#pieces.slice(-3).flatMap((piece) => piece.times);
    const end = times.at(-1);
    return last && end !== undefined ? { last: end, recent: times, shot: last.shot } : null;
  }

  /** Frames in all. */
  async #count(signal: AbortSignal): Promise<number | null> {
    const { start, end } = this.#request;
    const times = await frameTimes(this.#media, start, end, { signal });
    // The frame that is shown at the start may have begun before.
    return times.length === 0 ? 1 : times.length + ((times[0] ?? start) > start && start > this.#video.startTime ? 1 : 0);
  }

  async #write(frame: StyledFrame, shot: Flicks, toneMapped: boolean, signal: AbortSignal): Promise<void> {
    if (this.#piece && this.#isFull(this.#piece, frame, shot)) this.#closePiece();
    this.#piece ??= await this.#open(frame, shot, toneMapped, signal);
    await this.#piece.encoder.write(frame);
  }

  #isFull({ encoder: { times }, shot, startedMs }: OpenPiece, frame: StyledFrame, nextShot: Flicks): boolean {
    if (shot !== nextShot || times.length >= MOST_FRAMES) return true;
    if (subtract(frame.time, times[0] ?? frame.time) >= MOST_LENGTH * FLICKS_PER_SECOND) return true;
    return times.length >= LEAST_FRAMES && performance.now() - startedMs > MOST_SECONDS_OF_WORK * 1000;
  }

  async #open(frame: StyledFrame, shot: Flicks, toneMapped: boolean, signal: AbortSignal): Promise<OpenPiece> {
    if (!this.#format) {
      const alpha = this.#request.effect.background?.mode === 'remove' || keepsAlpha(this.#video);
      const label = this.#request.effect.label ? await labelFilter(frame, this.#context) : null;
      this.#format = pieceFormat({ media: this.#media, video: this.#video, toneMapped, alpha, label }, frame);
    }
    const path = this.#temporary('piece.mov');
    return { encoder: await PieceEncoder.start(this.#format, path, { media: this.#media, signal }), path, shot, startedMs: performance.now() };
  }

  #temporary(name: string): string {
    return this.#folder.file(`.half-${process.pid}-${randomBytes(4).toString('hex')}-${name}`);
  }

  /** One piece at a time is closed: what comes after waits in `#closing`. */
  #closePiece(): void {
    const piece = this.#piece;
    this.#piece = null;
    if (!piece) return;
    this.#closing = this.#closing.then(() => this.#finish(piece));
    // Told where it is awaited.
    this.#closing.catch(() => undefined);
  }

  async #finish({ encoder, path, shot }: OpenPiece): Promise<void> {
    const { signal } = this.#context;
    try {
      await encoder.end();
      const first = encoder.times[0] ?? ZERO;
      await verifyTimes(await probeMedia(path, { signal }), encoder.times.map((time) => subtract(time, first)), signal);
      const { size: bytes } = await stat(path);
      const index = this.#pieces.length;
      const file = `piece-${String(index).padStart(5, '0')}-${randomBytes(4).toString('hex')}.mov`;
      await rename(path, this.#folder.file(file));
      const piece: Piece = { piece: index, file, bytes, times: encoder.times, shot };
      await this.#folder.write(piece);
      this.#pieces.push(piece);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** What is being written is not whole. */
  async #abandon(): Promise<void> {
    await this.#closing.catch(() => undefined);
    const piece = this.#piece;
    this.#piece = null;
    await piece?.encoder.stop();
    if (piece) await rm(piece.path, { force: true });
  }

  *#warned(): Generator<RenderEvent> {
    for (const code of this.#warnings.splice(0)) yield { type: 'warning', code };
  }
}
