/** Sentences with times, of cues or of the lines of a text. */
import type { Cue, Speaker, Word } from '../captions/types.ts';
import { primaryLanguage } from '../captions/languageCodes.ts';
import { flicks, fromSeconds, type Flicks } from '../time.ts';
import { joinPieces, splitText, type TextPiece } from './sentenceBreaks.ts';
import type { Sentence } from './types.ts';

/** A pause this long ends a sentence that no mark ends; one without any marks is ended by a shorter one. Seconds. */
const PAUSE = 2;
const UNMARKED_PAUSE = 0.8;
/** Sentences without marks are cut here at the latest: words, or East Asian characters. */
const LONGEST_WORDS = 60;
const LONGEST_CHARACTERS = 90;

/** A piece of a cue's text with its times: what sentences are joined of. */
interface TimedPiece extends TextPiece {
  start: Flicks;
  end: Flicks;
  speaker: string | null;
  line: number;
}

/**
 * The sentences of a track's cues, in order. Marks at the end, a change of speaker and long pauses end a sentence; where a text has no marks at all, shorter pauses do.
 * Times are those of the words where they are known, else in proportion to the text. `speakers` gives the names; `language` is BCP 47 or `auto`.
 */
export function sentencesOfCues(cues: readonly Cue[], speakers: readonly Speaker[], language: string): Sentence[] {
  const names = new Map(speakers.map(({ id, name }) => [id, name === '' ? id : name]));
  const pieces = cues.flatMap((cue, line) => piecesOfCue(cue, line, cue.speaker === null ? null : (names.get(cue.speaker) ?? cue.speaker), language));
  const marked = pieces.some(({ ends }) => ends);
  const sentences: Sentence[] = [];
  let open: TimedPiece[] = [];
  const close = (): void => {
    const [first] = open;
    const last = open.at(-1);
    if (first && last) sentences.push({ text: joinPieces(open.map(({ text }) => text)), start: first.start, end: last.end, speaker: first.speaker, line: first.line });
    open = [];
  };
  for (const piece of pieces) {
    const before = open.at(-1);
    if (before && (piece.speaker !== before.speaker || piece.start - before.end >= fromSeconds(marked ? PAUSE : UNMARKED_PAUSE) || isFull(open, piece))) close();
    open.push(piece);
    if (piece.ends) close();
  }
  close();
  return sentences;
}

/** Sentences of plain text: one sentence or turn a line, `Speaker: text`. A turn of several sentences is several of one line; empty lines count as lines. */
export function sentencesOfLines(lines: readonly string[], language: string): Sentence[] {
  const turns = lines.map((line) => turnOf(line));
  const times = new Map<string, number>();
  for (const { speaker } of turns) if (speaker !== null) times.set(speaker, (times.get(speaker) ?? 0) + 1);
  return turns.flatMap((turn, index) => {
    const { speaker, text } = turn.speaker === null || isName(turn.speaker, times.get(turn.speaker) ?? 0) ? turn : { speaker: null, text: (lines[index] ?? '').trim() };
    return splitText(text, language)
      .flatMap((piece) => cutLong(piece))
      .map((piece) => ({ text: piece.text, start: null, end: null, speaker, line: index }));
  });
}

/** What may be a name before a colon, at most 40 characters; a time or an address is none. A full-width colon needs no space. */
function turnOf(line: string): { speaker: string | null; text: string } {
  const match = /^\s*(\p{L}[\p{L}\p{M}\p{N} .'’()（）·_-]{0,39}?)\s*(?:[:：]\s+|：)(\S.*)$/su.exec(line);
  return { speaker: match?.[1]?.trim() ?? null, text: (match?.[2] ?? line).trim() };
}

/** Words before a colon that name nobody. */
const LABELS = new Set(
  'note notes warning example remember however question answer time date place subject re fwd ps 时间 地点 日期 主题 主持 注 注意 备注 例如 比如 譬如 问题 结论 总结 目的 原因 结果 电话 地址 网址 时刻 日時 場所 注意点 例えば 結論'.split(' '),
);
const PARTICLES = new Set('de del der den di da du la le van von of the and bin ibn al el ter ten y e'.split(' '));

/** A name of at most five words (three where letters have no case), capitalised; one in small letters is a name when it comes again. */
function isName(name: string, times: number): boolean {
  const words = name.split(/\s+/u);
  if (LABELS.has(name.toLowerCase())) return false;
  if (words.length > (/\p{Lu}/u.test(name) ? 5 : 3) || (/\p{Script=Han}/u.test(name) && name.length > 10)) return false;
  return times > 1 || words.every((word) => !/^\p{Ll}/u.test(word) || PARTICLES.has(word)) && !/^(?:I|We|You|He|She|It|They|This|That|There|The)\s/u.test(name);
}

function piecesOfCue(cue: Cue, line: number, speaker: string | null, language: string): TimedPiece[] {
  const text = cue.text.replace(/\s*\n\s*/gu, isEastAsian(language, cue.text) ? '' : ' ').trim();
  if (text === '') return [];
  const pieces = splitText(text, language).flatMap((piece) => cutLong(piece));
  const time = timeOfOffset(cue, text);
  return pieces.map((piece) => ({ ...piece, start: time(piece.from, 'start'), end: time(piece.to, 'end'), speaker, line }));
}

/** Media time of a place in a cue's text: of the word there, else in proportion. */
function timeOfOffset(cue: Cue, text: string): (offset: number, side: 'start' | 'end') => Flicks {
  const places = placesOfWords(cue.words, text);
  const within = (time: number): Flicks => flicks(Math.min(Math.max(Math.round(time), cue.start), cue.end));
  return (offset, side) => {
    const word = side === 'start' ? places.find(({ to }) => to > offset) : places.findLast(({ from }) => from < offset);
    if (word && side === 'start' && word.from <= offset + 1) return offset === 0 ? cue.start : within(word.start);
    if (word && side === 'end' && word.to >= offset - 1) return offset >= text.length ? cue.end : within(word.end);
    return within(cue.start + ((cue.end - cue.start) * offset) / Math.max(1, text.length));
  };
}

function placesOfWords(words: readonly Word[], text: string): { from: number; to: number; start: number; end: number }[] {
  const places: { from: number; to: number; start: number; end: number }[] = [];
  let at = 0;
  for (const word of words) {
    const from = text.indexOf(word.text, at);
    if (from < 0) continue;
    at = from + word.text.length;
    places.push({ from, to: at, start: word.start, end: word.end });
  }
  return places;
}

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function isEastAsian(language: string, text: string): boolean {
  return ['zh', 'ja', 'yue'].includes(primaryLanguage(language)) || EAST_ASIAN.test(text);
}

/** Words, or East Asian characters weighed as two thirds of one: how long a piece is, 1 being as long as one may be. */
function lengthOf(text: string): number {
  const eastAsian = (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu) ?? []).length;
  const words = (text.match(/[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu) ?? []).length;
  return eastAsian / LONGEST_CHARACTERS + words / LONGEST_WORDS;
}

function isFull(open: readonly TimedPiece[], next: TimedPiece): boolean {
  return lengthOf(open.map(({ text }) => text).join(' ')) + lengthOf(next.text) > 1 && open.length > 0;
}

/** A piece without marks inside that is far too long, in parts of like length at spaces (East Asian text: anywhere). */
function cutLong(piece: TextPiece): TextPiece[] {
  const count = Math.ceil(lengthOf(piece.text) / 2);
  if (count <= 1) return [piece];
  const parts: TextPiece[] = [];
  let from = 0;
  for (let i = 1; i <= count; i++) {
    let to = i === count ? piece.text.length : Math.round((i * piece.text.length) / count);
    if (i < count) {
      const space = piece.text.lastIndexOf(' ', to);
      if (space > from) to = space;
    }
    const raw = piece.text.slice(from, to);
    const text = raw.trim();
    if (text !== '') parts.push({ text, from: piece.from + from, to: piece.from + to, ends: i === count ? piece.ends : true });
    from = to;
  }
  return parts;
}
