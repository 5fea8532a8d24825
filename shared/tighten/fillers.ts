import type { Word } from '../captions/types.ts';
import { rangeOfWords } from '../wordCuts.ts';
import { DEFAULT_FILLERS, type FillerLists } from './fillerLists.ts';
import { removal, type Removal } from './types.ts';
import { isParted, plainWord, spanOf, textOf } from './wordText.ts';

interface Wanted {
  /** Without spaces: in Chinese a word may come as one piece or several. */
  text: string;
  setOff: boolean;
}

/**
 * Fillers among a media's words in order: phrases of the lists, the longest at each place. A phrase is found only as whole words.
 * The range goes to the middle of the pauses beside it, as when its words are deleted.
 */
export function findFillers(words: readonly Word[], lists: FillerLists = DEFAULT_FILLERS): Removal[] {
  const wanted = byFirstLetter(lists);
  const plain = words.map((word) => plainWord(word.text));
  const found: Removal[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const match = matchAt(words, plain, i, wanted);
    if (!match) continue;
    const { start, end } = rangeOfWords(words, i, match.last, { range: spanOf(words) });
    found.push(removal('filler', match.setOff ? 'filler_set_off' : 'filler', start, end, textOf(words.slice(i, match.last + 1))));
    i = match.last;
  }
  return found;
}

function byFirstLetter(lists: FillerLists): Map<string, Wanted[]> {
  const wanted = new Map<string, Wanted[]>();
  for (const { text, setOff } of Object.values(lists).flat()) {
    const plain = text.split(/\s+/).map(plainWord).join('');
    const [letter] = plain;
    if (letter !== undefined) wanted.set(letter, [...(wanted.get(letter) ?? []), { text: plain, setOff }]);
  }
  return wanted;
}

function matchAt(words: readonly Word[], plain: readonly string[], first: number, wanted: ReadonlyMap<string, readonly Wanted[]>): { last: number; setOff: boolean } | null {
  const [letter] = plain[first] ?? '';
  let best: { last: number; setOff: boolean } | null = null;
  for (const { text, setOff } of wanted.get(letter ?? '') ?? []) {
    const last = lastWordOf(plain, first, text);
    if (last === null || (best && best.last >= last)) continue;
    if (setOff && !(isParted(words[first - 1], words[first]) && isParted(words[last], words[last + 1]))) continue;
    best = { last, setOff };
  }
  return best;
}

/** Index of the word with which the words from `first` on have spelled `text`; null when they spell something else. */
function lastWordOf(plain: readonly string[], first: number, text: string): number | null {
  let spelled = '';
  for (let i = first; i < plain.length && spelled.length < text.length; i += 1) {
    spelled += plain[i] ?? '';
    if (spelled === text) return i;
    if (!text.startsWith(spelled)) return null;
  }
  return null;
}
