import { isCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Bridge, TARGET_KINDS } from '../../shared/ipc/app.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { add } from '../../shared/time.ts';
import { youtubeFindings } from '../../shared/understanding/chapters/formats.ts';
import type { Chapter, ChapterFormat } from '../../shared/understanding/types.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Containers that hold chapters and can stay as they are; a copy of anything else is Matroska, which takes every codec. */
const WITH_CHAPTERS = new Set(['mp4', 'm4v', 'mov', 'm4a', 'mkv', 'mka']);
const CHAPTER_EXTENSIONS: Record<Exclude<ChapterFormat, 'media'>, string> = { youtube: 'txt', vtt: 'vtt', json: 'json' };

/** Summaries and chapters as files: asks where to, writes, and tells where they are. */
export class StoryFiles {
  readonly #engine: EngineClient;
  readonly #bridge: Bridge;
  readonly #jobs: Jobs;
  readonly #toasts: Toasts;

  constructor(engine: EngineClient, bridge: Bridge, jobs: Jobs, toasts: Toasts) {
    this.#engine = engine;
    this.#bridge = bridge;
    this.#jobs = jobs;
    this.#toasts = toasts;
  }

  /** A text as a file beside the person's other exports. */
  async saveText(media: Media, text: string, extension: 'txt' | 'md'): Promise<void> {
    await this.#save(media, 'text', m.story_file_summary({ name: stemOf(media) }), extension, (grant) => this.#engine.start('exportText', { text, grant }));
  }

  /** The chapters in one of the text forms, or a copy of the media that has them. */
  async saveChapters(media: Media, chapters: readonly Chapter[], format: ChapterFormat): Promise<void> {
    if (chapters.length === 0) return;
    const start = (grant: string): Job<ExportEvent> => this.#engine.start('exportChapters', { media: media.id, chapters: [...chapters], format, grant });
    if (format === 'media') await this.#save(media, 'clip', m.story_file_with_chapters({ name: stemOf(media) }), containerOf(media), start);
    else {
      const written = await this.#save(media, 'chapters', m.story_file_chapters({ name: stemOf(media) }), CHAPTER_EXTENSIONS[format], start);
      if (written && format === 'youtube') this.#tellYoutube(media, chapters);
    }
  }

  /** What YouTube won't show as it is here. */
  #tellYoutube(media: Media, chapters: readonly Chapter[]): void {
    const { merged, shown } = youtubeFindings(chapters, { end: media.duration === null ? null : add(media.startTime, media.duration) });
    if (merged.length > 0) this.#toasts.show('info', m.story_youtube_merged({ n: merged.length, titles: merged.join(', ') }));
    if (!shown) this.#toasts.show('warning', m.story_youtube_few());
  }

  /** True when the file is written. */
  async #save(media: Media, kind: (typeof TARGET_KINDS)[number], name: string, extension: string, start: (grant: string) => Job<ExportEvent>): Promise<boolean> {
    try {
      const target = await this.#bridge.invoke('target', { kind, media: media.id, name: name.slice(0, 180), extension, ask: true });
      if (!target) return false;
      let written: string | null = null;
      const end = await this.#jobs.follow('export', media.name, start(target.grant), (events) => {
        for (const event of events) if (event.type === 'file') written = event.path;
      });
      if (end !== 'done') return false;
      const reveal = (): void => void this.#bridge.invoke('reveal', { grant: target.grant }).catch((error: unknown) => this.#toasts.error(error));
      this.#toasts.show('done', m.story_saved({ name: fileName(written ?? target.path) }), { action: { label: m.story_reveal(), run: reveal } });
      return true;
    } catch (error) {
      if (!isCancelled(error)) this.#toasts.error(error);
      return false;
    }
  }
}

const stemOf = (media: Media): string => media.name.replace(/\.[^.]+$/, '');
const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

function containerOf(media: Media): string {
  const own = /\.([a-z0-9]+)$/i.exec(media.name)?.[1]?.toLowerCase() ?? '';
  return WITH_CHAPTERS.has(own) ? own : media.video ? 'mkv' : 'mka';
}
