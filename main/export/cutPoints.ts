/** Where a stream can be cut, told from its packets. */
import { flicks, type Flicks } from '../../shared/time.ts';
import type { Media } from '../../shared/media.ts';

/** A packet of the video: one frame, shown at `time`. */
export interface FramePacket {
  time: Flicks;
  sync: boolean;
}

/** What is known of a media before its export is planned. */
export interface MediaFacts {
  media: Media;
  /** Presentation times of sync frames, ascending. Empty without video. */
  syncTimes: ArrayLike<number>;
  /**
   * Packets of the video around every cut, in decode order; those that are never shown (hidden by an edit list) are left out.
   * Around a cut: from the sync frame before it to well after it, or to the end of the stream.
   */
  packets: readonly FramePacket[];
  /** Equal for two media whose packets may follow each other in one stream (codec, size, parameter sets, sound). Empty where there is no other. */
  parameters: string;
  /** The container gives no presentation times: frames can't be picked without decoding. */
  timesUnknown: boolean;
}

export interface CutPoint {
  /** Presentation time of the first frame at or after the cut; null when there is none. */
  frame: Flicks | null;
  /** That frame is a sync frame. */
  sync: boolean;
  /** In decode order, every frame shown before the cut comes before every other: a copy may end here and lose nothing. */
  clean: boolean;
}

/** The cut nearest to `time`. `packets` as in MediaFacts. */
export function cutPointAt(time: Flicks, packets: readonly FramePacket[], tolerance: number): CutPoint {
  let frame: FramePacket | null = null;
  let clean = true;
  for (const packet of packets) {
    if (packet.time >= time - tolerance) {
      if (!frame || packet.time < frame.time) frame = packet;
    } else if (frame) clean = false;
  }
  return { frame: frame?.time ?? null, sync: frame?.sync ?? false, clean };
}

/** Latest sync frame at or before `time`; null when there is none. */
export function syncFrameBefore(time: Flicks, syncTimes: ArrayLike<number>): Flicks | null {
  let low = 0;
  let high = syncTimes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((syncTimes[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? flicks(syncTimes[low - 1] ?? 0) : null;
}

/** The first clean cut at or after `time`; null when there is none in what is known of the stream. */
export function cleanCutAfter(time: Flicks, packets: readonly FramePacket[], tolerance: number): Flicks | null {
  const earliestAfter: number[] = new Array<number>(packets.length + 1).fill(Infinity);
  for (let i = packets.length - 1; i >= 0; i -= 1) earliestAfter[i] = Math.min(packets[i]?.time ?? Infinity, earliestAfter[i + 1] ?? Infinity);
  let latestBefore = -Infinity;
  for (let i = 0; i < packets.length; i += 1) {
    const cut = earliestAfter[i] ?? Infinity;
    if (latestBefore < cut && cut >= time - tolerance) return flicks(cut);
    latestBefore = Math.max(latestBefore, packets[i]?.time ?? -Infinity);
  }
  return null;
}
