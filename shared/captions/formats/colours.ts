/** Colours as CSS and subtitle files name them. */

/** WebVTT's default colour classes (WebVTT 1, section 5.1). */
export const VTT_COLOURS: Record<string, string> = {
  white: '#ffffff',
  lime: '#00ff00',
  cyan: '#00ffff',
  red: '#ff0000',
  yellow: '#ffff00',
  magenta: '#ff00ff',
  blue: '#0000ff',
  black: '#000000',
};

/** CSS's basic names, which TTML has too (TTML2, 10.3.8), and those that subtitles use besides. */
const NAMED: Record<string, string> = {
  ...VTT_COLOURS,
  aqua: '#00ffff',
  fuchsia: '#ff00ff',
  gray: '#808080',
  grey: '#808080',
  green: '#008000',
  maroon: '#800000',
  navy: '#000080',
  olive: '#808000',
  orange: '#ffa500',
  pink: '#ffc0cb',
  purple: '#800080',
  silver: '#c0c0c0',
  teal: '#008080',
};

const hex = (value: number): string => Math.max(0, Math.min(255, value)).toString(16).padStart(2, '0');

/** #rrggbb of a name, #rgb, #rrggbb, #rrggbbaa, rgb() or rgba(); null when it is none. Opacity is left out. */
export function readColour(text: string): string | null {
  const value = text.trim().toLowerCase();
  const named = NAMED[value];
  if (named !== undefined) return named;
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(value)?.[1];
  if (digits !== undefined) return digits.length === 3 ? `#${[...digits].map((digit) => digit + digit).join('')}` : `#${digits.slice(0, 6)}`;
  const parts = /^rgba?\(\s{0,4}(\d{1,3})\s{0,4}[,\s]\s{0,4}(\d{1,3})\s{0,4}[,\s]\s{0,4}(\d{1,3})/.exec(value);
  return parts ? `#${hex(Number(parts[1]))}${hex(Number(parts[2]))}${hex(Number(parts[3]))}` : null;
}
