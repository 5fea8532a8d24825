/** Changes of a media's chapters and of how its understanding is set. Each gives a new record and leaves the one given as it is. */
import { checkName, isId } from './editClips.ts';
import { EditError } from './editError.ts';
import type { Edit, UnderstandingChange } from './editSchemas.ts';
import type { MediaId } from './media.ts';
import { DEFAULT_UNDERSTANDING, understandingSettingsSchema, type Chapter, type UnderstandingSettings } from './understanding/types.ts';

/**
 * The media's chapters become these; null takes its list away, so that those that are computed count again. Throws EditError for a repeated
 * or impossible id, a title over 200 characters, and starts that are missing, out of order or at one moment.
 */
export function setChapters(all: Edit['chapters'], media: MediaId, chapters: readonly Chapter[] | null): Edit['chapters'] {
  if (chapters === null) return Object.fromEntries(Object.entries(all).filter(([id]) => id !== media));
  checkChapters(chapters);
  return { ...all, [media]: [...chapters] };
}

/** Throws EditError where a media's chapters break a rule that every command keeps. */
export function assertChapters(all: Edit['chapters']): void {
  for (const chapters of Object.values(all)) checkChapters(chapters);
}

function checkChapters(chapters: readonly Chapter[]): void {
  const ids = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  chapters.forEach(({ id, title, start }, position) => {
    if (!isId(id)) throw new EditError('unknown_chapter', { id });
    if (ids.has(id)) throw new EditError('duplicate_chapter', { id });
    ids.add(id);
    checkName(id, title);
    if (start === null || start <= last) throw new EditError('position_invalid', { id, position });
    last = start;
  });
}

/** The settings after `changes`, in order; what was never set is as it is by default. The record given when there are none. */
export function setUnderstanding(all: Edit['understanding'], changes: readonly UnderstandingChange[]): Edit['understanding'] {
  if (changes.length === 0) return all;
  const next = { ...all };
  for (const { media, change } of changes) next[media] = changed(next[media] ?? DEFAULT_UNDERSTANDING, change);
  return next;
}

/** A field that is named without a value does not change. */
function changed(before: UnderstandingSettings, change: UnderstandingChange['change']): UnderstandingSettings {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  return understandingSettingsSchema.parse({ ...before, ...Object.fromEntries(named) });
}
