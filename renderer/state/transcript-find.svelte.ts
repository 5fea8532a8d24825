import type { TranscriptDocument } from './transcript-document.ts';

/** Words found: first, and behind the last. */
export interface FoundWords {
  readonly from: number;
  readonly to: number;
}

/** Finding text in the transcript, over word ends and without regard to case. */
export class TranscriptFind {
  open = $state(false);
  query = $state('');
  /** Which of the matches the person is at. */
  at = $state(0);
  readonly #document: () => TranscriptDocument;

  constructor(document: () => TranscriptDocument) {
    this.#document = document;
  }

  readonly matches: readonly FoundWords[] = $derived.by(() => (this.open ? findWords(this.#document(), this.query) : []));
  readonly current: FoundWords | null = $derived.by(() => this.matches[Math.min(this.at, this.matches.length - 1)] ?? null);

  type(query: string): void {
    this.query = query;
    this.at = 0;
  }

  /** To the next (previous) match, round the end. */
  step(by: 1 | -1): FoundWords | null {
    const count = this.matches.length;
    if (count === 0) return null;
    this.at = (Math.min(this.at, count - 1) + by + count) % count;
    return this.current;
  }

  close(): void {
    this.open = false;
  }
}

export function findWords(document: TranscriptDocument, query: string): FoundWords[] {
  const wanted = query.trim().replace(/\s+/g, ' ').toLowerCase();
  if (wanted === '') return [];
  const starts: number[] = [];
  let text = '';
  for (const word of document.words) {
    if (text !== '' && word.space) text += ' ';
    starts.push(text.length);
    text += word.text.toLowerCase();
  }
  const found: FoundWords[] = [];
  let index = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    while ((starts[index + 1] ?? Infinity) <= at) index += 1;
    let to = index + 1;
    while ((starts[to] ?? Infinity) < at + wanted.length) to += 1;
    found.push({ from: index, to });
  }
  return found;
}
