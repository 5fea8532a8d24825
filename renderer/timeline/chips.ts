/** Tags as chips inside a shot's width: best first, cut short with an ellipsis, gone where there is no room. */
export interface Chip {
  /** Index into the shot's tags. */
  readonly tag: number;
  readonly x: number;
  readonly width: number;
  readonly text: string;
}

export interface ChipLayout {
  readonly chips: readonly Chip[];
  /** Tags that found no place, and where "+n" goes; null when it would not fit either or none are left. */
  readonly more: { readonly count: number; readonly x: number } | null;
}

export const CHIP_PADDING = 6;
const GAP = 4;
/** Narrower than three letters and an ellipsis says nothing. */
const NARROWEST = 38;
const MORE_WIDTH = 22;
const NONE: ChipLayout = { chips: [], more: null };

/** The longest beginning of `text` that is no wider than `width` with an ellipsis; null when less than two letters fit. */
export function elide(text: string, width: number, measure: (text: string) => number): string | null {
  if (measure(text) <= width) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (measure(`${letters.slice(0, middle).join('').trimEnd()}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? null : `${letters.slice(0, low).join('').trimEnd()}…`;
}

/** As `elide`, but leaves out the middle: for names whose end tells them apart, such as "holiday shot 12". */
export function elideMiddle(text: string, width: number, measure: (text: string) => number): string | null {
  if (measure(text) <= width) return text;
  const letters = [...text];
  const kept = (count: number): string => {
    const head = Math.floor(count / 3);
    return `${letters.slice(0, head).join('').trimEnd()}…${letters.slice(letters.length - (count - head)).join('').trimStart()}`;
  };
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (measure(kept(middle)) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? null : kept(low);
}

/** `x0` to `x1`: the room in pixels; `measure` gives the width of a text in the chips' face. */
export function layoutChips(labels: readonly string[], x0: number, x1: number, measure: (text: string) => number): ChipLayout {
  if (x1 - x0 < NARROWEST || labels.length === 0) return NONE;
  const chips: Chip[] = [];
  let x = x0;
  for (const [tag, label] of labels.entries()) {
    const room = x1 - x;
    if (room < NARROWEST) break;
    const whole = measure(label) + 2 * CHIP_PADDING;
    if (whole > room && chips.length > 0) break;
    const text = elide(label, room - 2 * CHIP_PADDING, measure);
    if (text === null) break;
    const width = Math.min(room, measure(text) + 2 * CHIP_PADDING);
    chips.push({ tag, x, width, text });
    x += width + GAP;
  }
  const count = labels.length - chips.length;
  return { chips, more: count > 0 && chips.length > 0 && x1 - x >= MORE_WIDTH ? { count, x } : null };
}
