/** A tag's name in the person's language. */
import type { TagEvent } from '../../shared/events.ts';
import { getLocale } from '../../shared/i18n/index.ts';
import { tagName } from '../../shared/labels.ts';

export function labelName(tag: TagEvent): string {
  return tagName(tag.source, tag.label, getLocale());
}
