/** The work a window or a command may start, by the contract's names. Media ids and grants were checked before. */
import type { MediaId } from '../../shared/media.ts';
import { exportClips } from './clips.ts';
import type { Engine } from './engine.ts';
import { Limiter } from './jobs.ts';
import type { EngineJobs } from './server.ts';

/** Exports encode with all cores: more at once would only slow each other down. */
const EXPORTS_AT_ONCE = 1;

export function buildJobs(engine: Engine): EngineJobs {
  const find = (id: MediaId) => engine.find(id);
  const exports = new Limiter(EXPORTS_AT_ONCE);
  const pending = (): never => {
    throw new Error('pending');
  };
  return {
    analyze: (args, signal) => engine.track(signal, (inner) => engine.analyze(args, inner)),
    waveform: ({ media }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.waveforms.read(found, inner))),
    proxy: ({ media }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.proxies.make(found, inner))),
    exportClips: (request, signal) => engine.track(signal, (inner) => exports.stream(inner, () => exportClips(request, find, inner))),
    exportKeyframes: pending,
    exportContactSheet: pending,
    exportTable: pending,
  };
}

async function* withMedia<M, E>(find: (id: MediaId) => Promise<M>, id: MediaId, work: (media: M) => AsyncIterable<E>): AsyncGenerator<E> {
  yield* work(await find(id));
}
