/** How ASS writes colours and text. */

/** Keeps a backslash of the text from beginning a tag; not seen. */
export const JOINER = '\u2060';

/** Of a style, from #rrggbb: &HAABBGGRR; alpha 0 is opaque. */
export function styleColour(colour: string, opacity: number): string {
  const alpha = Math.round((1 - opacity) * 255).toString(16).padStart(2, '0');
  return `&H${alpha}${blueFirst(colour)}`.toUpperCase();
}

/** Of an override tag, from #rrggbb: &HBBGGRR&. */
export function overrideColour(colour: string): string {
  return `&H${blueFirst(colour)}&`.toUpperCase();
}

function blueFirst(colour: string): string {
  return `${colour.slice(5, 7)}${colour.slice(3, 5)}${colour.slice(1, 3)}`;
}

/** Braces are override blocks and backslashes begin tags: both are written so that they are only seen. */
export function escapeText(text: string): string {
  return text
    .replaceAll('\\', `\\${JOINER}`)
    .replaceAll('{', '\\{')
    .replaceAll('}', '\\}')
    .replaceAll('\u00a0', '\\h')
    .replace(/\r\n?|\n/g, '\\N');
}
