import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { Media } from '../../shared/media.ts';
import { mergeRanges, type TimeRange } from '../../shared/ranges.ts';
import { restoreRanges } from '../../shared/restore.ts';
import { moveRange, rippleDelete, type RippleMedia } from '../../shared/ripple.ts';
import { frameDuration, type Flicks } from '../../shared/time.ts';
import { rangeOfWords } from '../../shared/wordCuts.ts';
import type { CaptionsState } from './captions.svelte.ts';
import { isCutDown } from './cut-out.ts';
import type { EditState } from './edit.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { mediaRange } from './media-range.ts';
import type { Player } from './player.svelte.ts';
import { makeDocument, sentenceAt, textOf, wordAt, type DocumentWord, type TranscriptDocument } from './transcript-document.ts';
import { TranscriptFind } from './transcript-find.svelte.ts';
import { correctedCue } from './transcript-words.ts';
import { lastMoment } from './transcription.svelte.ts';

/** Below this a word is marked as uncertain: of Whisper's words so marked about half are wrong, of the others few. */
export const UNCERTAIN = 0.5;
export interface TranscriptAround {
  readonly entry: () => MediaEntry | null;
}

/** The media as the cutting functions need it. */
export function rippleMedia(media: Media): RippleMedia {
  const range = mediaRange(media, lastMoment(media));
  const frame = media.video && !media.video.variableRate ? { frame: frameDuration(media.video.frameRate) } : {};
  return { id: media.id, range, name: media.name.replace(/\.[^.]+$/, '').slice(0, 200), ...frame };
}

/** The spoken words as a text that is read, corrected and cut: what is picked in it, and what is done with that. */
export class TranscriptState {
  /** Word that the keys are at; -1 for none. */
  caret = $state(-1);
  /** The other end of what is picked; equals `caret` when it is one word. */
  anchor = $state(-1);
  /** Word that is being written anew; -1 for none. */
  correcting = $state(-1);
  /** The text keeps the playing word in view. */
  follow = $state(true);
  mode = $state<'text' | 'tighten'>('text');
  readonly find: TranscriptFind;

  readonly #captions: CaptionsState;
  readonly #edit: EditState;
  readonly #player: Player;
  readonly #around: TranscriptAround;

  constructor(captions: CaptionsState, edit: EditState, player: Player, around: TranscriptAround) {
    this.#captions = captions;
    this.#edit = edit;
    this.#player = player;
    this.#around = around;
    this.find = new TranscriptFind(() => this.document);
  }

  /** The track shown as text: the chosen one where it is of this media's own language, else the spoken one. */
  readonly track: CaptionTrack | null = $derived.by(() => {
    const { current, spoken } = this.#captions;
    return current && current.kind !== 'translation' ? current : (spoken ?? current);
  });
  /** The media's clips where what they leave out is shown as cut: picking a few shots strikes out nothing. */
  readonly #clips = $derived.by(() => {
    const media = this.#around.entry()?.media;
    if (!media) return [];
    const cutDown = isCutDown(this.#edit.clips, media.id, mediaRange(media, lastMoment(media)), this.#player.edit.on);
    return cutDown ? this.#edit.clips.filter((clip) => clip.media === media.id) : [];
  });
  readonly document: TranscriptDocument = $derived.by(() => makeDocument(this.track?.cues ?? [], this.#clips));
  readonly playing: number = $derived.by(() => (this.track ? wordAt(this.document, this.#player.time) : -1));

  /** What is picked: first word and behind the last. Null for nothing. */
  readonly selection = $derived.by((): { from: number; to: number } | null => {
    const count = this.document.words.length;
    if (this.caret < 0 || this.caret >= count) return null;
    const anchor = Math.min(this.anchor < 0 ? this.caret : this.anchor, count - 1);
    return { from: Math.min(anchor, this.caret), to: Math.max(anchor, this.caret) + 1 };
  });
  readonly #picked: readonly DocumentWord[] = $derived.by(() => (this.selection ? this.document.words.slice(this.selection.from, this.selection.to) : []));
  readonly canCut = $derived.by(() => this.#picked.some((word) => !word.cut));
  readonly canRestore = $derived.by(() => this.#picked.some((word) => word.cut));
  readonly pickedCount = $derived.by(() => this.#picked.length);
  readonly pickedLength = $derived.by(() => this.#ranges(this.#picked.filter((word) => !word.cut)).reduce((sum, range) => sum + range.end - range.start, 0));

  /** Moves the caret; `extend` keeps the other end of what is picked. Shows that moment unless the film plays. */
  moveTo(index: number, extend: boolean): void {
    const last = this.document.words.length - 1;
    if (last < 0) return;
    const next = Math.max(0, Math.min(index, last));
    this.anchor = extend ? (this.anchor < 0 ? this.caret : this.anchor) : next;
    if (this.anchor < 0) this.anchor = next;
    this.caret = next;
    const word = this.document.words[next];
    if (word && !this.#player.playing) this.#player.seek(word.start);
  }

  /** Stretches what is picked to a word, and leaves the film where it is. */
  pickTo(index: number): void {
    if (this.anchor < 0) this.anchor = index;
    this.caret = index;
  }

  /** A click: there the film goes on, playing or not. */
  seekTo(index: number): void {
    this.anchor = index;
    this.caret = index;
    const word = this.document.words[index];
    if (word) this.#player.seek(word.start);
  }

  selectAll(): void {
    if (this.document.words.length === 0) return;
    this.anchor = 0;
    this.caret = this.document.words.length - 1;
  }

  selectSentence(index: number): void {
    const { from, to } = sentenceAt(this.document, index);
    this.anchor = from;
    this.caret = to - 1;
  }

  /** Keeps only the caret. False when nothing more was picked. */
  collapse(): boolean {
    if (this.caret < 0) return false;
    if (this.anchor === this.caret) {
      this.caret = -1;
      this.anchor = -1;
    } else this.anchor = this.caret;
    return true;
  }

  /** Cuts what is picked out of the edit. False when no clip holds it. */
  cut(): boolean {
    const media = this.#around.entry()?.media;
    if (!media || !this.selection) return false;
    const ranges = this.#ranges(this.#picked.filter((word) => !word.cut));
    return this.#cutRanges(media, ranges);
  }

  #cutRanges(media: Media, ranges: readonly TimeRange[]): boolean {
    const change = rippleDelete({ clips: [...this.#edit.clips] }, rippleMedia(media), ranges, () => crypto.randomUUID());
    if (!change || !this.#edit.run(change)) return false;
    this.#player.setEdit(true);
    return true;
  }

  /** Brings back what is cut of what is picked, the silence around it included. */
  restore(): boolean {
    const media = this.#around.entry()?.media;
    if (!media) return false;
    const cut = this.#picked.filter((word) => word.cut);
    // Picked words that follow each other are one stretch: what was cut between two of them is back too, though no word is in it.
    const ranges = this.#ranges(this.#picked).filter(({ start, end }) => cut.some((word) => word.end > start && word.start < end));
    const change = restoreRanges({ clips: [...this.#edit.clips] }, media.id, ranges, () => crypto.randomUUID());
    return change !== null && this.#edit.run(change);
  }

  /** Moves what is picked to before the word at `to` (the number of words: to the end). */
  move(to: number): boolean {
    const media = this.#around.entry()?.media;
    const { selection } = this;
    const { words } = this.document;
    if (!media || !selection || (to >= selection.from && to <= selection.to)) return false;
    const ranges = this.#ranges(this.#picked.filter((word) => !word.cut));
    const [range] = ranges;
    if (!range || ranges.length > 1) return false;
    const target = words[to]?.start ?? words.at(-1)?.end ?? range.end;
    const change = moveRange({ clips: [...this.#edit.clips] }, rippleMedia(media), range, target, () => crypto.randomUUID());
    if (!change || !this.#edit.run(change)) return false;
    this.#player.setEdit(true);
    const first = this.document.words.findIndex((word) => word.order === this.#orderBefore(words, selection.from) && !word.cut);
    if (first >= 0) {
      this.anchor = first;
      this.caret = first + selection.to - selection.from - 1;
    }
    return true;
  }

  #orderBefore(words: readonly DocumentWord[], index: number): number {
    return words[index]?.order ?? -1;
  }

  /** One piece of the media's time can be moved, not several. */
  readonly canMove = $derived.by(() => this.#ranges(this.#picked.filter((word) => !word.cut)).length === 1);

  /** Moves what is picked (one word: its sentence) before the sentence above, or behind the one below. */
  moveBySentence(direction: 1 | -1): boolean {
    const { words } = this.document;
    if (this.selection && this.selection.to - this.selection.from === 1) this.selectSentence(this.caret);
    const { selection } = this;
    if (!selection) return false;
    if (direction < 0) return selection.from > 0 && this.move(sentenceAt(this.document, selection.from - 1).from);
    return selection.to < words.length && this.move(sentenceAt(this.document, selection.to).to);
  }

  /** What is picked becomes a clip each piece, named by its first words. */
  addAsClip(): void {
    const media = this.#around.entry()?.media;
    const { selection } = this;
    if (!media || !selection) return;
    const name = textOf(this.document, selection.from, selection.to, true).replace(/\s+/g, ' ').slice(0, 60);
    this.#edit.add(this.#ranges(this.#picked).map(({ start, end }) => ({ media: media.id, start, end, name })));
  }

  /** What is picked, else everything that is not cut, as text. */
  text(): string {
    const { selection } = this;
    if (selection && selection.to - selection.from > 1) return textOf(this.document, selection.from, selection.to, true);
    return textOf(this.document, 0, this.document.words.length, false);
  }

  /** Writes a word anew; undoable. */
  correct(index: number, text: string): void {
    const word = this.document.words[index];
    const { track } = this;
    const cue = track?.cues.find((each) => each.id === word?.cue);
    if (!word || !track || !cue || text.trim() === word.text) return;
    const changed = correctedCue(cue, word, text);
    this.#captions.replace({ remove: [cue.id], insert: changed ? [changed] : [] }, track.id);
  }

  /** The next (previous) uncertain word from the caret, round the end. */
  toUncertain(direction: 1 | -1): boolean {
    const { words } = this.document;
    const from = this.caret < 0 ? (direction > 0 ? -1 : 0) : this.caret;
    for (let step = 1; step <= words.length; step += 1) {
      const index = (from + step * direction + words.length * 2) % words.length;
      const word = words[index];
      if (word && !word.cut && word.confidence < UNCERTAIN) {
        this.moveTo(index, false);
        return true;
      }
    }
    return false;
  }

  readonly uncertainCount = $derived.by(() => this.document.words.filter((word) => !word.cut && word.confidence < UNCERTAIN).length);

  /** Times of words: those that follow each other are one range, cut in the pauses beside them. */
  #ranges(words: readonly DocumentWord[]): TimeRange[] {
    const media = this.#around.entry()?.media;
    if (!media) return [];
    const orders = [...new Set(words.map((word) => word.order))].sort((a, b) => a - b);
    const ranges: TimeRange[] = [];
    for (let first = 0; first < orders.length; ) {
      let last = first;
      while (orders[last + 1] === (orders[last] ?? 0) + 1) last += 1;
      ranges.push(rangeOfWords(this.byOrder, orders[first] ?? 0, orders[last] ?? 0, rippleMedia(media)));
      first = last + 1;
    }
    return mergeRanges(ranges);
  }

  readonly byOrder: readonly DocumentWord[] = $derived.by(() => {
    const list: DocumentWord[] = [];
    for (const word of this.document.words) list[word.order] = word;
    return list;
  });

  wordTime(index: number): Flicks | null {
    return this.document.words[index]?.start ?? null;
  }
}
