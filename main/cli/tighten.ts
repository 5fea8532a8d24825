/** `rushes tighten`: silences, fillers and repeats as a list, and the file without them. */
import type { Cue, Word } from '../../shared/captions/types.ts';
import { EMPTY_EDIT, applyCommand, type Clip } from '../../shared/edit.ts';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { totalLength, type TimeRange } from '../../shared/ranges.ts';
import { rippleDelete } from '../../shared/ripple.ts';
import { findFillers, findRepeats, findSilences, planTighten, type Removal, type TightenPlan } from '../../shared/tighten/index.ts';
import { add, flicks, frameDuration, fromSeconds, maxTime, type Flicks } from '../../shared/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { StoredWaveform } from '../library/types.ts';
import type { CommandContext } from './run.ts';
import type { TightenOptions } from './tightenOptions.ts';
import { removalToJson, summaryLine, summaryToJson, removalTable, type TightenSummary } from './tightenWords.ts';
import { progressLine } from './words.ts';
import { report } from './written.ts';

export async function tighten(options: TightenOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(options.file, signal);
  const peaks = await readPeaks(media, engine, context);
  const range = rangeOf(media, peaks);
  const words = options.fillers || options.repeats ? await readWords(media, engine, context) : null;
  const removals = findRemovals(options, media, range, peaks, words);
  const plan = planTighten(removals, words);
  const kept = keptOf(media, range, plan);
  throwIfCancelled(signal);
  const summary = { removals: removals.length, saved: flicks(range.end - range.start - totalLength(kept)), length: flicks(range.end - range.start), kept: kept.length };
  await tell(removals, summary, options, media, context);
  if (options.dryRun || options.out === null) return;
  if (kept.length === 0) throw new ExpectedError('nothing_left', { name: media.name });
  const target = { path: options.out, overwrite: options.overwrite };
  const ranges = kept.map(({ start, end }) => ({ media: media.id, start, end, name: '' }));
  await report(engine.jobs.exportClips({ ranges, join: true, mode: options.mode, captions: null, chapters: null, target }, signal), context, options.json);
  throwIfCancelled(signal);
  output.clearProgress();
}

async function tell(removals: readonly Removal[], summary: TightenSummary, options: TightenOptions, media: Media, { output }: CommandContext): Promise<void> {
  const lines = options.json
    ? [...removals.map(removalToJson), summaryToJson(summary)].map((event) => JSON.stringify(event))
    : [...removalTable(removals), summaryLine(summary, media.name)];
  for (const line of lines) await output.line(line);
}

/** The peaks of the media's sound: the library's, else read now. Throws ExpectedError no_such_stream when it has none. */
async function readPeaks(media: Media, engine: Engine, { output, signal }: CommandContext): Promise<StoredWaveform> {
  if (!media.audio) throw new ExpectedError('no_such_stream', { name: media.name });
  for await (const event of engine.jobs.waveform({ media: media.id }, signal)) output.progress(progressLine(event));
  throwIfCancelled(signal);
  output.clearProgress();
  return engine.library.getWaveform(media.id) ?? { samples: new Float32Array(0), bucketsPerSecond: 1 };
}

/** The media's words in order: the library's, else recognised now. */
async function readWords(media: Media, engine: Engine, { output, signal }: CommandContext): Promise<Word[]> {
  const cues = new Map<string, Cue>();
  const request = { media: media.id, language: 'auto', task: 'transcribe', prompt: '', speakers: true, rules: null, fresh: false } as const;
  for await (const event of engine.jobs.transcribe(request, signal)) {
    if (event.type === 'progress') output.progress(progressLine(event));
    else if (event.type === 'cue') cues.set(event.cue.id, event.cue);
  }
  throwIfCancelled(signal);
  output.clearProgress();
  return [...cues.values()].flatMap((cue) => cue.words).sort((a, b) => a.start - b.start);
}

function findRemovals(options: TightenOptions, media: Media, range: TimeRange, peaks: StoredWaveform, words: readonly Word[] | null): Removal[] {
  const { threshold, minimum, margin } = options;
  const silences = findSilences(peaks.samples, peaks.bucketsPerSecond, media.startTime, { threshold, minimum, margin, end: range.end });
  const found = [...silences, ...(words && options.fillers ? findFillers(words) : []), ...(words && options.repeats ? findRepeats(words) : [])];
  return found.filter((removal) => removal.start < range.end && removal.end > range.start).sort((a, b) => a.start - b.start);
}

/** First and last presented moment. A file that does not tell its length ends with its sound. */
function rangeOf(media: Media, { samples, bucketsPerSecond }: StoredWaveform): TimeRange {
  const start = media.video?.startTime ?? media.audio?.startTime ?? media.startTime;
  const told = media.video?.duration ?? media.audio?.duration ?? media.duration;
  const heard = add(media.startTime, fromSeconds(samples.length / 3 / bucketsPerSecond));
  return { start, end: maxTime(told === null ? heard : add(start, told), add(start, 1 as Flicks)) };
}

/** What stays, cut between frames where they come at a steady rate. */
function keptOf(media: Media, range: TimeRange, plan: TightenPlan): Clip[] {
  const frame = media.video && !media.video.variableRate ? { frame: frameDuration(media.video.frameRate) } : {};
  let number = 0;
  const newId = (): string => String((number += 1));
  const whole: Clip = { id: 'whole', media: media.id, ...range, name: '' };
  const edit = applyCommand(EMPTY_EDIT, { type: 'clips.insert', at: 0, clips: [whole] });
  const change = rippleDelete(edit, { id: media.id, range, ...frame }, plan.ranges, newId);
  return (change ? applyCommand(edit, change) : edit).clips;
}
