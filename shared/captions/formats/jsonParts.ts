/** The values of a JSON text: a whole document, lines of them, or what is left of a document that was cut short. */
import type { Warnings } from './warnings.ts';

export interface JsonPart {
  value: unknown;
  /** Line it begins on, counted from 1. */
  line: number;
}

export function parseJsonParts(text: string, warnings: Warnings): JsonPart[] {
  const whole = parse(text);
  if (whole !== undefined) return [{ value: whole, line: 1 }];
  const lines = text.split('\n');
  const parts: JsonPart[] = [];
  const failed: number[] = [];
  for (const [index, line] of lines.entries()) {
    // Lines of an array, one object each, are lines all the same.
    const trimmed = line.trim().replace(/^\[/, '').replace(/[,\]]$/, '').trim();
    if (trimmed === '') continue;
    const value = trimmed.startsWith('{') ? parse(trimmed) : undefined;
    if (value === undefined) failed.push(index + 1);
    else parts.push({ value, line: index + 1 });
  }
  if (parts.length < failed.length) {
    const mended = parse(closeOpen(text));
    if (mended !== undefined) {
      warnings.add('cut_short', lines.length);
      return [{ value: mended, line: 1 }];
    }
  }
  for (const line of failed) warnings.add('line_skipped', line);
  return parts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The text up to the last value that is complete, with the brackets closed that are open there. One pass. */
function closeOpen(text: string): string {
  const open: string[] = [];
  let best = { at: 0, closers: '' };
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') {
      if (open.pop() !== character) break;
      // Deep nesting is no subtitle file; without a bound the closers would be copied again and again.
      if (open.length < 16) best = { at: at + 1, closers: open.toReversed().join('') };
    }
  }
  return text.slice(0, best.at) + best.closers;
}
