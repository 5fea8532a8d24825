import { ExpectedError, isCancelled } from '../../shared/errors.ts';
import type { Clip } from '../../shared/edit.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import { effectOf, painting } from '../../shared/style/effect.ts';
import { PAINTINGS, type GalleryEvent, type Style, type StylePicture, type StylePreviewEvent } from '../../shared/style/types.ts';
import { flicks, frameDuration, fromSeconds, type Flicks } from '../../shared/time.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { nominalRate } from './media-range.ts';
import { tileKey } from './style-effect.ts';

/** What is known of one tile. Neither a picture nor a failure: it is still being made. */
export interface Tile {
  readonly url: string | null;
  /** Faces found, of a face style. */
  readonly faces: number | null;
  /** Code of what went wrong. */
  readonly failed: string | null;
}

/** Every style on one frame of a media. */
export class GalleryRun {
  readonly media: string;
  readonly time: Flicks;
  status = $state<'running' | 'done' | 'stopped' | 'failed'>('running');
  error = $state.raw<unknown>(null);
  progress = $state.raw<ProgressEvent | null>(null);
  /** The frame as it is; null until it is there. */
  original = $state<string | null>(null);
  tiles = $state.raw<ReadonlyMap<string, Tile>>(new Map());
  job = $state.raw<Job<GalleryEvent> | null>(null);

  /** Of a picture that came later. */
  pictureJob = $state.raw<Job<StylePreviewEvent> | null>(null);

  constructor(media: string, time: Flicks) {
    this.media = media;
    this.time = time;
  }

  apply(events: readonly GalleryEvent[]): void {
    const tiles = new Map(this.tiles);
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'tile':
          put(tiles, event.tile.style, { url: pictureUrl(event.tile.jpeg), faces: event.tile.faces, failed: null });
          break;
        case 'failed':
          put(tiles, event.style, { url: null, faces: null, failed: event.code });
          break;
      }
    }
    this.tiles = tiles;
  }

  /** Frees the pictures. */
  dispose(): void {
    this.job?.cancel();
    this.pictureJob?.cancel();
    if (this.original !== null) URL.revokeObjectURL(this.original);
    this.original = null;
    for (const { url } of this.tiles.values()) if (url !== null) URL.revokeObjectURL(url);
    this.tiles = new Map();
  }
}

function put(tiles: Map<string, Tile>, style: Style, tile: Tile): void {
  const key = tileKey(style);
  if (key === null) return;
  const old = tiles.get(key)?.url;
  if (old != null) URL.revokeObjectURL(old);
  tiles.set(key, tile);
}

export const pictureUrl = (jpeg: Uint8Array): string => URL.createObjectURL(new Blob([jpeg.slice()], { type: 'image/jpeg' }));

/** Galleries kept, so that going from clip to clip and back costs nothing. */
const KEPT = 6;
/** Height of the tiles' pictures in pixels: what two columns of a wide dock show on a dense screen. */
const TILE_HEIGHT = 180;

/** Styles of the pack that have a tile: those of GANs, in the order shown, and the painter's paintings. */
export const GAN_STYLES: readonly Style[] = [{ id: 'vintage' }, { id: 'face-sketch' }, { id: 'face-ink' }, { id: 'face-oil' }, { id: 'enhance' }];
export const PAINTING_STYLES: readonly Style[] = Array.from({ length: PAINTINGS }, (_, index) => painting(index));

/** The gallery of the clip whose style is set. Made while it is looked at; what came stays for the next look. */
export class StyleGallery {
  run = $state.raw<GalleryRun | null>(null);
  readonly #runs = new Map<string, GalleryRun>();
  /** The frame that stands for a clip, decided when its gallery is first seen: later keyframes move nothing. */
  readonly #times = new Map<string, Flicks>();
  readonly #engine: EngineClient;
  readonly #jobs: Jobs;

  constructor(engine: EngineClient, jobs: Jobs) {
    this.#engine = engine;
    this.#jobs = jobs;
  }

  /** Shows the gallery of this clip and makes what isn't there of the pack's styles, and of `pictures` with them. Returns what stops making it. */
  show(clip: Clip, entry: MediaEntry, pictures: readonly StylePicture[]): () => void {
    const time = this.timeOf(clip, entry);
    const key = `${clip.media}/${time}`;
    const run = this.#runs.get(key) ?? new GalleryRun(clip.media, time);
    this.#runs.delete(key);
    this.#runs.set(key, run);
    this.#forgetOld();
    this.run = run;
    if (run.original === null) this.#loadOriginal(run);
    const complete = [...GAN_STYLES, ...PAINTING_STYLES].every((style) => run.tiles.has(tileKey(style) ?? ''));
    // What failed stays so until the person asks for it again.
    if (!complete && run.status !== 'failed') this.#start(run, entry, pictures);
    return () => {
      run.job?.cancel();
      run.pictureJob?.cancel();
    };
  }

  /** Makes the tiles of pictures that came after the others were made, one by one: all the rest need not be made again. */
  addPictures(entry: MediaEntry, pictures: readonly StylePicture[]): void {
    const { run } = this;
    if (!run || run.job || run.pictureJob || run.status !== 'done') return;
    const picture = pictures.find(({ id }) => !run.tiles.has(`picture-${id}`));
    if (!picture) return;
    const style: Style = { id: 'picture', picture: picture.id };
    const end = flicks(run.time + frameDuration(nominalRate(entry.media)));
    const request = { media: run.media, start: run.time, end, effect: effectOf(style, run.time), picture };
    const job = this.#engine.start('stylePreview', { request, at: run.time, height: TILE_HEIGHT });
    run.pictureJob = job;
    firstFrame(job)
      .then((jpeg) => {
        if (jpeg) run.apply([{ type: 'tile', tile: { style, jpeg, faces: null } }]);
        else run.apply([{ type: 'failed', style, code: 'model_failed' }]);
      })
      .catch((error: unknown) => {
        if (!isCancelled(error)) run.apply([{ type: 'failed', style, code: error instanceof ExpectedError ? error.code : 'bug' }]);
      })
      .finally(() => (run.pictureJob = null));
  }

  /** Makes again what failed or was stopped. */
  retry(entry: MediaEntry, pictures: readonly StylePicture[]): void {
    const { run } = this;
    if (!run || run.job) return;
    run.tiles = new Map([...run.tiles].filter(([, tile]) => tile.failed === null));
    this.#start(run, entry, pictures);
  }

  /** Time of the frame that stands for the clip: its best shot's keyframe, else its middle. */
  timeOf(clip: Clip, { analysis }: MediaEntry): Flicks {
    const key = `${clip.media}/${clip.start}/${clip.end}`;
    const known = this.#times.get(key);
    if (known !== undefined) return known;
    const within = analysis.keyframes.filter(({ time }) => time >= clip.start && time < clip.end);
    const rank = Math.min(...within.map((keyframe) => keyframe.rank));
    const time = within.find((keyframe) => keyframe.rank === rank)?.time ?? flicks(Math.floor((clip.start + clip.end) / 2));
    this.#times.set(key, time);
    return time;
  }

  #loadOriginal(run: GalleryRun): void {
    this.#engine.call('thumbnails', { media: run.media, start: run.time, step: fromSeconds(1), count: 1, height: TILE_HEIGHT, exact: true }).then(
      ([jpeg]) => {
        if (jpeg && run.original === null) run.original = pictureUrl(jpeg);
      },
      // What is wrong with the file is told by its analysis.
      (error: unknown) => console.warn(error),
    );
  }

  #start(run: GalleryRun, entry: MediaEntry, pictures: readonly StylePicture[]): void {
    run.job?.cancel();
    const job = this.#engine.start('styleGallery', { media: run.media, time: run.time, height: TILE_HEIGHT, pictures: [...pictures] });
    Object.assign(run, { job, status: 'running', error: null });
    const own = (): boolean => run.job === job;
    this.#jobs
      .follow('styles', entry.media.name, job, (events) => {
        if (own()) run.apply(events);
      })
      .then((end) => {
        if (own()) run.status = end === 'done' ? 'done' : 'stopped';
      })
      .catch((error: unknown) => {
        if (!own()) return;
        run.status = isCancelled(error) ? 'stopped' : 'failed';
        run.error = error;
      })
      .finally(() => {
        if (own()) Object.assign(run, { job: null, progress: null });
      });
  }

  #forgetOld(): void {
    for (const [key, run] of this.#runs) {
      if (this.#runs.size <= KEPT) return;
      run.dispose();
      this.#runs.delete(key);
    }
  }
}

/** The first frame of a preview; the rest is not waited for. Null when it ends without one. */
async function firstFrame(job: Job<StylePreviewEvent>): Promise<Extract<StylePreviewEvent, { type: 'frame' }>['jpeg'] | null> {
  for await (const events of job) {
    const frame = events.find((event) => event.type === 'frame');
    if (!frame) continue;
    job.cancel();
    return frame.jpeg;
  }
  return null;
}
