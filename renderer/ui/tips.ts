import { Tooltip } from 'bits-ui';

export interface TipContent {
  text: string;
  shortcut: string | null;
  side: 'top' | 'bottom' | 'left' | 'right';
}

/**
 * Joins every element that has a tooltip (Tip.svelte) to the one tooltip of the window (Tips.svelte). One of each element's own would be
 * remembered as the open one after its element went, and be asked where it stands at the next scrolling.
 */
export const tips = Tooltip.createTether<TipContent>();
