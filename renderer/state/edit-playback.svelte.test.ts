import { beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from '../../shared/edit.ts';
import { fromSeconds, toSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { MEDIA_ID, someMedia } from '../testing/facts.ts';
import { Deck } from './deck.svelte.ts';
import { EditPlayback, type EditHost } from './edit-playback.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const OTHER = 'b'.repeat(32);
const clip = (id: string, start: number, end: number, media = MEDIA_ID): Clip => ({ id, media, start: fromSeconds(start), end: fromSeconds(end), name: id });

/** A player without elements: where it was put, clip by clip. */
class Host implements EditHost {
  entry = $state.raw<MediaEntry | null>(null);
  time = $state<Flicks>(ZERO);
  playing = true;
  speed = 1;
  readonly standby = new Deck();
  place(entry: MediaEntry, time: Flicks): void {
    this.entry = entry;
    this.time = time;
  }
  swap(time: Flicks): void {
    this.time = time;
  }
}

let entries: Map<string, MediaEntry>;
let host: Host;
let toasts: Toasts;
let shown: string[];
function play(clips: readonly Clip[]): EditPlayback {
  const edit = new EditPlayback(host, { clips: () => clips, find: (id) => entries.get(id) ?? null, shown: (id) => void shown.push(id) }, toasts);
  edit.wanted = true;
  return edit;
}
const at = (seconds: number): void => {
  host.time = fromSeconds(seconds);
};

beforeEach(() => {
  entries = new Map([MEDIA_ID, OTHER].map((id) => [id, new MediaEntry(someMedia(60, id))]));
  host = new Host();
  host.entry = entries.get(MEDIA_ID) ?? null;
  toasts = new Toasts();
  shown = [];
});

describe('EditPlayback', () => {
  it('is the file while the lane is empty', () => {
    expect(play([]).on).toBe(false);
  });

  it('goes from clip to clip over what is cut, and ends with the last', () => {
    const edit = play([clip('a', 0, 2), clip('b', 5, 6)]);
    expect(edit.begin()).toBe(true);
    expect(edit.advance(fromSeconds(1), 1)).toBe(true);
    expect(toSeconds(host.time)).toBe(0);
    expect(edit.advance(fromSeconds(2), 1)).toBe(true);
    expect(toSeconds(host.time)).toBe(5);
    expect(toSeconds(edit.position)).toBe(2);
    expect(edit.advance(fromSeconds(6), 1)).toBe(false);
  });

  it('has the next clip wait in the other deck', () => {
    const edit = play([clip('a', 0, 2), clip('b', 5, 6, OTHER)]);
    edit.begin();
    expect(host.standby.isFor(entries.get(OTHER) as MediaEntry, fromSeconds(5))).toBe(true);
  });

  it('begins where there is something to play, from a cut and from the end', () => {
    const edit = play([clip('a', 0, 2), clip('b', 5, 6)]);
    at(3);
    expect(edit.index).toBe(-1);
    expect(toSeconds(edit.position)).toBe(2);
    edit.begin();
    expect(toSeconds(host.time)).toBe(5);
    at(5.98);
    edit.begin();
    expect(toSeconds(host.time)).toBe(0);
  });

  it('seeks in the time of the sequence, over media', () => {
    const edit = play([clip('a', 10, 12), clip('b', 20, 24, OTHER)]);
    edit.seek(fromSeconds(3));
    expect(host.entry?.media.id).toBe(OTHER);
    expect(toSeconds(host.time)).toBe(21);
    expect(shown).toEqual([OTHER]);
    expect(toSeconds(edit.position)).toBe(3);
  });

  it('skips a clip whose media is missing, and says so', () => {
    entries.delete(OTHER);
    const edit = play([clip('a', 0, 2), clip('gone', 0, 2, OTHER), clip('b', 5, 6)]);
    edit.begin();
    edit.advance(fromSeconds(2), 1);
    expect(toSeconds(host.time)).toBe(5);
    expect(toasts.items.map((toast) => [toast.kind, toast.text.includes('gone')])).toEqual([['warning', true]]);
  });

  it('knows which of two clips of the same moments is played', () => {
    const edit = play([clip('a', 0, 2), clip('b', 0, 2)]);
    edit.seek(fromSeconds(3));
    expect(edit.index).toBe(1);
    expect(toSeconds(edit.position)).toBe(3);
  });

  it('steps over a clip edge to the next clip', () => {
    const edit = play([clip('a', 0, 2), clip('b', 5, 6)]);
    at(1.96);
    edit.located();
    expect(edit.acrossEdge(fromSeconds(1.98), 1)).toBeNull();
    expect(edit.acrossEdge(fromSeconds(2), 1)).toBe(fromSeconds(2));
  });

  it('plays over one gap, whatever is cut, and ends behind it', () => {
    const edit = play([]);
    at(1);
    edit.peek({ start: fromSeconds(2), end: fromSeconds(3) }, fromSeconds(4));
    expect(edit.advance(fromSeconds(1.5), 1)).toBe(true);
    expect(edit.advance(fromSeconds(2), 1)).toBe(true);
    expect(toSeconds(host.time)).toBe(3);
    expect(edit.advance(fromSeconds(4), 1)).toBe(false);
  });
});
