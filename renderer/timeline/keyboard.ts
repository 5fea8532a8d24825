/** Keys of the focused lane as intents. Pure, so that the help page and the tests can ask it. */
export type Lane = 'ruler' | 'shots' | 'captions' | 'clips';

export type Intent =
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'fit' }
  | { readonly do: 'page'; readonly by: -1 | 1 }
  | { readonly do: 'step'; readonly frames: -1 | 1 }
  | { readonly do: 'second'; readonly by: -1 | 1 }
  | { readonly do: 'end'; readonly which: -1 | 1 }
  | { readonly do: 'pick'; readonly by: -1 | 1 | 'first' | 'last'; readonly extend: boolean }
  | { readonly do: 'add' }
  | { readonly do: 'move'; readonly by: -1 | 1 }
  /** Times of a cue, by frames; `edge`: only its end. */
  | { readonly do: 'retime'; readonly by: -1 | 1; readonly edge: boolean }
  | { readonly do: 'remove' }
  | { readonly do: 'open' };

export interface Keys {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly commandKey: boolean;
}

const KEY_ZOOM = 1.5;

/** Null for keys the lane has no use for: they go on to the window's own shortcuts. */
export function intentOf(lane: Lane, keys: Keys): Intent | null {
  const common = keys.commandKey || keys.altKey ? null : commonIntent(keys);
  if (common) return common;
  switch (lane) {
    case 'ruler':
      return rulerIntent(keys);
    case 'shots':
      return shotsIntent(keys);
    case 'captions':
      return captionsIntent(keys);
    case 'clips':
      return clipsIntent(keys);
  }
}

const directionOf = (key: string): -1 | 1 | null => (key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : null);

function commonIntent({ key }: Keys): Intent | null {
  switch (key) {
    case '+':
    case '=':
      return { do: 'zoom', factor: 1 / KEY_ZOOM };
    case '-':
    case '_':
      return { do: 'zoom', factor: KEY_ZOOM };
    case '0':
      return { do: 'fit' };
    case 'PageUp':
      return { do: 'page', by: -1 };
    case 'PageDown':
      return { do: 'page', by: 1 };
    default:
      return null;
  }
}

function rulerIntent({ key, shiftKey, altKey, commandKey }: Keys): Intent | null {
  if (altKey || commandKey) return null;
  const by = directionOf(key);
  if (by) return shiftKey ? { do: 'second', by } : { do: 'step', frames: by };
  if (key === 'Home') return { do: 'end', which: -1 };
  if (key === 'End') return { do: 'end', which: 1 };
  return null;
}

function shotsIntent({ key, shiftKey, altKey, commandKey }: Keys): Intent | null {
  if (altKey || commandKey) return null;
  const by = directionOf(key) ?? (key === 'Home' ? 'first' : key === 'End' ? 'last' : null);
  if (by) return { do: 'pick', by, extend: shiftKey };
  return key === 'Enter' ? { do: 'add' } : null;
}

function captionsIntent(keys: Keys): Intent | null {
  const by = directionOf(keys.key);
  if (by && keys.altKey && !keys.commandKey) return { do: 'retime', by, edge: keys.shiftKey };
  return keys.altKey ? null : clipsIntent(keys);
}

function clipsIntent({ key, shiftKey, altKey, commandKey }: Keys): Intent | null {
  const by = directionOf(key);
  if (by && altKey && !shiftKey && !commandKey) return { do: 'move', by };
  if (altKey || commandKey) return null;
  if (by) return { do: 'pick', by, extend: shiftKey };
  if (key === 'Home' || key === 'End') return { do: 'pick', by: key === 'Home' ? 'first' : 'last', extend: shiftKey };
  if (key === 'Delete' || key === 'Backspace') return { do: 'remove' };
  return key === 'Enter' ? { do: 'open' } : null;
}
