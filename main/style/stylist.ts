/** The engine's end of styling: looks and frames in, styled frames out. The networks run in the style worker (worker.ts). */
import { throwIfCancelled } from '../../shared/errors.ts';
import type { Flicks } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import { carriedFrames, isCarried } from './carried.ts';
import { isLarge, MODELS, modelsFor } from './models.ts';
import { plainFrames } from './plain.ts';
import { Programs } from './programs.ts';
import { NO_MEMORY, type Generator, type OnFallback } from './questions.ts';
import { ahead } from './queue.ts';
import { treatmentAt } from './treatment.ts';
import type { Look, RgbFrame, StyledFrame, Stylist, StylistOptions, TimedFrame } from './types.ts';
import { WarnOnce } from './warnings.ts';

/** Finished frames that wait for the encoder: enough that neither waits for the other. */
const FINISHED_AHEAD = 2;

/** Starts nothing yet: the worker comes with the first frame. */
export async function openStylist(inference: Inference, options: { onFallback?: OnFallback } = {}): Promise<Stylist> {
  const programs = new Programs(inference, options.onFallback);
  return Promise.resolve({
    paint: (frames, look, paintOptions) => {
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, paintOptions.signal]);
      return ahead(paint({ inference, programs }, frames, look, { ...paintOptions, signal }), FINISHED_AHEAD, () => stop.abort());
    },
    still: (frame, look, stillOptions) => still({ inference, programs }, frame, look, stillOptions),
    vector: async (picture, signal) => {
      const program = await programs.use([MODELS.vector], { threads: undefined, large: false, signal });
      try {
        return await program.ask('vector', { picture: copyOf(picture) }, signal);
      } finally {
        program.release();
      }
    },
    close: () => programs.close(),
  });
}

interface Parts {
  inference: Inference;
  programs: Programs;
}

async function* paint({ inference, programs }: Parts, frames: AsyncIterable<TimedFrame>, look: Look, options: StylistOptions): AsyncGenerator<StyledFrame> {
  const generator = await generatorOf(inference, look, options.signal);
  const source = frames[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    if (first.done) return;
    const carried = isCarried(generator, look.quality);
    const needs = { generator, area: look.area, background: look.background !== null, size: first.value, carried };
    const program = await programs.use(modelsFor(needs), { threads: options.threads, large: isLarge(needs.size), signal: options.signal });
    const warn = new WarnOnce(options.onWarning);
    try {
      const work = { program, generator, look, signal: options.signal, warn };
      yield* (carried ? carriedFrames : plainFrames)(work, startingWith(first.value, source));
      warn.end();
    } finally {
      program.release();
    }
  } finally {
    await source.return?.();
  }
}

async function* startingWith(first: TimedFrame, rest: AsyncIterator<TimedFrame>): AsyncGenerator<TimedFrame> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function still({ inference, programs }: Parts, frame: RgbFrame, look: Look, options: StylistOptions): Promise<{ frame: RgbFrame; faces: number | null }> {
  const generator = await generatorOf(inference, look, options.signal);
  const needs = { generator, area: look.area, background: look.background !== null, size: frame, carried: false };
  const program = await programs.use(modelsFor(needs), { threads: options.threads, large: isLarge(needs.size), signal: options.signal });
  try {
    const treatment = await treatmentAt(look, 0 as Flicks, frame);
    const painted = await program.ask('paint', { frame: copyOf(frame), generator, treatment, memory: NO_MEMORY }, options.signal);
    const warn = new WarnOnce(options.onWarning);
    warn.of(painted);
    warn.end();
    return { frame: painted.picture, faces: painted.faces };
  } finally {
    program.release();
  }
}

/** The caller keeps its picture: several looks are tried on one. */
const copyOf = (frame: RgbFrame): RgbFrame => ({ width: frame.width, height: frame.height, data: new Uint8Array(frame.data) });

async function generatorOf(inference: Inference, { style, vector, int8 }: Look, signal: AbortSignal): Promise<Generator> {
  throwIfCancelled(signal);
  switch (style.id) {
    case 'vintage':
      return { id: 'vintage', int8: int8 && (await inference.prefersInt8(MODELS.vintage, signal)) };
    case 'painter':
      return { id: 'painter', weights: style.weights };
    case 'picture':
      if (!vector) throw new Error('the style of a picture needs its vector');
      return { id: 'picture', vector: [...vector] };
    case 'none':
    case 'enhance':
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
      return { id: style.id };
  }
}
