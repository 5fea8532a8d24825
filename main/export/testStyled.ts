/** For tests: a renderer that turns every picture's colours around, which any test can see, at the source's own times. */
import { effectOf } from '../../shared/style/effect.ts';
import type { ClipEffect, RenderRequest, Style } from '../../shared/style/types.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { toSeconds, ZERO } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import type { ExportRange } from './plan.ts';
import type { RenderPictures } from './styled.ts';
import { ffmpeg } from './testMedia.ts';

export const VINTAGE: ClipEffect = effectOf({ id: 'vintage' }, ZERO);
export const styledAs = (style: Style): ClipEffect => effectOf(style, ZERO);
export const CUT_OUT: ClipEffect = { ...styledAs({ id: 'none' }), background: { mode: 'remove' } };

export const styled = (range: ExportRange, effect: ClipEffect = VINTAGE): ExportRange => ({ ...range, effect });

/**
 * Renders by `filter` without loss into `folder`, as NUT, whose ticks are exact (an edit list of QuickTime rounds where a stream begins). The file holds the frames of the request's range, a second more on each side, on the source's clock; with a removed
 * background its left half is transparent.
 */
export function fakeRenderer(media: readonly Media[], folder: string, filter = 'negate'): { render: RenderPictures; asked: RenderRequest[]; frames: Map<MediaId, string> } {
  const asked: RenderRequest[] = [];
  const frames = new Map<MediaId, string>();
  async function* render(request: RenderRequest): ReturnType<RenderPictures> {
    asked.push(request);
    const source = media.find(({ id }) => id === request.media);
    if (!source?.video) throw new Error(`no pictures in ${request.media}`);
    const path = `${folder}/render-${asked.length}.nut`;
    const { timeBase } = source.video;
    const [from, to] = [toSeconds(request.start) - 1, toSeconds(request.end) + 1];
    const removes = request.effect.background?.mode === 'remove';
    const scaled = request.effect.style.id === 'enhance' ? ',scale=iw*2:ih*2' : '';
    const cut = removes ? ',format=rgba,geq=r=r(X\\,Y):g=g(X\\,Y):b=b(X\\,Y):a=255*gte(X\\,W/2)' : '';
    yield { type: 'warning', code: 'tiles_smaller' };
    yield { type: 'progress', stage: 'render', done: 5, total: 10, unit: 'frames', rate: 2, eta: 2.5 };
    await ffmpeg('-copyts', '-i', source.path, '-map', `0:${source.video.index}`, '-vf', `trim=${from}:${to},${filter}${scaled}${cut}`, '-fps_mode', 'passthrough',
      '-enc_time_base', `${timeBase.num}/${timeBase.den}`, ...(removes ? ['-c:v', 'ffv1', '-pix_fmt', 'yuva444p'] : ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-bf', '0']), path);
    yield { type: 'rendered', frames: 10, reused: 0 };
    frames.set(request.media, path);
    return probeMedia(path);
  }
  return { render, asked, frames };
}
