/** Finds the damaged places of a video from ffmpeg's complaints and from gaps between frame times. */
import { frameDuration, FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';
import type { VideoStream } from '../../shared/media.ts';
import type { DamagedPart } from './types.ts';

/**
 * Frames between a decoder's complaint and the frame it is about: reordering (at most 16 in H.264 and HEVC) and frames that
 * decoder threads hold. The good frame after a complaint is looked for behind them.
 */
const DELAY_FRAMES = 16;
/** Damaged places closer than this are one. */
const MERGE = FLICKS_PER_SECOND;
/** A constant-rate stream that skips more than this many frames has lost them. */
const GAP_FRAMES = 4;

/** Complaints about things that leave every frame whole: found in undamaged files that were cut or joined. */
const HARMLESS =
  /mmco: |number of reference frames|reference frames? .* exceeds|deprecated|\bSEI\b|sei type|co located POCs|reference picture missing during reorder|Missing reference picture|Timestamps are unset|non monoton|Application provided|Increasing reorder|Could not find codec parameters|unknown (SAR|box)|Duplicated (SPS|PPS)|max_analyze_duration/i;
/**
 * With `-loglevel level+info` each line names its level; the last two are told below that of errors, and are looked for without it: ffmpeg writes a line in pieces, between
 * which that of a frame time may come.
 */
const COMPLAINT = /\[(error|fatal|panic)\]|concealing \d+ DC|corrupt decoded frame/;

/** True when a line of ffmpeg's log tells that frames were lost or spoilt. */
export function isComplaint(line: string): boolean {
  return COMPLAINT.test(line) && !HARMLESS.test(line);
}

/** Follows frames and complaints in the order in which ffmpeg wrote them. */
export class DamageWatch {
  private readonly parts: DamagedPart[];
  private open: { from: Flicks | null; wait: number } | null = null;
  private last: Flicks | null = null;
  private readonly gap: number;

  /** `known`: places before the first frame that will come. */
  constructor(video: VideoStream, known: readonly DamagedPart[] = []) {
    this.parts = known.map((part) => ({ ...part }));
    this.gap = video.variableRate ? Infinity : GAP_FRAMES * frameDuration(video.frameRate);
  }

  frame(time: Flicks): void {
    if (this.last !== null && time - this.last > this.gap) this.add({ from: this.last, to: time });
    this.last = time;
    if (!this.open) return;
    this.open.wait -= 1;
    if (this.open.wait > 0) return;
    this.add({ from: this.open.from, to: time });
    this.open = null;
  }

  complaint(): void {
    if (this.open) this.open.wait = DELAY_FRAMES;
    else this.open = { from: this.last, wait: DELAY_FRAMES };
  }

  /** Parts that have ended. */
  soFar(): DamagedPart[] {
    return this.parts.map((part) => ({ ...part }));
  }

  /** All parts, in order. `endsEarly`: frames that the file promised are missing after the last one. */
  finish(endsEarly: boolean): DamagedPart[] {
    if (this.open) this.add({ from: this.open.from, to: null });
    else if (endsEarly) this.add({ from: this.last, to: null });
    this.open = null;
    return this.parts;
  }

  private add(part: DamagedPart): void {
    const previous = this.parts.at(-1);
    if (previous && (previous.to === null || (part.from ?? 0) - previous.to <= MERGE)) {
      previous.to = part.to === null || previous.to === null ? part.to : (Math.max(previous.to, part.to) as Flicks);
      previous.from = previous.from === null || part.from === null ? null : (Math.min(previous.from, part.from) as Flicks);
    } else {
      this.parts.push({ ...part });
    }
  }
}
