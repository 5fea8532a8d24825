/** The tags of SubRip and WebVTT text, one after another; shared because files mix them. */

export type Token = { kind: 'text'; text: string } | { kind: 'tag'; text: string; closing: boolean; name: string; classes: string[]; value: string } | { kind: 'stamp'; text: string; clock: string } | { kind: 'override'; text: string; body: string };

/** Longer ones are taken for text: this keeps a text full of `<` from being searched again and again. */
const LONGEST_TAG = 400;
const TAG = /^<(\/)?([a-zA-Z]{1,10})((?:\.[^\s.>]{1,60}){0,20})(?:[\s=]([^<>]*)|\/)?>$/;
const STAMP = /^<(\d{1,5}:\d{1,5}(?::\d{1,5})?[.,]\d{1,9})>$/;

/** `known` says which tag names count; others are text, as in "a <b c" or "<laughs>". */
export function* tokens(text: string, known: ReadonlySet<string>, overrides: boolean): Generator<Token> {
  let plainFrom = 0;
  let at = 0;
  const opener = overrides ? /[<{]/g : /</g;
  for (;;) {
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found) break;
    const token = tokenAt(text, found.index, known);
    if (!token) {
      at = found.index + 1;
      continue;
    }
    if (found.index > plainFrom) yield { kind: 'text', text: text.slice(plainFrom, found.index) };
    yield token;
    at = plainFrom = found.index + token.text.length;
  }
  if (plainFrom < text.length) yield { kind: 'text', text: text.slice(plainFrom) };
}

function tokenAt(text: string, at: number, known: ReadonlySet<string>): Token | null {
  const braced = text.charAt(at) === '{';
  const window = text.slice(at, at + LONGEST_TAG);
  const end = window.indexOf(braced ? '}' : '>');
  if (end < 0) return null;
  const whole = window.slice(0, end + 1);
  if (braced) return whole.startsWith('{\\') ? { kind: 'override', text: whole, body: whole.slice(1, -1) } : null;
  const stamp = STAMP.exec(whole)?.[1];
  if (stamp !== undefined) return { kind: 'stamp', text: whole, clock: stamp };
  const tag = TAG.exec(whole);
  const name = tag?.[2]?.toLowerCase();
  if (!tag || name === undefined || !known.has(name)) return null;
  const classes = (tag[3] ?? '').split('.').filter((part) => part !== '');
  return { kind: 'tag', text: whole, closing: tag[1] === '/', name, classes, value: (tag[4] ?? '').trim() };
}
