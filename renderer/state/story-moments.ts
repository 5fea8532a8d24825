/** From what is said to what can be played, dragged and laid on the timeline. */
import { flicks, fromSeconds, type Flicks } from '../../shared/time.ts';
import type { MediaId } from '../../shared/media.ts';
import type { TimeRange } from '../../shared/ranges.ts';
import type { Sentence } from '../../shared/understanding/types.ts';
import type { NewClip } from './edit.svelte.ts';
import type { Player } from './player.svelte.ts';

/** Room before the first sound of a sentence and behind its last one, as far as the neighbours leave it: cut on the sound itself it seems clipped. */
const BEFORE = fromSeconds(0.1);
const BEHIND = fromSeconds(0.25);
const LONGEST_NAME = 60;

/** The sentence as a clip, named by its first words; null without times. `range`: what the media has. */
export function clipOfSentence(media: MediaId, range: TimeRange, sentences: readonly Sentence[], index: number): NewClip | null {
  const sentence = sentences[index];
  if (sentence?.start == null || sentence.end === null) return null;
  const before = sentences[index - 1]?.end ?? range.start;
  const after = sentences[index + 1]?.start ?? range.end;
  const start = Math.max(range.start, Math.min(sentence.start, Math.max(sentence.start - BEFORE, before)));
  const end = Math.min(range.end, Math.max(sentence.end, Math.min(sentence.end + BEHIND, after)));
  return end > start ? { media, start: flicks(start), end: flicks(end), name: shortName(sentence.text) } : null;
}

/** First words of a text, cut at a space where there is one. */
export function shortName(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (plain.length <= LONGEST_NAME) return plain;
  const cut = plain.slice(0, LONGEST_NAME);
  const space = cut.lastIndexOf(' ');
  return `${(space > LONGEST_NAME / 2 ? cut.slice(0, space) : [...cut].slice(0, -1).join('')).trimEnd()}…`;
}

/** Shows a moment and plays on from it; the file as it is where the edit leaves that moment out. */
export function playFrom(player: Player, time: Flicks): void {
  player.seek(time);
  if (player.edit.on && player.edit.index < 0) player.setEdit(false);
  player.play(1);
}
