import { deleteCues, insertCue, mergeCues, retimeCue, setText, splitCue } from '../../shared/captions/edits.ts';
import type { Violation } from '../../shared/captions/ruleTypes.ts';
import { checkCues, fixCue, fixCues } from '../../shared/captions/rules.ts';
import type { CaptionStyle, CaptionTrack, Cue } from '../../shared/captions/types.ts';
import { clampTime, flicks, frameDuration, fromSeconds, minTime, type Flicks } from '../../shared/time.ts';
import type { CaptionsState } from './captions.svelte.ts';
import { changeBetween, roomForCue, splitOffset } from './caption-changes.ts';
import { CaptionFind } from './caption-find.svelte.ts';
import { countBegun } from './cue-times.ts';
import type { Player } from './player.svelte.ts';

/** What the captions panel shows in place of its list. */
export type CaptionPage = 'list' | 'track' | 'transcribe' | 'rules' | 'style';
/** What is open above the list. */
export type CaptionBar = 'find' | 'time' | null;

/** A new cue is this long where there is room. */
const NEW_CUE = fromSeconds(2);

/** Working on cues: the one that is being written, what the panel shows, and the commands' deeds. Nothing of it is part of the project. */
export class CaptionDesk {
  page = $state<CaptionPage>('list');
  bar = $state<CaptionBar>(null);
  /** Captions are drawn on the picture. */
  shown = $state(true);
  /** The track in the second column; null for one column. */
  besideId = $state<string | null>(null);
  /** Id of the cue whose text is being written. */
  editingId = $state<string | null>(null);
  draft = $state('');
  /** Where the cursor stands in the draft. */
  caret = $state(0);
  /** A style that is being tried on the picture, not yet the track's. */
  triedStyle = $state.raw<CaptionStyle | null>(null);
  #leftOver = $state.raw<readonly Violation[]>([]);
  /** Counts up when the list should take the focus: an edit ended. */
  focusAsked = $state(0);
  /** Counts up when the find bar should take the focus. */
  findAsked = $state(0);
  readonly find: CaptionFind;

  readonly #captions: CaptionsState;
  readonly #player: Player;

  constructor(captions: CaptionsState, player: Player) {
    this.#captions = captions;
    this.#player = player;
    this.find = new CaptionFind(captions, (cue) => this.goTo(cue));
  }

  readonly #track: CaptionTrack | null = $derived.by(() => this.#captions.current);
  readonly cues: readonly Cue[] = $derived.by(() => this.#track?.cues ?? []);
  /** Place of each cue of the current track in its list. */
  readonly indices: ReadonlyMap<string, number> = $derived.by(() => new Map(this.cues.map((cue, index) => [cue.id, index])));
  readonly editing: Cue | null = $derived.by(() => this.byId(this.editingId));
  readonly lead: Cue | null = $derived.by(() => this.byId(this.#captions.lead));
  readonly style: CaptionStyle | null = $derived.by(() => this.triedStyle ?? this.#track?.style ?? null);
  readonly beside: CaptionTrack | null = $derived.by(() => this.#captions.tracks.find((track) => track.id === this.besideId && track.id !== this.#track?.id) ?? null);
  /** Cues with something wrong, in order. */
  readonly problems: readonly Cue[] = $derived.by(() => this.cues.filter((cue) => this.#captions.violations.has(cue.id)));
  readonly problemCount: number = $derived.by(() => [...this.#captions.violations.values()].reduce((sum, list) => sum + list.length, 0));

  /** What fixing could not put right and is wrong still; empty when it was not asked, or the list was closed. */
  readonly unmet: readonly Violation[] = $derived.by(() => this.#leftOver.filter(({ cue, code }) => this.#captions.violations.get(cue)?.some((now) => now.code === code)));

  forgetUnmet(): void {
    this.#leftOver = [];
  }

  byId(id: string | null): Cue | null {
    const index = id === null ? undefined : this.indices.get(id);
    return index === undefined ? null : (this.cues[index] ?? null);
  }

  /** Shows a page in place of the list, or the list again. */
  openPage(page: CaptionPage): void {
    this.finish(false);
    this.page = page;
    if (page === 'list') this.focusAsked += 1;
  }

  openBar(bar: 'find' | 'time'): void {
    this.page = 'list';
    this.bar = bar;
    this.find.open = bar === 'find';
    if (bar === 'find') this.findAsked += 1;
  }

  closeBar(): void {
    this.bar = null;
    this.find.open = false;
    this.focusAsked += 1;
  }

  findFromHere(): void {
    this.find.fromHere((cue) => this.indices.get(cue) ?? 0);
  }

  /** Works on the other of two tracks that stand side by side. */
  turnTo(trackId: string): void {
    const left = this.#track?.id ?? null;
    if (left === trackId) return;
    this.finish(false);
    this.#captions.show(trackId);
    this.besideId = left;
  }

  /** What is wrong with a cue: with the one being written, what is wrong with it as it is typed. */
  violationsOf(cue: Cue): readonly Violation[] {
    const { current, violations, context } = this.#captions;
    if (cue.id !== this.editingId || !current || cue.text === this.draft) return violations.get(cue.id) ?? [];
    const index = this.indices.get(cue.id) ?? 0;
    const near = this.cues.slice(Math.max(0, index - 1), index + 2).map((each) => (each.id === cue.id ? { ...cue, text: this.draft } : each));
    return checkCues(near, current.rules, context).filter((violation) => violation.cue === cue.id);
  }

  /** Picks a cue and shows its first frame. */
  goTo(id: string, seek = true): void {
    const cue = this.byId(id);
    if (!cue) return;
    this.#captions.select(id, 'replace');
    if (seek) this.#show(cue);
  }

  /** Goes to the first frame that shows a cue: one that begins within a frame is shown from the next on. */
  #show(cue: Cue): void {
    const frame = frameDuration(this.#captions.context.frameRate);
    this.#player.seek(minTime(flicks(cue.start + frame - 1), flicks(cue.end - 1)));
  }

  /** Picks the cue `by` places from the leading one; from none the one at the playhead, or as far from that. */
  step(by: number, how: 'replace' | 'extend' = 'replace'): void {
    const here = countBegun(this.cues, this.#player.time) - 1;
    const lead = this.indices.get(this.#captions.lead ?? '');
    const index = lead !== undefined ? lead + by : Math.abs(by) === 1 ? here : here + by;
    const cue = this.cues[Math.max(0, Math.min(index, this.cues.length - 1))];
    if (!cue) return;
    this.#captions.select(cue.id, how);
    if (how === 'replace') this.#show(cue);
  }

  /** Goes to the next (1) or previous (-1) cue with something wrong, round the ends. */
  stepProblem(by: 1 | -1): void {
    const { problems } = this;
    const here = this.indices.get(this.#captions.lead ?? '') ?? -1;
    const behind = problems.findIndex((cue) => (this.indices.get(cue.id) ?? 0) > here);
    const before = problems.findLastIndex((cue) => (this.indices.get(cue.id) ?? 0) < here);
    const found = by > 0 ? problems[behind < 0 ? 0 : behind] : problems[before < 0 ? problems.length - 1 : before];
    if (found) this.goTo(found.id);
  }

  /** Starts to write the text of a cue: the leading one, else the one at the playhead. */
  edit(id: string | null = this.#captions.lead ?? this.#captions.cueAt(this.#player.time)?.id ?? null, caret?: number): void {
    this.finish(false);
    const cue = this.byId(id);
    if (!cue) return;
    if (this.#captions.lead !== cue.id) this.goTo(cue.id);
    this.page = 'list';
    this.draft = cue.text;
    this.caret = caret ?? cue.text.length;
    this.editingId = cue.id;
  }

  /** Ends writing; what was typed becomes the cue's text as one step of undo. */
  finish(focus = true): void {
    const cue = this.editing;
    const { draft } = this;
    this.editingId = null;
    if (!cue) return;
    if (draft !== cue.text) this.#captions.replace(setText(cue, draft));
    if (focus) this.focusAsked += 1;
  }

  /** Ends writing and goes on with the next (previous) cue. */
  finishAndEdit(by: 1 | -1): void {
    const index = this.indices.get(this.editingId ?? '');
    if (index === undefined) return;
    const next = this.cues[index + by];
    this.finish(next === undefined);
    if (next) this.edit(next.id);
  }

  /** Splits at the cursor while writing, else at the playhead where it is inside the leading cue, else in the middle. */
  split(): void {
    const cue = this.editing ?? this.lead;
    if (!cue) return;
    const written = this.editing && this.draft !== cue.text ? setText(cue, this.draft).insert[0] ?? cue : cue;
    const offset = this.editing ? this.caret : splitOffset(cue, this.#player.time);
    const { insert } = splitCue(written, offset, crypto.randomUUID());
    if (insert.length < 2) return;
    const writing = this.editing !== null;
    this.editingId = null;
    if (!this.#captions.replace({ remove: [cue.id], insert })) return;
    const second = insert.at(-1);
    if (!second) return;
    this.#captions.select(second.id, 'replace');
    if (writing) this.edit(second.id, 0);
  }

  /** Joins the picked cues; a single one with the next. */
  merge(): void {
    this.finish(false);
    const { selectedCues } = this.#captions;
    const last = selectedCues.at(-1);
    const next = last && this.cues[(this.indices.get(last.id) ?? 0) + 1];
    const cues = selectedCues.length === 1 && last && next ? [last, next] : selectedCues;
    if (cues.length < 2) return;
    const { current } = this.#captions;
    const change = mergeCues(cues, current ? { rules: current.rules, language: current.language } : undefined);
    const merged = change.insert[0];
    if (this.#captions.replace(change) && merged) this.#captions.select(merged.id, 'replace');
  }

  remove(): void {
    this.editingId = null;
    const { selectedCues } = this.#captions;
    const first = this.indices.get(selectedCues[0]?.id ?? '') ?? 0;
    if (selectedCues.length === 0 || !this.#captions.replace(deleteCues([...selectedCues]))) return;
    const next = this.cues[Math.min(first, this.cues.length - 1)];
    if (next) this.#captions.select(next.id, 'replace');
    this.focusAsked += 1;
  }

  /** Puts an empty cue at the playhead, as long as there is room before the next, and starts to write it. */
  insert(): void {
    this.finish(false);
    const room = roomForCue(this.cues, this.#player.time, minTime(flicks(this.#player.time + NEW_CUE), this.#player.range.end));
    if (!room) return;
    const id = crypto.randomUUID();
    if (!this.#captions.replace(insertCue({ id, ...room, text: '' }))) return;
    this.#captions.select(id, 'replace');
    this.edit(id);
  }

  /** Moves an edge of the leading cue to the playhead. Past its other edge the cue keeps its length. The out point lies behind the frame shown. */
  async setEdge(edge: 'start' | 'end'): Promise<void> {
    const cue = this.lead;
    if (!cue) return;
    const time = (await this.#player.frameTime(edge === 'start' ? 0 : 1)) ?? this.#player.range.end;
    const length = cue.end - cue.start;
    if (edge === 'start') this.retime(cue, time, time < cue.end ? cue.end : flicks(time + length));
    else this.retime(cue, time > cue.start ? cue.start : flicks(time - length), time);
  }

  /** Gives a cue other times, within the media. Empty ranges are left alone. */
  retime(cue: Cue, start: Flicks, end: Flicks): boolean {
    const { range } = this.#captions.context;
    const low = range ? clampTime(start, range.start, range.end) : start;
    const high = range ? clampTime(end, range.start, range.end) : end;
    if (low >= high) return false;
    if (low === cue.start && high === cue.end) return true;
    return this.#captions.replace(retimeCue(cue, low, high));
  }

  setSpeaker(cue: Cue, speaker: string | null): void {
    if (cue.speaker !== speaker) this.#captions.replace({ remove: [cue.id], insert: [{ ...cue, speaker, touched: true }] });
  }

  /** Puts right what is wrong with one cue, moving its neighbours where it must. */
  fix(id: string): void {
    this.finish(false);
    const { current, context } = this.#captions;
    if (!current) return;
    const { cues, unmet } = fixCue(current.cues, id, current.rules, context);
    this.#captions.replace(changeBetween(current.cues, cues));
    this.#leftOver = unmet;
  }

  /** Puts right everything that can be; the rest is listed. */
  fixAll(): void {
    this.finish(false);
    const { current, context } = this.#captions;
    if (!current) return;
    const { cues, unmet } = fixCues(current.cues, current.rules, context);
    this.#captions.replace(changeBetween(current.cues, cues));
    this.#leftOver = unmet;
  }
}
