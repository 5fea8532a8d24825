/** How much each sentence stands for the whole talk. */

/**
 * Cosine of each sentence to the mean of all (centroid centrality: Radev et al. 2004), 0 to 1. Unit vectors; null: a lexical one of the
 * words' tf-idf is made. Sentences of fewer than three words tell nothing.
 */
export function centralityOf(texts: readonly string[], vectors: readonly Float32Array[] | null): number[] {
  const words = texts.map(wordsOf);
  const scores = vectors ? byVectors(vectors) : byWords(words);
  return scores.map((score, index) => ((words[index]?.length ?? 0) < 3 ? 0 : Math.max(0, score)));
}

function byVectors(vectors: readonly Float32Array[]): number[] {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, at) => (mean[at] = (mean[at] ?? 0) + value));
  const length = Math.hypot(...mean) || 1;
  return vectors.map((vector) => vector.reduce((sum, value, at) => sum + value * (mean[at] ?? 0), 0) / length);
}

function byWords(sentences: readonly (readonly string[])[]): number[] {
  const frequency = new Map<string, number>();
  for (const words of sentences) for (const word of new Set(words)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const weigh = (words: readonly string[]): Map<string, number> => {
    const vector = new Map<string, number>();
    for (const word of words) vector.set(word, (vector.get(word) ?? 0) + Math.log((sentences.length + 1) / (frequency.get(word) ?? 1)));
    const length = Math.hypot(...vector.values()) || 1;
    for (const [word, value] of vector) vector.set(word, value / length);
    return vector;
  };
  const weighed = sentences.map(weigh);
  const mean = new Map<string, number>();
  for (const vector of weighed) for (const [word, value] of vector) mean.set(word, (mean.get(word) ?? 0) + value);
  const length = Math.sqrt([...mean.values()].reduce((sum, value) => sum + value * value, 0)) || 1;
  return weighed.map((vector) => [...vector].reduce((sum, [word, value]) => sum + value * (mean.get(word) ?? 0), 0) / length);
}

/** Words in lower case; characters in pairs where no spaces part them. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const part of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(part)) words.push(part);
    else for (let at = 0; at < Math.max(1, part.length - 1); at++) words.push(part.slice(at, at + 2));
  }
  return words;
}
