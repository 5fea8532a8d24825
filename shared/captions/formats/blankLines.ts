import type { Warnings } from './warnings.ts';

/** Lines of a cue as one text. Blank lines at its ends are nothing; one within it is damage that other readers would end the cue at. */
export function withoutBlankLines(lines: readonly string[], line: number, warnings: Warnings): string {
  const whole = lines.join('\n').trim();
  const kept = whole.split('\n').filter((text) => text.trim() !== '');
  const text = kept.join('\n');
  if (text.length !== whole.length) warnings.add('blank_line_lost', line);
  return text;
}
