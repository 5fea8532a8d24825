/** What a transcription tells: its progress and warnings for the person, its cues as a track. */
import { basename, extname } from 'node:path';
import type { WrittenTrack } from '../../shared/captions/formats/types.ts';
import { DEFAULT_CAPTION_STYLE, type Cue, type Speaker } from '../../shared/captions/types.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import type { SpeechEvent } from '../../shared/speech.ts';
import type { Engine } from '../engine/engine.ts';
import type { CommandContext } from './run.ts';
import { progressLine } from './words.ts';

/** Progress and warnings, which are for the person whatever stdout carries. */
export function tellSpeech(event: SpeechEvent, media: Media, engine: Engine, { output }: CommandContext): void {
  if (event.type === 'progress') output.progress(progressLine(event));
  else if (event.type === 'warning') output.note(m.cli_warning({ sentence: sentenceOf(event, media.name, engine.dataDir) }));
}

function sentenceOf({ code, params }: Extract<SpeechEvent, { type: 'warning' }>, name: string, library: string): string {
  switch (code) {
    case 'no_speech':
      return m.cli_warning_no_speech({ name });
    case 'damaged_sound':
      return m.cli_warning_damaged_sound({ name });
    case 'ends_early':
      return m.cli_warning_sound_ends_early({ name });
    case 'provider_fell_back':
      return m.cli_warning_provider_fell_back();
    case 'not_saved':
      return m.cli_warning_not_saved({ path: library });
    case 'dropped_invented':
      return m.cli_warning_dropped_invented({ words: Number(params.words ?? 0) });
    case 'language_unsure':
      return m.cli_warning_language_unsure({ language: String(params.language ?? '') });
  }
}

/** What one run told. */
export class Heard {
  readonly #cues = new Map<string, Cue>();
  #speakers: Speaker[] = [];
  #language = 'und';
  #done: Extract<SpeechEvent, { type: 'done' }> | null = null;

  add(event: SpeechEvent): void {
    if (event.type === 'cue') this.#cues.set(event.cue.id, event.cue);
    else if (event.type === 'speakers') this.#speakers = event.speakers;
    else if (event.type === 'done') {
      this.#language = event.language;
      this.#done = event;
    }
  }

  get cues(): Cue[] {
    return [...this.#cues.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  }

  /** A single voice needs no name beside every line. */
  track(media: Media, translated: boolean): WrittenTrack {
    const single = this.#speakers.length < 2;
    const cues = single ? this.cues.map((cue) => ({ ...cue, speaker: null })) : this.cues;
    const language = translated ? 'en' : this.#language === 'zh' ? 'zh-Hans' : this.#language;
    const name = basename(media.name, extname(media.name));
    return { cues, speakers: single ? [] : this.#speakers, language, name, style: DEFAULT_CAPTION_STYLE, extras: {} };
  }

  summary(): string {
    if (!this.#done) return '';
    const { cues, words, audio, seconds, cached } = this.#done;
    if (cached) return m.cli_transcribe_summary_cached({ cues, words });
    return m.cli_transcribe_summary({ cues, words, audio: audio.toFixed(1), seconds: seconds.toFixed(1), rate: (audio / Math.max(seconds, 0.001)).toFixed(1) });
  }
}

/** The speech of a media as a track: the library's, else recognised now, with progress and warnings told. `language`: 'auto', or the one spoken. */
export async function listen(media: Media, language: string, engine: Engine, context: CommandContext): Promise<WrittenTrack> {
  const heard = new Heard();
  const request = { media: media.id, language, task: 'transcribe', prompt: '', speakers: true, rules: null, fresh: false } as const;
  for await (const event of engine.jobs.transcribe(request, context.signal)) {
    tellSpeech(event, media, engine, context);
    heard.add(event);
  }
  throwIfCancelled(context.signal);
  context.output.clearProgress();
  return heard.track(media, false);
}

/** What the formats with frames and places need to know of the picture. */
export function pictureOf({ video }: Media): { frameRate?: { num: number; den: number }; width?: number; height?: number } {
  return video ? { frameRate: video.frameRate, width: video.displayWidth, height: video.displayHeight } : {};
}
