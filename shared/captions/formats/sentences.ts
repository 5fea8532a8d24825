/** Format warnings in the person's language. */
import { messageFor } from '../../i18n/index.ts';
import type { FormatWarning } from './types.ts';

export function warningSentence({ code, count, first, detail }: FormatWarning): string {
  return messageFor(`captions_format_${code}`, { count, first, detail: detail ?? '' });
}
