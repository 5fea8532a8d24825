/** The text of a SubRip cue: <i> <b> <u> <font color>, and the {\an8} that players learnt from ASS. */
import type { Cue, CuePlace, StyleSpan } from '../types.ts';
import { readColour } from './colours.ts';
import { decodeEntities, hasEntities } from './entities.ts';
import { runsOf, StyledText, PLAIN, type RunStyle } from './styled.ts';
import { tokens } from './tags.ts';

const KNOWN = new Set(['i', 'em', 'b', 'strong', 'u', 'font', 's', 'strike', 'span', 'br']);

export interface SrtText {
  text: string;
  spans: StyleSpan[];
  place: CuePlace | null;
  /** Something was there that nothing here can hold. */
  lost: boolean;
}

export function readSrtText(raw: string): SrtText {
  const built = new StyledText();
  const stack: { name: string; style: RunStyle }[] = [];
  let place: CuePlace | null = null;
  let lost = false;
  for (const token of tokens(raw, KNOWN, true)) {
    if (token.kind === 'text') {
      // SubViewer's line break.
      built.push(decodeEntities(token.text.replaceAll(/\[br\]/gi, '\n')));
    } else if (token.kind === 'override') {
      const read = readOverride(token.body, built.style);
      built.style = read.style;
      place = read.place ?? place;
      lost ||= read.lost;
    } else if (token.kind === 'stamp') {
      lost = true;
    } else if (token.name === 'br') {
      built.push('\n');
    } else if (token.closing) {
      const at = stack.findLastIndex((open) => open.name === token.name);
      const open = stack[at];
      if (open) {
        built.style = open.style;
        stack.length = at;
      }
    } else {
      // Deep nesting is damage, not style.
      if (stack.length < 64) stack.push({ name: token.name, style: built.style });
      const style = styled(built.style, token.name, token.value);
      lost ||= style === null || (token.name === 'font' && /\b(face|size)\b/i.test(token.value));
      built.style = style ?? built.style;
    }
  }
  const { text, spans } = built.finish();
  return { text, spans, place, lost };
}

function styled(style: RunStyle, name: string, value: string): RunStyle | null {
  switch (name) {
    case 'i':
    case 'em':
      return { ...style, italic: true };
    case 'b':
    case 'strong':
      return { ...style, bold: true };
    case 'u':
      return { ...style, underline: true };
    case 'font': {
      const named = /\bcolor\s{0,4}=\s{0,4}["']?([^"'\s>]{1,40}(?:\([^)"']{0,40}\))?)/i.exec(value)?.[1];
      const colour = named === undefined ? null : readColour(named);
      return colour === null ? null : { ...style, colour };
    }
    default:
      return null;
  }
}

/** `\an8`, `\i1`, `\b0`, `\pos(…)` as far as SubRip files use them. */
function readOverride(body: string, style: RunStyle): { style: RunStyle; place: CuePlace | null; lost: boolean } {
  let place: CuePlace | null = null;
  let lost = false;
  let changed = style;
  for (const part of body.split('\\').slice(1)) {
    const [, name = '', value = ''] = /^(an|[ibu])(\d)\s*$/.exec(part) ?? [];
    if (name === 'an' && value !== '0') place = { align: Number(value) };
    else if (name === 'i') changed = { ...changed, italic: value === '1' };
    else if (name === 'b') changed = { ...changed, bold: value === '1' };
    else if (name === 'u') changed = { ...changed, underline: value === '1' };
    else lost = true;
  }
  return { style: changed, place, lost };
}

/** Text with tags. What would be read as a tag but is text is escaped; other `<` and `&` stay, as players show them. */
export function writeSrtText(cue: Pick<Cue, 'text' | 'spans' | 'place'>): string {
  const place = cue.place && cue.place.align !== 2 ? `{\\an${cue.place.align}}` : '';
  const body = runsOf(cue)
    .map((run) => wrapped(escapeText(cue.text.slice(run.from, run.to)), run.style))
    .join('');
  return place + body;
}

function escapeText(text: string): string {
  let out = '';
  for (const token of tokens(text, KNOWN, false)) {
    if (token.kind === 'text') out += escapePlain(token.text);
    else out += `&lt;${escapePlain(token.text.slice(1))}`;
  }
  return out;
}

/** `{\` is escaped even when nothing closes it here: a brace may follow beyond a tag. */
function escapePlain(text: string): string {
  const references = hasEntities(text) ? text.replaceAll('&', '&amp;') : text;
  return references.replaceAll(/\[(?=br\])/gi, '&#91;').replaceAll(/\{(?=\\)/g, '&#123;');
}

function wrapped(text: string, style: RunStyle): string {
  let out = text;
  if (style.underline) out = `<u>${out}</u>`;
  if (style.italic) out = `<i>${out}</i>`;
  if (style.bold) out = `<b>${out}</b>`;
  if (style.colour !== PLAIN.colour) out = `<font color="${style.colour}">${out}</font>`;
  return out;
}
