/** From ranges to a plan: reads the facts that planning needs. */
import type { Media, MediaId } from '../../shared/media.ts';
import type { MediaFacts } from './cutPoints.ts';
import { gatherFacts } from './facts.ts';
import { planExport, type ExportOptions, type ExportPlan, type ExportRange } from './plan.ts';

/**
 * Plans an export of ranges of opened media; `mediaOf` gives the facts of each (throws for one that is not open). Reads packets
 * around the cuts only. Throws ExpectedError as `planExport` and `gatherFacts`, and CancelledError.
 */
export async function prepareExport(
  ranges: readonly ExportRange[],
  options: ExportOptions,
  mediaOf: (id: MediaId) => Media,
  signal?: AbortSignal,
): Promise<ExportPlan> {
  const facts: MediaFacts[] = [];
  const ids = new Set(ranges.map((range) => range.media));
  for (const id of ids) {
    const cuts = ranges.filter((range) => range.media === id).flatMap(({ start, end }) => [start, end]);
    facts.push(await gatherFacts(mediaOf(id), cuts, { alone: ids.size === 1, signal }));
  }
  return planExport(ranges, options, facts);
}
