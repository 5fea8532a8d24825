import type { WarningEvent } from '../../../shared/events.ts';
import { messageFor } from '../../../shared/i18n/index.ts';

/** What a warning says to a person: the catalogue's sentence for its code. */
export function warningText(warning: WarningEvent): string {
  return messageFor(`panels_warning_${warning.code}`, warning.params);
}
