/** From the reader's steps to characters (connectionist temporal classification: Graves et al., 2006). */

export interface ReadText {
  text: string;
  /** Mean probability of its characters; 0 for none. */
  score: number;
}

/** `steps`: the likeliest class of each step and how likely it is. Class 0 says "nothing here"; a class that goes on is one character. */
export function decodeSteps(classes: ArrayLike<bigint>, scores: ArrayLike<number>, characters: readonly string[]): ReadText {
  let text = '';
  let sum = 0;
  let count = 0;
  let before = 0;
  for (let step = 0; step < classes.length; step++) {
    const found = Number(classes[step] ?? 0n);
    if (found !== 0 && found !== before) {
      text += characters[found] ?? '';
      sum += scores[step] ?? 0;
      count++;
    }
    before = found;
  }
  return { text: text.trim(), score: count > 0 ? sum / count : 0 };
}
