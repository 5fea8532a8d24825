/**
 * Matching regular expressions in a bounded number of steps. JavaScript's own engine can't be stopped once a pattern such as (a+)+b begins to try
 * everything, so this one backtracks by the same rules but counts: find and replace never hang the window.
 */
import { parsePattern, PatternError, type ParsedPattern, type PatternNode } from './patternSyntax.ts';

/** Tries the rest of the pattern from an offset: where the match ends, or -1. */
type Step = (at: number) => number;

/** Steps for one text, and for all texts of one search: some hundredths of a second, and some seconds. */
const MOST_STEPS = 500_000;
const MOST_STEPS_TOGETHER = 100_000_000;
/** Steps inside steps: far from the end of the stack. */
const DEEPEST = 1500;

export interface PatternMatch {
  from: number;
  to: number;
  /** What each group took, the whole match first. */
  groups: (string | undefined)[];
}

const isWordCharacter = (character: string): boolean => /^\w$/.test(character);

export class Pattern {
  readonly #parsed: ParsedPattern;
  readonly #caseSensitive: boolean;
  readonly #accepts: (text: string, from: number, to: number) => boolean;
  readonly #root: Step;
  #text = '';
  #from = 0;
  #steps = 0;
  #together = 0;
  #depth = 0;
  #starts: number[] = [];
  #ends: number[] = [];

  /**
   * `^` and `$` stand at the edges of lines. `accepts` may refuse a match, another is tried then. Throws PatternError `invalid` or `too_long`.
   */
  constructor(source: string, caseSensitive: boolean, accepts: (text: string, from: number, to: number) => boolean = () => true) {
    this.#parsed = parsePattern(source, caseSensitive);
    this.#caseSensitive = caseSensitive;
    this.#accepts = accepts;
    this.#root = this.#compile(this.#parsed.root, (at) => (this.#accepts(this.#text, this.#from, at) ? at : -1));
  }

  /** Matches in order, not overlapping; empty ones are left out. Throws PatternError `too_slow`. */
  matches(text: string): PatternMatch[] {
    const found: PatternMatch[] = [];
    this.#text = text;
    this.#steps = 0;
    for (let from = 0; from < text.length; ) {
      this.#starts = [];
      this.#ends = [];
      this.#from = from;
      this.#depth = 0;
      const to = this.#root(from);
      if (to > from) found.push({ from, to, groups: this.#taken(from, to) });
      from = to > from ? to : from + this.#characterAt(from).length;
    }
    this.#together += this.#steps;
    return found;
  }

  #taken(from: number, to: number): (string | undefined)[] {
    const groups: (string | undefined)[] = [this.#text.slice(from, to)];
    for (let index = 1; index <= this.#parsed.groups; index += 1) groups.push(this.#group(index));
    return groups;
  }

  #group(index: number): string | undefined {
    const end = this.#ends[index] ?? -1;
    return end < 0 ? undefined : this.#text.slice(this.#starts[index] ?? end, end);
  }

  #characterAt(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #count(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS || this.#steps + this.#together > MOST_STEPS_TOGETHER) throw new PatternError('too_slow');
  }

  #compile(node: PatternNode, next: Step): Step {
    switch (node.kind) {
      case 'character':
        return (at) => {
          this.#count();
          const character = this.#characterAt(at);
          return character !== '' && node.test(character) ? next(at + character.length) : -1;
        };
      case 'edge':
        return (at) => (this.#isEdge(node.edge, at) ? next(at) : -1);
      case 'sequence':
        return node.items.reduceRight((step, item) => this.#compile(item, step), next);
      case 'choice':
        return this.#choice(node.options.map((option) => this.#compile(option, next)));
      case 'group':
        return this.#grouped(node.index, node.item, next);
      case 'repeat':
        return node.item.kind === 'character' ? this.#repeatCharacter(node.item.test, node, next) : this.#repeat(node, next);
      case 'look':
        return this.#look(node, next);
      case 'again':
        return this.#again(node.group, next);
    }
  }

  #isEdge(edge: '^' | '$' | 'b' | 'B', at: number): boolean {
    this.#count();
    const text = this.#text;
    if (edge === '^') return at === 0 || text[at - 1] === '\n';
    if (edge === '$') return at === text.length || text[at] === '\n';
    return (isWordCharacter(text.charAt(at - 1)) !== isWordCharacter(text.charAt(at))) === (edge === 'b');
  }

  #choice(options: readonly Step[]): Step {
    return (at) => {
      for (const option of options) {
        this.#count();
        const end = option(at);
        if (end >= 0) return end;
      }
      return -1;
    };
  }

  #grouped(index: number, item: PatternNode, next: Step): Step {
    const opened: number[] = [];
    const inner = this.#compile(item, (at) => {
      const [start, end] = [this.#starts[index], this.#ends[index]];
      const from = opened.pop() ?? at;
      [this.#starts[index], this.#ends[index]] = [from, at];
      const result = next(at);
      if (result < 0) {
        [this.#starts[index], this.#ends[index]] = [start ?? -1, end ?? -1];
        opened.push(from);
      }
      return result;
    });
    return (at) => {
      opened.push(at);
      const depth = opened.length;
      const result = inner(at);
      if (result < 0) opened.length = depth - 1;
      return result;
    };
  }

  /** A repeated single character needs no step inside a step for each. */
  #repeatCharacter(test: (character: string) => boolean, { least, most, lazy }: { least: number; most: number; lazy: boolean }, next: Step): Step {
    return (at) => {
      const places = [at];
      const isMore = (): boolean => {
        this.#count();
        const last = places.at(-1) ?? at;
        const character = this.#characterAt(last);
        if (places.length > most || character === '' || !test(character)) return false;
        places.push(last + character.length);
        return true;
      };
      while (places.length <= least) if (!isMore()) return -1;
      if (lazy) {
        do {
          const end = next(places.at(-1) ?? at);
          if (end >= 0) return end;
        } while (isMore());
        return -1;
      }
      while (isMore());
      for (let count = places.length - 1; count >= least; count -= 1) {
        this.#count();
        const end = next(places[count] ?? at);
        if (end >= 0) return end;
      }
      return -1;
    };
  }

  #repeat(node: Extract<PatternNode, { kind: 'repeat' }>, next: Step): Step {
    const { least, most, lazy, groups } = node;
    let count = 0;
    let entry = -1;
    const body = this.#compile(node.item, (at) => (at === entry && count > least ? -1 : loop(at)));
    const more = (at: number): number => {
      if (count >= most) return -1;
      const [ends, starts, wasCount, wasEntry] = [[...this.#ends], [...this.#starts], count, entry];
      for (let index = groups[0]; index <= groups[1]; index += 1) this.#ends[index] = -1;
      [count, entry] = [count + 1, at];
      const end = body(at);
      [count, entry] = [wasCount, wasEntry];
      if (end < 0) [this.#ends, this.#starts] = [ends, starts];
      return end;
    };
    const done = (at: number): number => (count < least ? -1 : next(at));
    const loop = (at: number): number => {
      this.#count();
      this.#depth += 1;
      if (this.#depth > DEEPEST) throw new PatternError('too_slow');
      let end = lazy ? done(at) : more(at);
      if (end < 0) end = lazy ? more(at) : done(at);
      this.#depth -= 1;
      return end;
    };
    return (at) => {
      const [wasCount, wasEntry] = [count, entry];
      [count, entry] = [0, -1];
      try {
        return loop(at);
      } finally {
        [count, entry] = [wasCount, wasEntry];
      }
    };
  }

  #look({ ahead, negative, item }: Extract<PatternNode, { kind: 'look' }>, next: Step): Step {
    let target = 0;
    const inner = this.#compile(item, (at) => (ahead || at === target ? at : -1));
    const found = (at: number): boolean => {
      if (ahead) return inner(at) >= 0;
      const before = target;
      target = at;
      let is = false;
      for (let from = at; from >= 0 && !is; from -= 1) is = inner(from) === at;
      target = before;
      return is;
    };
    return (at) => {
      this.#count();
      const [ends, starts] = [[...this.#ends], [...this.#starts]];
      const end = found(at) !== negative ? next(at) : -1;
      if (end < 0) [this.#ends, this.#starts] = [ends, starts];
      return end;
    };
  }

  #again(group: number | string, next: Step): Step {
    const index = typeof group === 'number' ? group : (this.#parsed.names.get(group) ?? 0);
    const fold = (text: string): string => (this.#caseSensitive ? text : text.toLowerCase());
    return (at) => {
      this.#count();
      const taken = this.#group(index) ?? '';
      return fold(this.#text.slice(at, at + taken.length)) === fold(taken) ? next(at + taken.length) : -1;
    };
  }
}
