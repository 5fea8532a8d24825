/** Colours and faces of the canvas, read from the window's tokens; the values here stand in where a token is missing. */
const FALLBACK = {
  ground: ['--ground', '#101113'],
  panel: ['--panel', '#17181b'],
  raised: ['--raised', '#1f2024'],
  hover: ['--hover', '#25272b'],
  border: ['--border', '#2a2c31'],
  borderStrong: ['--border-strong', '#3a3d44'],
  muted: ['--n9', '#676b75'],
  secondary: ['--text-secondary', '#9a9ea8'],
  strong: ['--n11', '#c3c6cc'],
  text: ['--text', '#e7e8ea'],
  accent: ['--accent', '#e8a33d'],
  accentQuiet: ['--accent-quiet', '#3b2d17'],
  accentText: ['--accent-text', '#efb35c'],
  onAccent: ['--on-accent', '#1c1304'],
  cut: ['--cut', '#e7e8ea'],
  dissolve: ['--dissolve', '#56b4e9'],
  fade: ['--fade', '#8fa8d8'],
  keyframe: ['--keyframe', '#e8a33d'],
  speech: ['--speech', '#4fc2a0'],
  warning: ['--warning', '#f0d264'],
  error: ['--error', '#f0806c'],
  pictureGround: ['--picture-ground', '#08090a'],
} as const;
/** As the transcript colours them. */
const SPEAKERS = [
  ['--accent-text', '#efb35c'],
  ['--dissolve', '#56b4e9'],
  ['--speech', '#4fc2a0'],
  ['--music', '#c79bd8'],
  ['--fade', '#8fa8d8'],
] as const;

export type ColourName = keyof typeof FALLBACK;

export interface Look {
  readonly colours: Readonly<Record<ColourName, string>>;
  /** Colours of speakers in turn. */
  readonly speakers: readonly string[];
  /** CSS `font` values. */
  readonly small: string;
  readonly smallStrong: string;
  readonly mono: string;
}

export function readLook(element: Element): Look {
  const style = getComputedStyle(element);
  const token = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const colours = Object.fromEntries(Object.entries(FALLBACK).map(([key, [name, value]]) => [key, token(name, value)])) as Record<ColourName, string>;
  const face = token('--face', 'system-ui, sans-serif');
  const speakers = SPEAKERS.map(([name, value]) => token(name, value));
  return { colours, speakers, small: `11px ${face}`, smallStrong: `600 11px ${face}`, mono: `11px ${token('--face-mono', 'monospace')}` };
}

/** Calls back when the theme changes: the root's attributes, or what the system prefers. */
export function watchLook(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    query.removeEventListener('change', changed);
  };
}
