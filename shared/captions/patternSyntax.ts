/** Regular expressions as trees. The syntax is JavaScript's with the `u` flag; the platform's own parser says what is valid. */

export type PatternProblem = 'invalid' | 'too_long' | 'too_slow';

/** A regular expression that can't be used: not one, longer than it may be, or taking too many steps. Sentences: `captions_find_bad`, `captions_pattern_<problem>`. */
export class PatternError extends Error {
  readonly problem: PatternProblem;
  constructor(problem: PatternProblem, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'PatternError';
    this.problem = problem;
  }
}

export type PatternNode =
  | { kind: 'character'; test: (character: string) => boolean }
  | { kind: 'edge'; edge: '^' | '$' | 'b' | 'B' }
  | { kind: 'sequence'; items: PatternNode[] }
  | { kind: 'choice'; options: PatternNode[] }
  | { kind: 'group'; index: number; item: PatternNode }
  | { kind: 'repeat'; item: PatternNode; least: number; most: number; lazy: boolean; groups: [from: number, to: number] }
  | { kind: 'look'; ahead: boolean; negative: boolean; item: PatternNode }
  | { kind: 'again'; group: number | string };

export interface ParsedPattern {
  root: PatternNode;
  /** Groups, the whole match not counted. */
  groups: number;
  names: ReadonlyMap<string, number>;
}

/** Longest pattern, in UTF-16 units. */
export const LONGEST_PATTERN = 1000;

/** Throws PatternError `invalid` or `too_long`. */
export function parsePattern(source: string, caseSensitive: boolean): ParsedPattern {
  if (source.length > LONGEST_PATTERN) throw new PatternError('too_long');
  try {
    new RegExp(source, 'u');
  } catch (error) {
    throw new PatternError('invalid', { cause: error });
  }
  const parser = new Parser(source, caseSensitive);
  return { root: parser.choice(), groups: parser.groups, names: parser.names };
}

const ESCAPE = /\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^])/uy;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/uy;
const REPEAT = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\?)?/y;

class Parser {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;
  groups = 0;
  readonly names = new Map<string, number>();

  constructor(source: string, caseSensitive: boolean) {
    this.#source = source;
    this.#flags = caseSensitive ? 'u' : 'iu';
  }

  choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#source.length && !['|', ')'].includes(this.#source.charAt(this.#at))) {
      const before = this.groups;
      items.push(this.#repeated(this.#term(), before));
    }
    return { kind: 'sequence', items };
  }

  #repeated(item: PatternNode, before: number): PatternNode {
    const found = this.#match(REPEAT);
    if (!found) return item;
    const [, sign, least, comma, most, lazy] = found;
    const bounds = sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : sign === '?' ? [0, 1] : [Number(least), comma === undefined ? Number(least) : most ? Number(most) : Infinity];
    return { kind: 'repeat', item, least: bounds[0] ?? 0, most: bounds[1] ?? Infinity, lazy: lazy !== undefined, groups: [before + 1, this.groups] };
  }

  #term(): PatternNode {
    const source = this.#source;
    if (this.#take('^')) return { kind: 'edge', edge: '^' };
    if (this.#take('$')) return { kind: 'edge', edge: '$' };
    if (this.#take('(')) return this.#group();
    if (this.#take('\\b')) return { kind: 'edge', edge: 'b' };
    if (this.#take('\\B')) return { kind: 'edge', edge: 'B' };
    const named = this.#match(/\\k<([^>]+)>/y);
    if (named) return { kind: 'again', group: named[1] ?? '' };
    const numbered = this.#match(/\\([1-9]\d*)/y);
    if (numbered) return { kind: 'again', group: Number(numbered[1]) };
    const piece = this.#match(CLASS)?.[0] ?? this.#match(ESCAPE)?.[0];
    if (piece !== undefined) return this.#character(piece);
    const character = String.fromCodePoint(source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return this.#character(character);
  }

  /** One character by the platform: a class, an escape or itself. What it said is remembered. */
  #character(piece: string): PatternNode {
    const one = new RegExp(`^${piece}$`, this.#flags);
    const known = new Map<string, boolean>();
    const test = (character: string): boolean => {
      const before = known.get(character);
      if (before !== undefined) return before;
      const result = one.test(character);
      known.set(character, result);
      return result;
    };
    return { kind: 'character', test };
  }

  #group(): PatternNode {
    const look = this.#match(/\?(<?)([=!])/y);
    if (look) return this.#closed({ kind: 'look', ahead: look[1] === '', negative: look[2] === '!', item: this.choice() });
    if (this.#take('?:')) return this.#closed(this.choice());
    const name = this.#match(/\?<([^>]+)>/y)?.[1];
    if (name === undefined && this.#source.charAt(this.#at) === '?') throw new PatternError('invalid');
    this.groups += 1;
    const index = this.groups;
    if (name !== undefined) this.names.set(name, index);
    return this.#closed({ kind: 'group', index, item: this.choice() });
  }

  #closed(node: PatternNode): PatternNode {
    if (!this.#take(')')) throw new PatternError('invalid');
    return node;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}
