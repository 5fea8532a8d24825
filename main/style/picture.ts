/** A picture file as a style: the numbers that describe it, and a small picture of it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ExpectedError, isCancelled, throwIfCancelled } from '../../shared/errors.ts';
import type { StylePicture } from '../../shared/style/types.ts';
import { JpegEncoder } from '../media/jpegEncoder.ts';
import { probeMedia } from '../media/probe.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import type { StyleContext } from './context.ts';
import type { RgbFrame } from './types.ts';

/** What the network takes: the centre square, stretched or shrunk to this. */
const VECTOR_SIDE = 256;
const THUMBNAIL_SIDE = 96;
const THUMBNAIL_QUALITY = 5;
/** Characters of base64 that the contract allows. */
const MOST_THUMBNAIL = 24_000;
/** A larger picture takes ffmpeg more than a gigabyte to decode. */
const MOST_MEGAPIXELS = 120;
const MOST_NAME = 200;

/**
 * Reads a picture as a style; the file is not needed again. Transparent pictures count as on white, of moving ones the first picture counts.
 * Throws ExpectedError style_picture_unreadable (damaged, too large, no picture), file_missing and the like by `probeMedia`, model_missing;
 * CancelledError.
 */
export async function readStylePicture(path: string, context: Pick<StyleContext, 'stylist' | 'signal'>): Promise<StylePicture> {
  const { signal, stylist } = context;
  const name = basename(path);
  const unreadable = (cause: unknown): ExpectedError => new ExpectedError('style_picture_unreadable', { name, megapixels: MOST_MEGAPIXELS }, { cause });
  const media = await probeMedia(path, { signal }).catch((error: unknown) => {
    if (error instanceof ExpectedError && ['file_not_media', 'file_damaged', 'file_no_index', 'file_empty'].includes(error.code)) throw unreadable(error);
    throw error;
  });
  const { video } = media;
  if (!video || video.width * video.height > MOST_MEGAPIXELS * 1e6) throw unreadable(new Error('no picture, or too large a one'));
  const read = async (filter: string, width: number, height: number): Promise<RgbFrame> =>
    onWhite(await readPixels(path, video.index, filter, width, height, signal).catch((error: unknown) => {
      if (isCancelled(error) || !(error instanceof ExpectedError) || error.code === 'ffmpeg_missing') throw error;
      throw unreadable(error);
    }), width, height);
  const square = await read(`crop=min(iw\\,ih):min(iw\\,ih),scale=${VECTOR_SIDE}:${VECTOR_SIDE}:flags=lanczos`, VECTOR_SIDE, VECTOR_SIDE);
  const small = fitted(video.displayWidth, video.displayHeight);
  const thumbnail = await read(`scale=${small.width}:${small.height}:flags=lanczos`, small.width, small.height);
  const vector = await stylist.vector(square, signal);
  return { id: (await hashOf(path, signal)).slice(0, 32), name: name.slice(0, MOST_NAME), vector: [...vector], thumbnail: await thumbnailOf(thumbnail, name, signal) };
}

function fitted(width: number, height: number): { width: number; height: number } {
  const factor = Math.min(1, THUMBNAIL_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** The first picture as rgba with the colours multiplied by their opacity, so that what can't be seen does not bleed in. */
async function readPixels(path: string, stream: number, filter: string, width: number, height: number, signal: AbortSignal): Promise<Uint8Array> {
  const filters = `format=gbrap,premultiply=inplace=1,${filter},format=rgba`;
  const args = [...inputOptions(), '-i', fileUrl(path), '-map', `0:${stream}`, '-vf', filters, '-frames:v', '1', '-c:v', 'rawvideo', '-f', 'rawvideo', 'pipe:1'];
  const bytes = await collect('ffmpeg', args, { signal, name: basename(path) });
  if (bytes.length !== width * height * 4) throw new ExpectedError('file_damaged', { name: basename(path) });
  return bytes;
}

function onWhite(rgba: Uint8Array, width: number, height: number): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const white = 255 - (rgba[from + 3] ?? 255);
    for (let channel = 0; channel < 3; channel += 1) data[to + channel] = Math.min(255, (rgba[from + channel] ?? 0) + white);
  }
  return { width, height, data };
}

async function thumbnailOf(picture: RgbFrame, name: string, signal: AbortSignal): Promise<string> {
  for (const quality of [THUMBNAIL_QUALITY, 16]) {
    const encoder = new JpegEncoder({ quality, name, signal });
    try {
      const text = Buffer.from(await encoder.encode(picture)).toString('base64');
      if (text.length <= MOST_THUMBNAIL) return text;
    } finally {
      await encoder.close();
    }
  }
  throw new Error('a thumbnail of 96 pixels has over 18 kB at the lowest quality');
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    throwIfCancelled(signal);
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
