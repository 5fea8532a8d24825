/** The work a window or a command may start, by the contract's names. Media ids and grants were checked before. */
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { MediaId } from '../../shared/media.ts';
import { writeCaptionFile } from './captionFile.ts';
import { writeChapterFile } from './chapterFile.ts';
import { exportClips } from './clips.ts';
import { understand } from '../analysis/language/understand.ts';
import type { Engine } from './engine.ts';
import { writeContactSheet, writeKeyframes, writeTable } from './findings.ts';
import type { Target } from './grants.ts';
import { streamHighlights } from './highlights.ts';
import { Limiter } from './jobs.ts';
import type { EngineJobs } from './server.ts';
import { writeTextFile } from './textFile.ts';

/** Exports encode with all cores: more at once would only slow each other down. */
const EXPORTS_AT_ONCE = 1;

export function buildJobs(engine: Engine): EngineJobs {
  const find = (id: MediaId) => engine.find(id);
  const exports = new Limiter(EXPORTS_AT_ONCE);
  const { library } = engine;
  /** An export, when its turn has come. */
  const write = ({ path }: Target, signal: AbortSignal, work: (signal: AbortSignal) => AsyncIterable<ExportEvent>) =>
    engine.track(signal, (inner) => exports.stream(inner, () => engine.unfinished.during(path, work(inner))));
  return {
    analyze: (args, signal) => engine.track(signal, (inner) => engine.analyze(args, inner)),
    transcribe: (args, signal) => engine.track(signal, (inner) => engine.transcribe(args, inner)),
    waveform: ({ media }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.waveforms.read(found, inner))),
    proxy: ({ media }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.proxies.make(found, inner))),
    understand: (args, signal) => engine.track(signal, (inner) => understand(args, { encoder: engine.encoder, library: engine.library, signal: inner })),
    exportChapters: (request, signal) => write(request.target, signal, (inner) => withMedia(find, request.media, (found) => writeChapterFile(request, found, inner))),
    exportText: ({ text, target }, signal) => write(target, signal, () => writeTextFile(text, target)),
    highlights: (args, signal) => engine.track(signal, (inner) => withMedia(find, args.media, (found) => streamHighlights(engine, found, args, inner))),
    examinePictures: ({ media }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.pictures.examine(found, inner))),
    exportClips: (request, signal) => write(request.target, signal, (inner) => exportClips(request, find, engine.styles.painter, inner)),
    exportCaptions: (request, signal) => write(request.target, signal, (inner) => writeCaptionFile(request, engine.media.has(request.track.media) ? engine.media.known(request.track.media) : null, inner)),
    styleGallery: ({ media, ...request }, signal) => engine.track(signal, (inner) => withMedia(find, media, (found) => engine.styles.gallery(found, request, inner))),
    stylePreview: (request, signal) => engine.track(signal, (inner) => withMedia(find, request.request.media, (found) => engine.styles.preview(found, request, inner))),
    renderClip: (request, signal) => engine.track(signal, (inner) => engine.styles.render(request, inner)),
    exportKeyframes: ({ media, format, target }, signal) =>
      write(target, signal, (inner) => withMedia(find, media, (found) => writeKeyframes(library, found, format, target, inner))),
    exportContactSheet: ({ media, target }, signal) =>
      write(target, signal, (inner) => withMedia(find, media, (found) => writeContactSheet(library, found, target, inner))),
    exportTable: (request, signal) => write(request.target, signal, () => withMedia(find, request.media, (found) => writeTable(library, found, request))),
  };
}

async function* withMedia<M, E>(find: (id: MediaId) => Promise<M>, id: MediaId, work: (media: M) => AsyncIterable<E>): AsyncGenerator<E> {
  yield* work(await find(id));
}
