/**
 * Spoken words at known times: each is synthesised alone (ffmpeg's flite), its silent ends are cut off, and it is laid down where a fixed list of pauses
 * puts it. Words of a phrase follow closely, phrases after pauses from 0.3 to 2.5 s.
 */
import { join } from 'node:path';
import { asSamples, ffmpeg, RATE, soundFolder, writeWave } from './sounds.ts';

export interface KnownWord {
  text: string;
  /** Seconds. */
  start: number;
  end: number;
}

const PHRASES = [
  'the old man walked slowly across the bridge',
  'a small boat drifted down the river',
  'nobody remembers the name of that city',
  'she opened the window and looked outside',
  'seven children played football in the garden',
  'please bring another bottle of water',
  'the train will leave in twenty minutes',
  'yesterday we visited the museum together',
  'the doctor asked several important questions',
  'winter mornings are cold and very quiet',
];
/** Seconds before each phrase, in turn. */
const PAUSES = [0.6, 1.4, 0.3, 2.5, 0.8, 0.4, 1.9, 0.5, 1.1, 0.7];
/** Seconds between words of a phrase. */
const WORD_GAP = 0.06;
/** A sample louder than this share of the word's peak belongs to it: -40 dB. */
const AUDIBLE = 0.01;
const VOICES = ['kal', 'slt', 'rms'] as const;

/** Writes the sound and answers with its path and words. Throws where this ffmpeg has no flite. */
export async function knownWords(): Promise<{ path: string; words: KnownWord[] }[]> {
  const made: { path: string; words: KnownWord[] }[] = [];
  for (const voice of VOICES) {
    const words: KnownWord[] = [];
    const parts: [number, Int16Array][] = [];
    let at = 0;
    for (const [index, phrase] of PHRASES.entries()) {
      at += Math.round((PAUSES[index % PAUSES.length] ?? 0.5) * RATE);
      for (const text of phrase.split(' ')) {
        const sound = trimmed(await spoken(text, voice));
        words.push({ text, start: at / RATE, end: (at + sound.length) / RATE });
        parts.push([at, sound]);
        at += sound.length + Math.round(WORD_GAP * RATE);
      }
    }
    const whole = new Int16Array(at + RATE);
    for (const [from, sound] of parts) whole.set(sound, from);
    const path = join(soundFolder(), `known-${voice}.wav`);
    writeWave(path, whole);
    made.push({ path, words });
  }
  return made;
}

async function spoken(text: string, voice: string): Promise<Int16Array> {
  return asSamples(await ffmpeg(['-f', 'lavfi', '-i', `flite=text='${text}':voice=${voice}`, '-ac', '1', '-ar', String(RATE), '-f', 's16le', 'pipe:1']));
}

function trimmed(samples: Int16Array): Int16Array {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const loud = (value: number): boolean => Math.abs(value) > peak * AUDIBLE;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  return samples.slice(Math.max(0, first), last + 1);
}
