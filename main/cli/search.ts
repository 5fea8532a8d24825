/** `rushes search`: moments in everything opened so far, in some files, or in texts that no media belongs to. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { formatOfName } from '../../shared/captions/formats/detect.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { sentencesOfCues } from '../../shared/understanding/sentences.ts';
import type { Sentence } from '../../shared/understanding/types.ts';
import { understand } from '../analysis/language/understand.ts';
import { SPEECH_STAGE } from '../analysis/speech/speechStore.ts';
import type { Engine } from '../engine/engine.ts';
import { searchAnywhere, type FoundAnywhere } from '../engine/search.ts';
import { searchTools } from '../engine/searchTools.ts';
import { openTemporaryLibrary } from '../library/library.ts';
import { listen } from './heard.ts';
import type { CommandContext } from './run.ts';
import type { SearchOptions } from './searchOptions.ts';
import { foundToJson, searchTable, type FoundInFile } from './searchWords.ts';
import { readTextSource } from './textSource.ts';
import { progressLine } from './words.ts';

export async function search(options: SearchOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const texts = options.files.filter((file) => formatOfName(file) !== null);
  const media = options.files.filter((file) => formatOfName(file) === null);
  const results = [
    ...(options.files.length === 0 ? await searchLibrary(options, null, engine) : []),
    ...(media.length > 0 ? await searchLibrary(options, await openAll(media, engine, context), engine) : []),
    ...(texts.length > 0 ? await searchTexts(options, texts, engine, context) : []),
  ];
  throwIfCancelled(signal);
  output.clearProgress();
  const best = results.sort((a, b) => b.found.score - a.found.score).slice(0, options.limit);
  const lines = options.json
    ? [...best.map(foundToJson), { type: 'summary', query: options.query, results: best.length }].map((event) => JSON.stringify(event))
    : searchTable(best, options.query);
  for (const line of lines) await output.line(line);
}

const requestOf = ({ query, lists, limit }: SearchOptions, media: MediaId[] | null) => ({ query, lists, limit, media });

async function searchLibrary(options: SearchOptions, opened: readonly Media[] | null, engine: Engine): Promise<FoundInFile[]> {
  const found = await searchAnywhere(requestOf(options, opened?.map(({ id }) => id) ?? null), searchTools(engine));
  const pathOf = (moment: FoundAnywhere): string => engine.library.getMedia(moment.media)?.path ?? moment.mediaName;
  return found.map((moment) => ({ file: pathOf(moment), found: moment }));
}

/** Opens the files; speech that was recognised before and never indexed is indexed now. Says which are searched without their speech. */
async function openAll(files: readonly string[], engine: Engine, context: CommandContext): Promise<Media[]> {
  const opened: Media[] = [];
  for (const file of files) {
    const media = await engine.openMedia(file, context.signal);
    opened.push(media);
    // Text in the picture and how shots look: of media that were analysed; what is stored is not done again.
    if (media.video) for await (const event of engine.jobs.examinePictures({ media: media.id }, context.signal)) context.output.progress(progressLine(event));
    if (engine.library.found.talks().includes(media.id)) continue;
    if (media.audio && engine.library.latestSpeech(media.id, SPEECH_STAGE).length > 0) await indexSpeech(media, engine, context);
    else if (media.audio) context.output.note(m.cli_search_no_speech({ name: media.name }));
  }
  return opened;
}

async function indexSpeech(media: Media, engine: Engine, context: CommandContext): Promise<void> {
  const { cues, speakers, language } = await listen(media, 'auto', engine, context);
  await index(engine, engine.library, media.id, sentencesOfCues(cues, speakers, language), language, context.signal);
}

/** Subtitles and plain text live in a library of their own until the command ends. */
async function searchTexts(options: SearchOptions, files: readonly string[], engine: Engine, { signal, output }: CommandContext): Promise<FoundInFile[]> {
  const library = openTemporaryLibrary();
  try {
    const names = new Map<MediaId, string>();
    for (const file of files) {
      const source = await readTextSource(file, null);
      for (const sentence of source.warnings) output.note(m.cli_warning({ sentence }));
      const id = createHash('md5').update(file).digest('hex');
      names.set(id, file);
      await index(engine, library, id, source.sentences, source.language, signal);
    }
    const found = await searchAnywhere(requestOf(options, null), searchTools(engine, library));
    return found.map((moment) => {
      const file = names.get(moment.media) ?? '';
      return { file, found: { ...moment, mediaName: basename(file) } };
    });
  } finally {
    library.close();
  }
}

/** As the window and the other commands index a talk, so that none of them does it again. */
async function index({ encoder }: Engine, library: Engine['library'], media: MediaId, sentences: readonly Sentence[], language: string, signal: AbortSignal): Promise<void> {
  for await (const _event of understand({ media, language, sentences: [...sentences], index: true }, { encoder, library, signal }));
}
