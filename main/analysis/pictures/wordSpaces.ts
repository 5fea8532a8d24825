/**
 * Small English text loses spaces in the reader ("jumps overthe lazy dog", "2-1AWAY"). They are put back only where a dictionary leaves no
 * doubt: a run of letters that is no word itself, has no capital inside (a name: WebAssembly) and is filled from end to end by very common words.
 */

export const SPACE_RULES = {
  /** Letters of a run that is looked at; below, names and abbreviations are as often what they seem. */
  least: 6,
  /** Place in the list of words, commonest first, up to which a word may be part of a run that has one of the binding words … */
  known: 15000,
  /** … and of one that has none, which must then be of three words: English makes many words of two ("overwork"). */
  common: 4000,
  /** Letters of a word that a digit may stick to: "10km", "3rd" and "5G" stay. */
  afterDigit: 4,
  longest: 20,
} as const;

/** Words that bind others: hardly any name holds one between common words. */
const BINDING: ReadonlySet<string> = new Set(['the', 'of', 'and', 'to', 'in', 'for', 'with', 'is', 'are', 'on', 'by', 'from', 'that', 'this', 'was', 'as', 'at', 'we', 'you', 'it', 'our', 'your']);
/** Other words of one or two letters. */
const SHORT: ReadonlySet<string> = new Set(['a', 'an', 'be', 'do', 'if', 'my', 'no', 'or', 'so', 'us']);

export class WordSpaces {
  /** Place of each word in the list. */
  readonly #places = new Map<string, number>();

  /** `vocabulary`: word pieces of an English encoder, the commonest first; those that go on a word (`##`) don't count. */
  constructor(vocabulary: readonly string[]) {
    for (const piece of vocabulary) {
      const counts = /^[a-z]+$/.test(piece) && (piece.length > 2 || SHORT.has(piece) || BINDING.has(piece));
      if (counts && !this.#places.has(piece)) this.#places.set(piece, this.#places.size);
    }
  }

  /** The text with the spaces that it lost; all else stays as it is. */
  restore(text: string): string {
    return text
      .replace(/(?<=\d)[A-Za-z]+/g, (run) => (run.length >= SPACE_RULES.afterDigit && this.#places.has(run.toLowerCase()) ? ` ${run}` : run))
      .replace(/[A-Za-z]+(?=\d)/g, (run) => (run.length >= SPACE_RULES.afterDigit && this.#places.has(run.toLowerCase()) ? `${run} ` : run))
      .replace(/(?<![@./\w])[A-Za-z]+(?![@\w]|[./]\w)/g, (run) => this.#split(run).join(' '))
      .replace(/([a-z]{2}[,;!])(?=[A-Za-z]{2})/g, '$1 ');
  }

  #split(run: string): string[] {
    const lower = run.toLowerCase();
    if (run.length < SPACE_RULES.least || this.#places.has(lower) || /[a-z][A-Z]/.test(run)) return [run];
    const ends = this.#cheapest(lower);
    const words = ends.map((end, index) => run.slice(ends[index - 1] ?? 0, end));
    return this.#isSure(words.map((word) => word.toLowerCase())) ? words : [run];
  }

  #isSure(words: readonly string[]): boolean {
    const bound = words.some((word) => BINDING.has(word));
    if (words.length < (bound ? 2 : 3)) return false;
    const limit = bound ? SPACE_RULES.known : SPACE_RULES.common;
    const own = words.filter((word) => !BINDING.has(word));
    const long = own.every((word) => word.length > (words.length > 2 ? 2 : 3) || SHORT.has(word));
    return long && words.every((word) => (this.#places.get(word) ?? Infinity) < limit);
  }

  /** Where the words end whose logarithms of places (Zipf's law) have the smallest sum; none when words don't fill the run. */
  #cheapest(run: string): number[] {
    const costs: number[] = [0];
    const begins: number[] = [0];
    for (let end = 1; end <= run.length; end++) {
      let best = Infinity;
      for (let start = Math.max(0, end - SPACE_RULES.longest); start < end; start++) {
        const place = this.#places.get(run.slice(start, end));
        const cost = (costs[start] ?? Infinity) + (place === undefined ? Infinity : Math.log(place + 10));
        if (cost >= best) continue;
        best = cost;
        begins[end] = start;
      }
      costs[end] = best;
    }
    if (!Number.isFinite(costs[run.length])) return [];
    const ends: number[] = [];
    for (let end = run.length; end > 0; end = begins[end] ?? 0) ends.unshift(end);
    return ends;
  }
}
