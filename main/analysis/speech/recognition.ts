/** One batch from sound to words: hear, find the language, write, try again what came out wrong. Runs in the speech worker. */
import { joinWords } from '../../../shared/captions/text.ts';
import { BatchDecoder, type Written } from './decoding.ts';
import { compressionOf } from './loops.ts';
import { promptTokens } from './prompt.ts';
import { saidWords } from './repeats.ts';
import type { SpeechTokenizer } from './tokenizer.ts';
import type { RecognisedChunk, SpeechChunk } from './types.ts';
import { SPEECH_RATE } from './types.ts';
import { FRAME_SAMPLES, MOST_SAMPLES } from './whisperConfig.ts';
import type { Heard, WhisperGraphs } from './whisperGraphs.ts';
import { transcriptOf, type Transcript } from './words.ts';

/** Silence after a clip: with less Whisper repeats itself, with more nothing gets better (models/cards/whisper-base.md). Samples. */
const PADDING = 5 * SPEECH_RATE;
/**
 * Whisper's own limits for a text to count as failed (Radford et al., 2022, section 4.5), and the temperatures at which it is tried again: fewer than
 * its six, since what is no speech fails at each.
 */
const MOST_COMPRESSION = 2.4;
const LEAST_LOG_PROBABILITY = -1;
const TEMPERATURES = [0, 0.4, 0.8];
/** A text that loops sooner, its first round included, is nothing but the loop. Words. */
const WORDS_BEFORE_LOOP = 16;
/** Above this nobody speaks, and a doubtful text is not worth another try. */
const NO_SPEECH = 0.6;
const LISTED_LANGUAGES = 5;

/** A clip on its way. */
interface Item {
  chunk: SpeechChunk;
  seconds: number;
  language: string;
  languageProbability: number;
  languages: { language: string; probability: number }[];
  noSpeech: number;
  best: Attempt | null;
}

interface Attempt {
  written: Written;
  compression: number;
  temperature: number;
  /** It repeats itself where there is no sound for it, and says little else. */
  loops: boolean;
}

export interface Pieces {
  graphs: WhisperGraphs;
  tokenizer: SpeechTokenizer;
}

/**
 * Recognises up to a decoder's batch of chunks; answers in their order, null when dropped on the way. Sampling is seeded, so that the same sound
 * gives the same words.
 */
export async function recogniseBatch(chunks: readonly SpeechChunk[], pieces: Pieces, dropped: () => boolean): Promise<RecognisedChunk[] | null> {
  const { graphs, tokenizer } = pieces;
  const tools = { ...pieces, dropped, decoder: new BatchDecoder(graphs) };
  const heard = await hear(chunks, tools);
  if (!heard) return null;
  const items = await lookAt(chunks, heard, tools.decoder, tokenizer);
  const groups = groupsOf(items);
  for (const group of groups) {
    if (!(await writeGroup(group, groups.length === 1 ? heard : null, tools))) return null;
  }
  return items.map((item) => answerOf(item, tokenizer));
}

/** All rows are as long as the longest, and silence after it. */
function hear(chunks: readonly SpeechChunk[], { graphs, dropped }: Tools): Promise<Heard | null> {
  const longest = Math.max(...chunks.map(({ pcm }) => pcm.length));
  const samples = Math.min(MOST_SAMPLES, Math.ceil((longest + PADDING) / FRAME_SAMPLES) * FRAME_SAMPLES);
  return graphs.hear(chunks.map(({ pcm }) => pcm), samples, dropped);
}

async function lookAt(chunks: readonly SpeechChunk[], heard: Heard, decoder: BatchDecoder, tokenizer: SpeechTokenizer): Promise<Item[]> {
  const { languages, noSpeech } = await decoder.look(heard);
  return chunks.map((chunk, row) => {
    const ranked = Array.from(languages[row] ?? [], (probability, i) => ({ language: tokenizer.languages[i] ?? '', probability })).sort((a, b) => b.probability - a.probability);
    const known = tokenizer.languageToken(chunk.language) !== null ? ranked.find(({ language }) => language === chunk.language) : ranked[0];
    return {
      chunk,
      seconds: Math.min(chunk.pcm.length, MOST_SAMPLES) / SPEECH_RATE,
      language: known?.language ?? 'en',
      languageProbability: known?.probability ?? 0,
      languages: ranked.slice(0, LISTED_LANGUAGES),
      noSpeech: noSpeech[row] ?? 0,
      best: null,
    };
  });
}

/** Rows of one run begin with the same tokens. */
function groupsOf(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = JSON.stringify([item.language, item.chunk.task, item.chunk.prompt]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

interface Tools extends Pieces {
  decoder: BatchDecoder;
  dropped: () => boolean;
}

/** Writes the group, then again at rising temperatures what came out wrong. False when dropped. `heard`: the group's, when there is one already. */
async function writeGroup(group: readonly Item[], heard: Heard | null, tools: Tools): Promise<boolean> {
  const { decoder, tokenizer, dropped } = tools;
  const first = group[0];
  if (!first) return true;
  const begin = promptTokens(tokenizer, first.language, first.chunk);
  // Without this a translation now and then falls back into the script of what it hears.
  const barred = first.chunk.task === 'translate' ? tokenizer.foreignToEnglish : [];
  let open = group;
  let view = heard;
  for (const temperature of TEMPERATURES) {
    if (!view?.complete || view.rows !== open.length) view = await hear(open.map(({ chunk }) => chunk), tools);
    if (!view) return false;
    const texts = await decoder.decode(view, { begin, seconds: open.map(({ seconds }) => seconds), sampling: { temperature, random: seeded(temperature * 10) }, barred, dropped });
    if (!texts) return false;
    for (const [index, item] of open.entries()) {
      const written = texts[index];
      if (written) item.best = better(item.best, attemptOf(written, temperature, item, tokenizer));
    }
    open = open.filter((item) => item.best !== null && failed(item.best, item.noSpeech));
    if (open.length === 0) break;
  }
  return true;
}

/**
 * Most loops are a stumble over a clip's last words. What stands before one is kept (repeats.ts drops its rounds, and what was not heard because
 * of it is heard by itself): a new try from the start costs as much as all before and mostly stumbles again.
 */
function attemptOf(written: Written, temperature: number, item: Item, tokenizer: SpeechTokenizer): Attempt {
  const compression = compressionOf(tokenizer.decode(written.tokens).trim());
  const attempt = { written, temperature, compression, loops: false };
  if (!written.looped && compression <= MOST_COMPRESSION) return attempt;
  const { words } = transcript(written, item, tokenizer);
  const said = saidWords(words);
  if (said.dropped === 0) return attempt;
  const before = said.words.findIndex((word, index) => word !== words[index]);
  const sure = said.words.reduce((sum, { confidence }) => sum + Math.log(Math.max(1e-4, confidence)), 0) > LEAST_LOG_PROBABILITY * said.words.length;
  return { ...attempt, loops: !sure || (before < 0 ? said.words.length : before) < WORDS_BEFORE_LOOP || compressionOf(joinWords(said.words)) > MOST_COMPRESSION };
}

function failed(attempt: Attempt, noSpeech: number): boolean {
  if (attempt.loops) return true;
  return attempt.written.meanLogProbability < LEAST_LOG_PROBABILITY && noSpeech <= NO_SPEECH;
}

/** A text that doesn't loop before one that does, then the likelier one. */
function better(a: Attempt | null, b: Attempt): Attempt {
  if (!a || a.loops !== b.loops) return a && !a.loops ? a : b;
  return b.written.meanLogProbability > a.written.meanLogProbability ? b : a;
}

function answerOf(item: Item, tokenizer: SpeechTokenizer): RecognisedChunk {
  const { language, languageProbability, languages, noSpeech, best } = item;
  const written = best?.written ?? { tokens: [], logProbabilities: [], attention: [], meanLogProbability: 0, looped: false };
  return {
    language,
    languageProbability,
    languages,
    ...transcript(written, item, tokenizer),
    noSpeech,
    meanLogProbability: written.meanLogProbability,
    compression: best?.compression ?? 0,
    temperature: best?.temperature ?? 0,
  };
}

function transcript(written: Written, { chunk, language, seconds }: Item, tokenizer: SpeechTokenizer): Transcript {
  return transcriptOf(written, tokenizer, { language: chunk.task === 'translate' ? 'en' : language, seconds });
}

/** Numbers in [0, 1), the same for the same seed (the "mulberry32" generator). */
function seeded(seed: number): () => number {
  let state = Math.round(seed) + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
