/** The plain way: the generator on every frame. */
import { owned } from './networks.ts';
import { NO_MEMORY, type Generator, type Memory } from './questions.ts';
import type { StyleProgram } from './programs.ts';
import { treatmentAt } from './treatment.ts';
import type { Look, RgbFrame, StyledFrame, TimedFrame } from './types.ts';
import type { WarnOnce } from './warnings.ts';

/** What a run over frames has at hand. */
export interface Work {
  program: StyleProgram;
  generator: Generator;
  look: Look;
  signal: AbortSignal;
  warn: WarnOnce;
}

export async function* plainFrames({ program, generator, look, signal, warn }: Work, frames: AsyncIterable<TimedFrame>): AsyncGenerator<StyledFrame> {
  let memory: Memory = NO_MEMORY;
  for await (const { time, duration, cut, ...frame } of frames) {
    if (cut) memory = NO_MEMORY;
    const treatment = await treatmentAt(look, time, resultSize(generator, frame));
    const painted = await program.ask('paint', { frame: pictureOf(frame), generator, treatment, memory }, signal);
    memory = painted.memory;
    warn.of(painted);
    yield { ...painted.picture, time, duration, alpha: painted.alpha };
  }
}

/** The pixels with a buffer of their own, which can be handed over. */
export const pictureOf = ({ width, height, data }: RgbFrame): RgbFrame => ({ width, height, data: owned(data) });

export function resultSize(generator: Generator, { width, height }: RgbFrame): { width: number; height: number } {
  return generator.id === 'enhance' ? { width: 2 * width, height: 2 * height } : { width, height };
}
