/** What goes with one exported file: scripts to draw, streams to embed, tracks to write beside it. */
import type { CaptionFormat, WriteOptions } from '../../shared/captions/formats/types.ts';
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import { requireBurning, writeScript, type BurnedScript } from './burn.ts';
import { captionStreams, type CaptionStream } from './captionStreams.ts';
import { canHoldVideo } from './containers.ts';
import { writeEmbedded, type EmbeddedStream } from './embed.ts';
import { sourceOf, type ExportPlan, type ExportSegment } from './plan.ts';
import { shownMedia } from './styled.ts';

export interface OutputCaptions {
  /** A script for each segment; null where nothing is drawn. */
  burned: (BurnedScript | null)[];
  embedded: EmbeddedStream[];
  beside: CaptionStream[];
  /** Of the files beside it. */
  format: CaptionFormat;
  writing: WriteOptions;
}

/** Of a script for sound alone; nothing is drawn by it. */
const NO_PICTURE = { width: 1920, height: 1080 };

/**
 * Writes what the output's segments need into `folder` (made when there is something). Throws ExpectedError: captions_cannot_burn,
 * captions_cannot_embed.
 */
export async function prepareCaptions(
  plan: ExportPlan,
  segments: readonly ExportSegment[],
  captions: ExportedCaptions | null,
  folder: () => Promise<string>,
): Promise<OutputCaptions> {
  if (!captions) return { burned: [], embedded: [], beside: [], format: 'srt', writing: {} };
  // What is written, which with a copy may begin earlier than what was asked for.
  const clips = segments.map(({ media, from, to }) => ({ media, start: from, end: to }));
  const streams = captionStreams(captions.embed, clips);
  const [first] = segments;
  const picture = first ? pictureSize(plan, first) : null;
  return {
    burned: await writeScripts(plan, segments, captions, folder),
    embedded: streams.length === 0 ? [] : await writeEmbedded(streams, plan.container, picture ?? NO_PICTURE, await folder()),
    beside: captionStreams(captions.sidecar, clips),
    format: captions.sidecarFormat,
    writing: { ...picture, frameRate: plan.format?.video?.frameRate ?? (first && sourceOf(plan, first).video?.frameRate) },
  };
}

async function writeScripts(plan: ExportPlan, segments: readonly ExportSegment[], { burn }: ExportedCaptions, folder: () => Promise<string>): Promise<(BurnedScript | null)[]> {
  if (burn.length === 0 || !canHoldVideo(plan.container)) return [];
  await requireBurning();
  const scripts: (BurnedScript | null)[] = [];
  for (const [index, segment] of segments.entries()) {
    const size = pictureSize(plan, segment);
    const like = plan.format?.video?.like.video ?? shownMedia(segment, sourceOf(plan, segment)).video;
    scripts.push(size && like ? await writeScript(burn, segment, { ...size, like }, await folder(), `captions-${index + 1}`) : null);
  }
  return scripts;
}

/** Size of the written picture as shown; null without one. */
function pictureSize(plan: ExportPlan, segment: ExportSegment): { width: number; height: number } | null {
  if (plan.format?.video) return { width: plan.format.video.width, height: plan.format.video.height };
  if (plan.format) return null;
  const { video } = shownMedia(segment, sourceOf(plan, segment));
  return video && { width: video.displayWidth, height: video.displayHeight };
}
