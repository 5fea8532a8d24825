/** A stylist for tests of what is around it: turns colours over by the strength, in this process, as the real one would take and give frames. */
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { flicks } from '../../shared/time.ts';
import type { StyleContext } from './context.ts';
import type { Look, RgbFrame, StyledFrame, Stylist, TimedFrame } from './types.ts';

export interface FakeStylist extends Stylist {
  /** Times of the frames that were painted, and of those that began a shot. */
  painted: number[];
  cuts: number[];
  stills: number;
}

export interface FakeStylistOptions {
  /** Called before each painted frame. */
  onFrame?: (count: number) => void | Promise<void>;
  /** Alpha of each frame; default: none. */
  alpha?: (frame: RgbFrame) => Uint8Array;
  /** Frames that are read before the first is given. */
  readAhead?: number;
  /** Style ids that fail as if their model were not there. */
  missing?: readonly string[];
}

export function fakeStylist({ onFrame, alpha, readAhead = 0, missing = [] }: FakeStylistOptions = {}): FakeStylist {
  const check = ({ style }: Look): void => {
    if (missing.includes(style.id)) throw new ExpectedError('model_missing', { name: style.id });
  };
  const stylist: FakeStylist = {
    painted: [],
    cuts: [],
    stills: 0,
    async *paint(frames, look, { signal }) {
      check(look);
      const waiting: TimedFrame[] = [];
      const give = async (frame: TimedFrame): Promise<StyledFrame> => {
        await onFrame?.(stylist.painted.length);
        if (signal.aborted) throw new CancelledError();
        stylist.painted.push(frame.time);
        if (frame.cut) stylist.cuts.push(frame.time);
        const styled = turned(frame, look.strength(frame.time), look.style.id === 'enhance' ? 2 : 1);
        return { ...styled, time: frame.time, duration: frame.duration, alpha: alpha ? alpha(styled) : null };
      };
      for await (const frame of frames) {
        waiting.push(frame);
        const next = waiting.length > readAhead ? waiting.shift() : undefined;
        if (next) yield await give(next);
      }
      for (const frame of waiting) yield await give(frame);
    },
    async still(frame, look, { signal }) {
      check(look);
      if (signal.aborted) throw new CancelledError();
      stylist.stills += 1;
      return Promise.resolve({ frame: turned(frame, look.strength(flicks(0)), look.style.id === 'enhance' ? 2 : 1), faces: look.style.id.startsWith('face-') ? 0 : null });
    },
    vector: (picture) => Promise.resolve(Float32Array.from({ length: 100 }, (_, i) => picture.data[i] ?? 0)),
    close: () => Promise.resolve(),
  };
  return stylist;
}

function turned({ width, height, data }: RgbFrame, strength: number, scale: 1 | 2): RgbFrame {
  const size = { width: width * scale, height: height * scale };
  const styled = new Uint8Array(size.width * size.height * 3);
  const levels = Uint8Array.from({ length: 256 }, (_, value) => Math.round(value + strength * (255 - 2 * value)));
  if (scale === 1) return { ...size, data: data.map((value) => levels[value] ?? 0) };
  for (let y = 0, to = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
      for (let channel = 0; channel < 3; channel += 1, to += 1) {
        styled[to] = levels[data[from + channel] ?? 0] ?? 0;
      }
    }
  }
  return { ...size, data: styled };
}

export function testContext(folder: string, stylist: Stylist, media: readonly Media[], more: Partial<StyleContext> = {}): StyleContext {
  return {
    inference: { hash: (model) => Promise.resolve(`hash of ${model}`), prefersInt8: () => Promise.resolve(false) },
    stylist,
    library: { latestEvents: () => [] },
    folder,
    find: (id: MediaId) => {
      const found = media.find((each) => each.id === id);
      return found ? Promise.resolve(found) : Promise.reject(new ExpectedError('not_granted'));
    },
    signal: new AbortController().signal,
    ...more,
  };
}
