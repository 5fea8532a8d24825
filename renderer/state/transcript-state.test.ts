import { describe, expect, it } from 'vitest';
import type { Clip } from '../../shared/edit.ts';
import { toSeconds, ZERO } from '../../shared/time.ts';
import { someCue } from '../testing/captions.ts';
import { setUpSpoken } from '../testing/spoken.ts';
import { TranscriptState } from './transcript.svelte.ts';

function setUp() {
  const spoken = setUpSpoken([someCue('a', 1, 'One two three.'), someCue('b', 5, 'Four five six.'), someCue('c', 9, 'Seven eight.')]);
  const { captions, edit, player, entry } = spoken;
  const transcript = new TranscriptState(captions, edit, player, { entry: () => entry });
  const pick = (from: number, to: number): void => {
    transcript.moveTo(from, false);
    transcript.pickTo(to);
  };
  const kept = (): string => transcript.document.words.filter((word) => !word.cut).map((word) => word.text).join(' ');
  return { ...spoken, transcript, pick, kept };
}
const lengthOf = (clips: readonly Clip[]): number => clips.reduce((sum, clip) => sum + toSeconds(clip.end) - toSeconds(clip.start), 0);

describe('TranscriptState', () => {
  it('cuts what is picked, plays the edit from then on, and undo brings it back', () => {
    const { transcript, edit, player, pick, kept } = setUp();
    pick(3, 5);
    expect(transcript.cut()).toBe(true);
    expect(kept()).toBe('One two three. Seven eight.');
    expect(transcript.document.words).toHaveLength(8);
    expect(edit.clips).toHaveLength(2);
    expect(lengthOf(edit.clips)).toBeLessThan(20 - 1.4);
    expect(player.edit.on).toBe(true);
    expect(transcript.cut()).toBe(false);
    edit.undo();
    expect(edit.clips).toHaveLength(0);
    expect(kept()).toContain('Four five six.');
  });

  it('brings back a part of what was cut, and all of it makes the media whole', () => {
    const { transcript, edit, pick, kept } = setUp();
    pick(1, 5);
    transcript.cut();
    expect(kept()).toBe('One Seven eight.');
    pick(3, 3);
    expect(transcript.restore()).toBe(true);
    expect(kept()).toBe('One Four Seven eight.');
    pick(0, 7);
    expect(transcript.restore()).toBe(true);
    expect(kept()).toBe('One two three. Four five six. Seven eight.');
    expect(lengthOf(edit.clips)).toBeCloseTo(20, 6);
  });

  it('moves a sentence before another, picks it there, and by Alt and arrows back again', () => {
    const { transcript, edit, pick, kept } = setUp();
    pick(6, 7);
    expect(transcript.move(0)).toBe(true);
    expect(kept()).toBe('Seven eight. One two three. Four five six.');
    expect(transcript.selection).toEqual({ from: 0, to: 2 });
    expect(lengthOf(edit.clips)).toBeCloseTo(20, 6);
    expect(transcript.moveBySentence(1)).toBe(true);
    expect(kept()).toBe('One two three. Seven eight. Four five six.');
    expect(transcript.move(transcript.selection?.from ?? -1)).toBe(false);
  });

  it('corrects a word in the track, and copies what is not cut', () => {
    const { transcript, captions, pick } = setUp();
    transcript.correct(1, 'too');
    expect(captions.current?.cues[0]).toMatchObject({ text: 'One too three.', touched: true });
    pick(3, 5);
    transcript.cut();
    transcript.collapse();
    expect(transcript.text()).toBe('One too three.\n\nSeven eight.');
    pick(6, 7);
    expect(transcript.text()).toBe('Seven eight.');
  });

  it('adds what is picked as a clip named by its words', () => {
    const { transcript, edit, pick } = setUp();
    pick(3, 4);
    transcript.addAsClip();
    expect(edit.clips).toMatchObject([{ name: 'Four five' }]);
    const [clip] = edit.clips;
    expect(toSeconds(clip?.start ?? ZERO)).toBeLessThanOrEqual(5);
    expect(toSeconds(clip?.end ?? ZERO)).toBeGreaterThanOrEqual(5.9);
  });
});
