/** What goes with one exported file: scripts to draw, streams to embed. */
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import { canHoldVideo } from './containers.ts';
import { requireBurning, writeScript, type BurnedScript } from './burn.ts';
import { sourceOf, type ExportPlan, type ExportSegment } from './plan.ts';

export interface OutputCaptions {
  /** A script for each segment; null where nothing is drawn. */
  burned: (BurnedScript | null)[];
}

/**
 * Writes what the output's segments need into `folder` (made when there is something). Throws ExpectedError('captions_cannot_burn').
 */
export async function prepareCaptions(
  plan: ExportPlan,
  segments: readonly ExportSegment[],
  captions: ExportedCaptions | null,
  folder: () => Promise<string>,
): Promise<OutputCaptions> {
  const burned: (BurnedScript | null)[] = [];
  if (captions && captions.burn.length > 0 && canHoldVideo(plan.container)) {
    await requireBurning();
    for (const [index, segment] of segments.entries()) {
      const size = pictureSize(plan, segment);
      burned.push(size ? await writeScript(captions.burn, segment, size, await folder(), `captions-${index + 1}`) : null);
    }
  }
  return { burned };
}

/** Size of the written picture as shown; null without one. */
function pictureSize(plan: ExportPlan, segment: ExportSegment): { width: number; height: number } | null {
  if (plan.format) return plan.format.video;
  const { video } = sourceOf(plan, segment);
  return video && { width: video.displayWidth, height: video.displayHeight };
}
