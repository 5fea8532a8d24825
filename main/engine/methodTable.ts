/** What a window may call, by the contract's names. Media ids and grants were checked before. */
import type { EngineArgs } from '../../shared/ipc/engine.ts';
import type { MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import { ask } from '../analysis/language/ask.ts';
import { similarShots } from '../analysis/pictures/similarShots.ts';
import { stepFrame, syncFrames } from '../media/syncFrames.ts';
import { thumbnails } from '../media/thumbnails.ts';
import { planClips } from './clips.ts';
import type { Engine } from './engine.ts';
import { Limiter } from './jobs.ts';
import { searchEngine } from './searchTools.ts';
import type { EngineMethods } from './server.ts';

/** Requests for filmstrip pictures that run ffmpeg at once. */
const THUMBNAILS_AT_ONCE = 2;

export function buildMethods(engine: Engine): EngineMethods {
  const { library, projects, waveforms } = engine;
  const find = (id: MediaId) => engine.find(id);
  const places = new Limiter(THUMBNAILS_AT_ONCE);
  const sync = new SyncFrameIndex(engine);
  return {
    picture: ({ media, picture }) => Promise.resolve(library.getPicture(media, picture)),
    thumbnails: async ({ media, ...options }: EngineArgs<'thumbnails'>) => {
      const leave = await places.enter(engine.closing);
      try {
        return await thumbnails(await find(media), { ...options, signal: engine.closing });
      } finally {
        leave();
      }
    },
    waveform: async (args) => waveforms.part(engine.media.known(args.media), args),
    syncFrames: ({ media }) => sync.times(media),
    stepFrame: async ({ media, time, by }) => stepFrame(await find(media), time, by, { signal: engine.closing }),
    searchTags: ({ query, media, limit }) => Promise.resolve(library.searchTags(query, media, limit)),
    search: (request) => searchEngine(engine, request),
    similarShots: (request) => Promise.resolve(similarShots(request, library)),
    ask: (request) => ask(request, engine.encoder, engine.closing),
    exportPlan: (request) => planClips(request, find, engine.closing),
    doctor: () => engine.doctor(),
    projectAppend: async ({ commands }) => {
      await projects.append(commands);
      return {};
    },
    projectLoad: () => projects.load(),
    projectNew: async () => {
      await projects.begin();
      return {};
    },
    projectSave: async ({ target }) => {
      await projects.save(target);
      return {};
    },
  };
}

/** Sync-frame times: read once for a media, then from the library. */
class SyncFrameIndex {
  readonly #engine: Engine;
  readonly #reading = new Map<MediaId, Promise<Flicks[]>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async times(id: MediaId): Promise<Flicks[]> {
    const media = await this.#engine.find(id);
    if (!media.video) return [];
    const stored = this.#engine.library.getSyncFrames(id);
    if (stored) return Array.from(stored) as Flicks[];
    let reading = this.#reading.get(id);
    if (!reading) {
      reading = syncFrames(media, { signal: this.#engine.closing })
        .then((times) => {
          this.#engine.library.putSyncFrames(id, Float64Array.from(times));
          return times;
        })
        .finally(() => this.#reading.delete(id));
      this.#reading.set(id, reading);
    }
    return reading;
  }
}
