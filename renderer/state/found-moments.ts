/** What is done with moments that the search found: shown, laid on the lane, looked for again by how they look. */
import { m } from '../../shared/i18n/index.ts';
import type { MediaId } from '../../shared/media.ts';
import type { FoundMoment } from '../../shared/understanding/types.ts';
import type { AppState } from './app.svelte.ts';
import type { NewClip } from './edit.svelte.ts';
import type { LikeShot } from './search.svelte.ts';
import { momentClipName } from './shot-clips.ts';

/** Clips of found moments: what was said gives its name, else the shot's number. */
export function foundClips(moments: readonly FoundMoment[]): NewClip[] {
  return moments.map(({ media, mediaName, shot, start, end, kind, snippet }) => {
    return { media, start, end, name: momentClipName(mediaName, { text: kind === 'speech' ? snippet : '', start, shot }) };
  });
}

/** True when the media is open now; one that was open before is opened again. The file shown stays the one shown. */
async function openAgain(app: AppState, id: MediaId, name: string): Promise<boolean> {
  if (app.media.find(id)) return true;
  const shown = app.media.currentId;
  const recent = app.media.recent.find((entry) => entry.name === name && entry.exists);
  if (recent) await app.media.openRecent(recent.id);
  if (shown !== null) app.showMedia(shown);
  if (app.media.find(id)) return true;
  app.toasts.show('warning', m.panels_search_not_open({ name }));
  return false;
}

/** Shows a moment, opening its file first when it is not open. */
export async function showFound(app: AppState, moment: FoundMoment): Promise<void> {
  if (!(await openAgain(app, moment.media, moment.mediaName))) return;
  app.showMedia(moment.media);
  app.player.seek(moment.start);
  if (moment.shot !== null) app.shots.select(moment.shot, 'replace');
}

/** As the arrows pass a moment: shown when its file is open; Enter opens others. */
export function glanceAt(app: AppState, moment: FoundMoment | undefined): void {
  if (moment && app.media.find(moment.media)) showFound(app, moment).catch((error: unknown) => app.toasts.error(error));
}

/** Lays ranges on the lane before the clip at index `at` (`null`: behind the picked clip), after opening files that are not open. One step of undo. */
export async function layRanges(app: AppState, ranges: readonly NewClip[], at: number | null, names: ReadonlyMap<MediaId, string> = new Map()): Promise<void> {
  const usable: NewClip[] = [];
  const asked = new Map<MediaId, boolean>();
  for (const range of ranges) {
    if (!asked.has(range.media)) asked.set(range.media, await openAgain(app, range.media, names.get(range.media) ?? nameOf(app, range.media)));
    if (asked.get(range.media) === true) usable.push(range);
  }
  if (at === null) app.edit.add(usable);
  else app.edit.insert(usable, at);
}

/** The name of a media that is not open, as the search's moments tell it. */
function nameOf(app: AppState, id: MediaId): string {
  return app.search.found?.find((moment) => moment.media === id)?.mediaName ?? app.media.find(id)?.media.name ?? '';
}

/** The shot that "more like this" means now: of the list that the person last worked in, else the one under the playhead. */
export function shotToCompare(app: AppState): LikeShot | null {
  const found = app.shell.area === 'search' ? app.search.leadMoment : null;
  if (found) return found.shot === null ? null : { media: found.media, mediaName: found.mediaName, shot: found.shot };
  const entry = app.media.current;
  if (!entry) return null;
  const shot = app.shots.lead >= 0 ? app.shots.lead : entry.analysis.shotAt(app.player.time);
  return shot < 0 || shot >= entry.analysis.shots.length ? null : { media: entry.media.id, mediaName: entry.media.name, shot };
}

/** Looks for shots like the one meant, in everything unless the person chose this file alone. A file that isn't open is opened when its pictures must be examined first. */
export async function findLike(app: AppState): Promise<void> {
  const shot = shotToCompare(app);
  if (!shot) return;
  // While it is analysed its shots aren't all known: examining begins by itself at the end.
  if (app.media.find(shot.media)?.analysis.status === 'done') app.examinations.start(shot.media);
  await app.search.findLike(shot);
  app.shell.area = 'search';
  const { like, found } = app.search;
  if (like?.media === shot.media && like.shot === shot.shot && found?.length === 0 && !app.media.find(shot.media)) await examineAgain(app, shot);
}

/** Examines the pictures of a shot's file, opening it first when it is not open. */
export async function examineAgain(app: AppState, { media, mediaName }: LikeShot): Promise<void> {
  if (!(await openAgain(app, media, mediaName))) return;
  // Just opened, it is examined by itself when its analysis is there.
  if (app.media.find(media)?.analysis.status === 'done') app.examinations.start(media);
}
