/** Styles of TTML (TTML2, section 10): what applies to an element, and the app's look of it. */
import { captionStyleSchema, DEFAULT_CAPTION_STYLE, type CaptionStyle } from '../types.ts';
import { readColour } from './colours.ts';
import type { RunStyle } from './styled.ts';
import { elements, type XmlNode } from './ttmlXml.ts';

/** tts:… attributes that apply. */
export type Styles = Readonly<Record<string, string>>;

const INHERITED = ['tts:fontStyle', 'tts:fontWeight', 'tts:textDecoration', 'tts:color', 'tts:textAlign', 'tts:fontFamily', 'tts:fontSize', 'tts:textOutline', 'tts:backgroundColor'];

export class StyleSheet {
  readonly #byId = new Map<string, XmlNode>();
  readonly #initial: Styles;
  readonly #inherited = new WeakMap<Styles, Styles>();

  constructor(head: XmlNode | undefined) {
    const initial = head ? [...elements(head, 'initial')].map((node) => node.attributes) : [];
    this.#initial = Object.assign({}, ...initial) as Styles;
    if (head) for (const node of elements(head, 'style')) if (node.attributes['xml:id'] !== undefined) this.#byId.set(node.attributes['xml:id'], node);
  }

  get initial(): Styles {
    return this.#initial;
  }

  /** What an element has given what is around it: inherited, then referred to, then its own. */
  of(node: XmlNode, around: Styles): Styles {
    const inherited = this.#inheritedOf(around);
    if (!hasStyles(node)) return inherited;
    const styles: Record<string, string> = { ...inherited };
    Object.assign(styles, this.#referred(node.attributes.style, 0));
    // A region holds its styles as children as well.
    for (const child of node.children) if (child.name === 'style' && child.attributes['xml:id'] === undefined) Object.assign(styles, ttsOf(child));
    return Object.assign(styles, ttsOf(node));
  }

  /** One object for all that are in the same element: most paragraphs say nothing of their own. */
  #inheritedOf(around: Styles): Styles {
    const known = this.#inherited.get(around);
    if (known) return known;
    const styles = Object.fromEntries(INHERITED.flatMap((name) => (around[name] === undefined ? [] : [[name, around[name]]])));
    this.#inherited.set(around, styles);
    return styles;
  }

  #referred(ids: string | undefined, depth: number): Styles {
    if (ids === undefined || depth > 8) return {};
    const styles: Record<string, string> = {};
    for (const id of ids.split(/\s+/).slice(0, 20)) {
      const node = this.#byId.get(id);
      if (node) Object.assign(styles, this.#referred(node.attributes.style, depth + 1), ttsOf(node));
    }
    return styles;
  }
}

function hasStyles(node: XmlNode): boolean {
  for (const name in node.attributes) if (name === 'style' || name.startsWith('tts:')) return true;
  return node.children.some((child) => child.name === 'style');
}

function ttsOf(node: XmlNode): Styles {
  return Object.fromEntries(Object.entries(node.attributes).filter(([name]) => name.startsWith('tts:')));
}

const isItalic = (styles: Styles): boolean => /^(italic|oblique)$/.test(styles['tts:fontStyle'] ?? '');
const isBold = (styles: Styles): boolean => styles['tts:fontWeight'] === 'bold';
const isUnderlined = (styles: Styles): boolean => /(^|\s)underline(\s|$)/.test(styles['tts:textDecoration'] ?? '');
const colourOf = (styles: Styles): string => readColour(styles['tts:color'] ?? '') ?? '#ffffff';

/** What styles do to text beyond the track's. */
export function runStyleOf(styles: Styles, base: Styles): RunStyle {
  const colour = colourOf(styles);
  return {
    italic: isItalic(styles) && !isItalic(base),
    bold: isBold(styles) && !isBold(base),
    underline: isUnderlined(styles) && !isUnderlined(base),
    colour: colour === colourOf(base) ? null : colour,
  };
}

/** The app's look of text with these styles. Sizes in cells, percent of them, or of the root's height (rh); 15 rows unless the file says otherwise. */
export function lookOfStyles(styles: Styles, rows: number): CaptionStyle {
  const [, family = ''] = /^\s*["']?([^,"']{1,100})/.exec(styles['tts:fontFamily'] ?? '') ?? [];
  const named = family.trim() !== '' && !/^(default|monospace|sansSerif|serif|proportional\w*|monospace\w*)$/.test(family.trim());
  const outline = /^\s*(\S{1,40})\s+([\d.]{1,10}(?:rh|%|c|px|em))/.exec(styles['tts:textOutline'] ?? '');
  const size = heightOf(styles['tts:fontSize']?.split(/\s+/).at(-1), rows, 100 / rows);
  const background = styles['tts:backgroundColor'] ?? 'transparent';
  const boxColour = background === 'transparent' ? null : readColour(background);
  const look: CaptionStyle = {
    ...DEFAULT_CAPTION_STYLE,
    ...(named ? { font: family.trim() } : {}),
    ...(size === null ? {} : { size: Math.max(1, Math.min(30, size)) }),
    bold: isBold(styles),
    italic: isItalic(styles),
    colour: colourOf(styles),
    ...(outline ? { outlineColour: readColour(outline[1] ?? '') ?? '#000000', outline: Math.max(0, Math.min(5, heightOf(outline[2], rows, size ?? 5) ?? 0.3)) } : {}),
    ...(boxColour === null ? {} : { box: true, boxColour, boxOpacity: opacityOf(background) }),
  };
  const parsed = captionStyleSchema.safeParse(look);
  return parsed.success ? parsed.data : DEFAULT_CAPTION_STYLE;
}

/** A length as percent of the picture's height; null for pixels and nonsense. */
function heightOf(length: string | undefined, rows: number, em: number): number | null {
  const [, digits, unit] = /^([\d.]{1,10})(rh|%|c|em)$/.exec(length ?? '') ?? [];
  const value = Number(digits);
  if (digits === undefined || !Number.isFinite(value)) return null;
  const scale = unit === 'rh' ? 1 : unit === 'c' ? 100 / rows : em * (unit === '%' ? 0.01 : 1);
  return Number((value * scale).toFixed(3));
}

function opacityOf(colour: string): number {
  const alpha = /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})$/.exec(colour)?.[1];
  return alpha === undefined ? 1 : Number((parseInt(alpha, 16) / 255).toFixed(2));
}

/** Attributes of the style that every paragraph we write refers to. */
export function stylesOfLook(look: CaptionStyle): Record<string, string> {
  const alpha = Math.round(look.boxOpacity * 255).toString(16).padStart(2, '0');
  return {
    'tts:fontFamily': `${/[\s,]/.test(look.font) ? `"${look.font.replaceAll('"', '')}"` : look.font}, proportionalSansSerif`,
    'tts:fontSize': `${look.size}rh`,
    'tts:lineHeight': 'normal',
    ...(look.bold ? { 'tts:fontWeight': 'bold' } : {}),
    ...(look.italic ? { 'tts:fontStyle': 'italic' } : {}),
    'tts:color': look.colour,
    ...(look.box ? { 'tts:backgroundColor': `${look.boxColour}${alpha}` } : look.outline > 0 ? { 'tts:textOutline': `${look.outlineColour} ${look.outline}rh` } : {}),
  };
}
