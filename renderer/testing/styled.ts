/** A styled clip, and the state of the window that it is tried, previewed and rendered with, against a made-up engine. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { Bridge } from '../../shared/ipc/app.ts';
import type { Style } from '../../shared/style/types.ts';
import { flicks, frameDuration, fromSeconds, type Flicks } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EditState } from '../state/edit.svelte.ts';
import { Jobs } from '../state/jobs.svelte.ts';
import { MediaEntry } from '../state/media-list.svelte.ts';
import { Player } from '../state/player.svelte.ts';
import { PAUSE_MS } from '../state/style-preview.svelte.ts';
import { StyleState } from '../state/style.svelte.ts';
import { Toasts } from '../state/toasts.svelte.ts';
import { EngineEnd } from './engine-end.ts';
import { MEDIA_ID, someMedia, someShot } from './facts.ts';

export const JPEG = new Uint8Array([0xff, 0xd8]);
export const FRAME = frameDuration({ num: 25, den: 1 });
/** Time of the clip's frame of this number. */
export const at = (frame: number): Flicks => flicks(fromSeconds(10) + frame * FRAME);
/** Longer than the window waits before it asks, and than one beat of a followed job. */
export const A_WHILE = PAUSE_MS + 60;

/** Object URLs that are not freed yet, of each test alone. Call it where the tests are described. */
export function watchUrls(): Set<string> {
  const urls = new Set<string>();
  beforeEach(() => {
    urls.clear();
    let next = 0;
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      const url = `blob:${(next += 1)}`;
      urls.add(url);
      return url;
    });
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.delete(url));
  });
  afterEach(() => vi.restoreAllMocks());
  return urls;
}

/** A clip from 10 to 14 s of a film at 25 frames a second; the playhead is at its start. */
export function setUpStyled(style: Style | null = { id: 'vintage' }) {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const toasts = new Toasts();
  const jobs = new Jobs();
  const entry = new MediaEntry(someMedia(60));
  entry.analysis.apply(Array.from({ length: 20 }, (_, index) => someShot(index)));
  const find = (id: string): MediaEntry | null => (id === MEDIA_ID ? entry : null);
  const edit = new EditState(engine, toasts, (id) => find(id)?.media ?? null);
  const player = new Player(engine, toasts, { clips: () => edit.clips, find, shown: () => undefined });
  player.show(entry);
  const state = new StyleState(edit, player, {} as Bridge, toasts, { find });
  edit.insert([{ media: MEDIA_ID, start: fromSeconds(10), end: fromSeconds(14), name: 'clip' }], 0);
  player.seek(fromSeconds(10));
  if (style) state.apply(style);
  const reply = (job: string, events: unknown[], which = -1): void => end.reply({ kind: 'events', id: end.asked(job).at(which)?.id ?? -1, events });
  const finish = (job: string, which = -1): void => end.reply({ kind: 'end', id: end.asked(job).at(which)?.id ?? -1 });
  const fail = (job: string, code: string): void => end.reply({ kind: 'error', id: end.asked(job).at(-1)?.id ?? -1, error: { kind: 'expected', code, params: {} } });
  const cancelled = (): number[] => end.requests.flatMap((request) => (request.kind === 'cancel' ? [request.id] : []));
  return { engine, end, jobs, entry, edit, player, state, reply, finish, fail, cancelled };
}
