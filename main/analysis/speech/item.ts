/** A piece of sound on its way through the recogniser. Positions are samples (16 kHz) from the media's start. */
import { samplesOfSpeech } from './chunks.ts';
import type { SpeechAudio } from './source.ts';
import { SPEECH_RATE, type RecognisedChunk, type SpeechChunk } from './types.ts';

export interface Item {
  audio: SpeechAudio;
  /** Language to hear it in, where not the media's. */
  language: string | null;
  /** Said before the person's own prompt. */
  prompt: string;
  /** How often its sound was given to the recogniser as the rest of another piece. */
  depth: number;
  /** An earlier hearing of the same sound, which the new one has to beat. */
  earlier: { heard: RecognisedChunk; why: 'language' | 'punctuation' } | null;
}

export function itemOf(audio: SpeechAudio): Item {
  return { audio, language: null, prompt: '', depth: 0, earlier: null };
}

/** Seconds of speech. */
export function speechOf(audio: SpeechAudio): number {
  return samplesOfSpeech(audio.stretches) / SPEECH_RATE;
}

/** The recogniser takes the buffer away: the item keeps its own. */
export function chunkOf(item: Item, language: string, options: { task: SpeechChunk['task']; prompt: string }): SpeechChunk {
  const prompt = [item.prompt, options.prompt].filter((text) => text !== '').join(' ');
  return { pcm: item.audio.pcm.slice(), language: item.language ?? language, task: options.task, prompt };
}

/** The part of a piece from `from` on. */
export function partOf(audio: SpeechAudio, from: number, to: number = audio.end): SpeechAudio {
  const frame = Math.round((from - audio.start) / 512);
  return {
    start: from,
    end: to,
    stretches: audio.stretches.flatMap((stretch) =>
      stretch.end <= from || stretch.start >= to ? [] : [{ ...stretch, start: Math.max(stretch.start, from), end: Math.min(stretch.end, to) }],
    ),
    pcm: audio.pcm.slice(from - audio.start, to - audio.start),
    voice: audio.voice.slice(frame, frame + Math.ceil((to - from) / 512)),
  };
}
