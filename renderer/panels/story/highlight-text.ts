/** Words for what speaks for a moment. */
import { m, messageFor } from '../../../shared/i18n/index.ts';
import type { HighlightMoment, HighlightSignal } from '../../../shared/understanding/types.ts';
import { formatPercent } from '../../ui/format.ts';

type Reasons = readonly { readonly signal: HighlightSignal }[];

/** "Laughter 92%, Faces 40%": each signal that counts with how high this moment ranks by it; what adds most comes first. */
export function reasonsText(moment: HighlightMoment, reasons: Reasons): string {
  if (reasons.length === 0) return m.highlights_no_reason();
  return reasons.map(({ signal }) => m.highlights_reason({ signal: messageFor(`highlights_signal_${signal}`), percent: formatPercent(moment.signals[signal]) })).join(m.highlights_separator());
}

/** The names of the signals that add most: what a row has room for. */
export function bestReasons(reasons: Reasons, most: number): string {
  return reasons.slice(0, most).map(({ signal }) => messageFor(`highlights_signal_${signal}`)).join(m.highlights_separator());
}
