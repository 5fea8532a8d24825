import type { Violation } from '../../../shared/captions/ruleTypes.ts';
import { messageFor } from '../../../shared/i18n/index.ts';
import { getLocale } from '../../../shared/i18n/index.ts';

/** The sentence for what is wrong with a cue. Figures with one digit behind the point, where they have any. */
export function violationText({ code, value, limit }: Violation): string {
  const figure = (number: number): string => new Intl.NumberFormat(getLocale(), { maximumFractionDigits: code === 'too_short' || code === 'near_cut' ? 2 : 1 }).format(number);
  return messageFor(`captions_rule_${code}`, { value: figure(value), limit: figure(limit) });
}
