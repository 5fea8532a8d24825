/** Speech for tests: real texts (all long in the public domain), with word times at a speaker's pace. */
import { flicks, fromSeconds, type Flicks } from '../time.ts';
import { piecesOfText } from './pieces.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { Cue, Word } from './types.ts';

/** Kennedy 1961 and 1962. */
export const KENNEDY = `And so, my fellow Americans: ask not what your country can do for you. Ask what you can do for your country. My fellow citizens of the world, ask not what America will do for you, but what together we can do for the freedom of man. We choose to go to the moon. We choose to go to the moon in this decade and do the other things, not because they are easy, but because they are hard, because that goal will serve to organize and measure the best of our energies and skills, because that challenge is one that we are willing to accept, one we are unwilling to postpone, and one which we intend to win, and the others, too.`;
/** Lincoln 1863. */
export const LINCOLN = `Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, and dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived and so dedicated, can long endure. We are met on a great battle-field of that war. We have come to dedicate a portion of that field, as a final resting place for those who here gave their lives that that nation might live. It is altogether fitting and proper that we should do this.`;
/** Carroll 1865: two speakers, in turns. */
export const ALICE: readonly (readonly [speaker: string, text: string])[] = [
  ['A', 'Would you tell me, please, which way I ought to go from here?'],
  ['B', 'That depends a good deal on where you want to get to.'],
  ['A', "I don't much care where."],
  ['B', "Then it doesn't matter which way you go."],
  ['A', 'So long as I get somewhere.'],
  ['B', "Oh, you're sure to do that, if you only walk long enough."],
  ['A', 'What sort of people live about here?'],
  ['B', 'In that direction lives a Hatter, and in that direction lives a March Hare. Visit either you like. They are both mad.'],
];
/** 鲁迅《故乡》1921 年. */
export const LUXUN = `我冒了严寒，回到相隔二千余里，别了二十余年的故乡去。时候既然是深冬；渐近故乡时，天气又阴晦了，冷风吹进船舱中，呜呜的响，从篷隙向外一望，苍黄的天底下，远近横着几个萧索的荒村，没有一些活气。我的心禁不住悲凉起来了。阿！这不是我二十年来时时记得的故乡？我想：希望是本无所谓有，无所谓无的。这正如地上的路；其实地上本没有路，走的人多了，也便成了路。`;

export interface Pace {
  /** Seconds: of the first word, a word, each of its characters, and the pauses after it, after a clause and after a sentence. */
  start?: number;
  word?: number;
  character?: number;
  rest?: number;
  clause?: number;
  sentence?: number;
}

/** The text's words said one after another: about 160 words a minute unless told. Chinese comes in pieces of one or two characters, as recognisers write it. */
export function speak(text: string, { start = 1, word = 0.12, character = 0.045, rest = 0.02, clause = 0.25, sentence = 0.6 }: Pace = {}): Word[] {
  let time = start;
  return spokenPieces(text).map(({ text: piece, space }, i) => {
    const wide = /[\u4e00-\u9fff]/.test(piece);
    const end = time + (wide ? 0.2 * piece.replace(/[^\u4e00-\u9fff]/g, '').length : word + character * piece.length);
    const made: Word = { text: piece, space, start: fromSeconds(time), end: fromSeconds(end), confidence: 0.5 + ((i * 37) % 50) / 100 };
    time = end + (/[.?!。？！]$/.test(piece) ? sentence : /[,;:，；：]$/.test(piece) ? clause : wide ? 0 : rest);
    return made;
  });
}

function spokenPieces(text: string): { text: string; space: boolean }[] {
  return piecesOfText(text, 'en').flatMap((piece) => {
    const parts = piece.text.match(/[\u4e00-\u9fff]{1,2}[^\u4e00-\u9fff]*/g);
    return parts && parts.join('') === piece.text ? parts.map((part, i) => ({ text: part, space: i === 0 && piece.space })) : [piece];
  });
}

/** The dialogue, with the speaker of each word. */
export function speakInTurns(turns: readonly (readonly [string, string])[], pace: Pace = {}): { words: Word[]; speakers: string[] } {
  const words: Word[] = [];
  const speakers: string[] = [];
  for (const [speaker, text] of turns) {
    const last = words.at(-1);
    const said = speak(text, { ...pace, start: last ? last.end / fromSeconds(1) + 0.3 : 1 });
    words.push(...said.map((word, i) => (i === 0 ? { ...word, space: last !== undefined } : word)));
    speakers.push(...said.map(() => speaker));
  }
  return { words, speakers };
}

/** Times of all words moved. */
export function later(words: readonly Word[], by: Flicks): Word[] {
  return words.map((word) => ({ ...word, start: flicks(word.start + by), end: flicks(word.end + by) }));
}

export const CONTEXT: CaptionContext = { frameRate: { num: 24, den: 1 }, cuts: [], language: 'en', range: null };

/** A cue as an imported one, times in seconds. */
export function cue(id: string, start: number, end: number, text: string, more: Partial<Cue> = {}): Cue {
  return { id, start: fromSeconds(start), end: fromSeconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {}, ...more };
}
