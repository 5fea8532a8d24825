/** `rushes highlights`: the best moments as a list, and a reel of them as a file. */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { frameDuration, type Flicks } from '../../shared/time.ts';
import { makeReel, scoreMoments } from '../../shared/understanding/highlights/index.ts';
import { sentencesOfCues } from '../../shared/understanding/sentences.ts';
import { HIGHLIGHT_SIGNALS, type HighlightEvent, type HighlightMoment, type HighlightSignal, type HighlightWeights, type Sentence } from '../../shared/understanding/types.ts';
import type { Engine } from '../engine/engine.ts';
import { listen } from './heard.ts';
import type { HighlightsOptions } from './highlightsOptions.ts';
import { reelToJson, reelLines, type Reel } from './highlightsWords.ts';
import type { CommandContext } from './run.ts';
import { progressLine, warningSentence } from './words.ts';
import { report } from './written.ts';

export async function highlights(options: HighlightsOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(options.file, signal);
  if (!media.audio && !media.video) throw new ExpectedError('no_such_stream', { name: media.name });
  const talk = options.speech && media.audio ? await talkOf(media, options.language, engine, context) : { sentences: [], language: options.language };
  const cuts = await cutsOf(media, options.shots, engine, context);
  const { moments, known } = await readMoments(media, talk, engine, context);
  const weights = countedWeights(options.weights, known);
  const scores = scoreMoments(moments, weights);
  const frame = media.video && !media.video.variableRate ? frameDuration(media.video.frameRate) : null;
  const clips = makeReel(moments, scores, options.seconds, { cuts, range: null, frame });
  const reel: Reel = { media, moments, scores, clips, weights, asked: options.seconds };
  const lines = options.json ? reelToJson(reel).map((event) => JSON.stringify(event)) : reelLines(reel);
  for (const line of lines) await output.line(line);
  if (options.dryRun || options.out === null) return;
  if (clips.length === 0) throw new ExpectedError('nothing_left', { name: media.name });
  const target = { path: options.out, overwrite: options.overwrite };
  const ranges = clips.map(({ start, end }) => ({ media: media.id, start, end, name: '' }));
  await report(engine.jobs.exportClips({ ranges, join: true, mode: options.mode, captions: null, chapters: null, target }, signal), context, options.json);
  throwIfCancelled(signal);
}

interface Talk {
  sentences: readonly Sentence[];
  language: string;
}

/** The media's sentences. None where nobody speaks. */
async function talkOf(media: Media, spoken: string, engine: Engine, context: CommandContext): Promise<Talk> {
  const { cues, speakers, language } = await listen(media, spoken, engine, context);
  return { sentences: sentencesOfCues(cues, speakers, language), language };
}

/** Where shots begin: the library's, else found now. */
async function cutsOf(media: Media, find: boolean, engine: Engine, { output, signal }: CommandContext): Promise<Flicks[]> {
  if (media.video && find) {
    for await (const event of engine.jobs.analyze({ media: media.id, stages: ['shots'], fresh: false }, signal)) {
      if (event.type === 'progress') output.progress(progressLine(event));
      else if (event.type === 'warning') output.note(m.cli_warning({ sentence: warningSentence(event, media.name, engine.dataDir) }));
    }
    throwIfCancelled(signal);
    output.clearProgress();
  }
  return engine.library.latestEvents(media.id, 'shots').flatMap((event) => (event.type === 'shot' ? [event.start] : []));
}

interface Measured {
  moments: HighlightMoment[];
  known: HighlightSignal[];
}

/** A signal that nothing is known of takes no share of the score. */
function countedWeights(weights: HighlightWeights, known: readonly HighlightSignal[]): HighlightWeights {
  const counted = { ...weights };
  for (const signal of HIGHLIGHT_SIGNALS) if (!known.includes(signal)) counted[signal] = 0;
  return counted;
}

/** All moments, when everything is measured. */
async function readMoments(media: Media, { sentences, language }: Talk, engine: Engine, { output, signal }: CommandContext): Promise<Measured> {
  let measured: Measured = { moments: [], known: [] };
  for await (const event of engine.jobs.highlights({ media: media.id, language, sentences: [...sentences] }, signal)) {
    if (event.type === 'progress') output.progress(progressLine(event));
    else if (event.type === 'moments') measured = event;
    else if (event.type === 'warning') output.note(m.cli_warning({ sentence: sentenceOf(event, media.name, engine.dataDir) }));
  }
  throwIfCancelled(signal);
  output.clearProgress();
  return measured;
}

function sentenceOf({ code, params }: Extract<HighlightEvent, { type: 'warning' }>, name: string, library: string): string {
  switch (code) {
    case 'language_unknown':
      return m.cli_highlights_language_unknown({ language: String(params.language ?? '') });
    case 'no_sentences':
      return m.cli_warning_no_speech({ name });
    case 'not_saved':
      return m.cli_warning_not_saved({ path: library });
    case 'provider_fell_back':
      return m.cli_warning_provider_fell_back();
  }
}
