/** Pictures as pixels: what the window shows and what ffmpeg decodes, to compare by content. Three bytes each, rows from the top. */
import { execFileSync } from 'node:child_process';
import type { Locator } from '@playwright/test';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}
/** Shares of the width and height: left, top, right, bottom. */
export type Part = readonly [number, number, number, number];
const WHOLE: Part = [0, 0, 1, 1];
const ffmpeg = process.env['FFMPEG_BIN'] ?? 'ffmpeg';

/** The picture of an `img` in the window, in its own size. */
export async function shownPicture(image: Locator): Promise<Picture> {
  const { width, height, base64 } = await image.evaluate(async (element) => {
    const img = element as HTMLImageElement;
    await img.decode();
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No canvas');
    context.drawImage(img, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    return { width: canvas.width, height: canvas.height, base64: btoa(text) };
  });
  return { width, height, rgb: Buffer.from(base64, 'base64') };
}

/** Every frame of a file, in this size. */
export function decodedFrames(path: string, width: number, height: number): Picture[] {
  const all = execFileSync(ffmpeg, ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-vf', `scale=${width}:${height}`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 2 ** 30 });
  const bytes = width * height * 3;
  return Array.from({ length: Math.floor(all.length / bytes) }, (_, index) => ({ width, height, rgb: all.subarray(index * bytes, (index + 1) * bytes) }));
}

/** Mean difference of two pictures of one size, or of the same part of them, in steps of 0 to 255. */
export function meanDifference(a: Picture, b: Picture, part: Part = WHOLE): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${a.width}x${a.height} against ${b.width}x${b.height}`);
  let [sum, count] = [0, 0];
  forEachByte(a, part, (at) => {
    sum += Math.abs((a.rgb[at] ?? 0) - (b.rgb[at] ?? 0));
    count += 1;
  });
  return sum / count;
}

/** Mean red, green and blue of a part, 0 to 255. */
export function meanColour(picture: Picture, part: Part = WHOLE): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  forEachByte(picture, part, (at) => {
    const channel = at % 3;
    sums[channel as 0 | 1 | 2] += picture.rgb[at] ?? 0;
    count += 1;
  });
  return [sums[0] / (count / 3), sums[1] / (count / 3), sums[2] / (count / 3)];
}

/** How much neighbours in a row differ on average: less of it in a blurred picture. */
export function roughness(picture: Picture, part: Part = WHOLE): number {
  let [sum, count] = [0, 0];
  forEachByte(picture, part, (at) => {
    sum += Math.abs((picture.rgb[at] ?? 0) - (picture.rgb[at + 3] ?? 0));
    count += 1;
  });
  return sum / count;
}

function forEachByte({ width, height }: Picture, [left, top, right, bottom]: Part, visit: (at: number) => void): void {
  for (let y = Math.round(top * height); y < Math.round(bottom * height); y += 1) {
    for (let at = (y * width + Math.round(left * width)) * 3; at < (y * width + Math.round(right * width)) * 3; at += 1) visit(at);
  }
}
