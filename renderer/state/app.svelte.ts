import { getContext, setContext } from 'svelte';
import { ENGINE_PORT_MESSAGE, type AppEvent, type Bridge } from '../../shared/ipc/app.ts';
import type { Clip } from '../../shared/edit.ts';
import type { MediaId } from '../../shared/media.ts';
import type { Provider, Settings } from '../../shared/settings.ts';
import { m } from '../../shared/i18n/index.ts';
import { EngineClient } from '../bridge/engine.ts';
import { AskState } from './ask.svelte.ts';
import { ChaptersState } from './chapters.svelte.ts';
import { CaptionDesk } from './caption-desk.svelte.ts';
import { CaptionsState } from './captions.svelte.ts';
import { Appearance } from './appearance.svelte.ts';
import { EditState } from './edit.svelte.ts';
import { Examinations } from './examinations.svelte.ts';
import { exportedClips, ExportState, type ExportRange } from './export.svelte.ts';
import { foundClips, layRanges } from './found-moments.ts';
import { HighlightsState } from './highlights.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaList, type MediaEntry } from './media-list.svelte.ts';
import { Pictures } from './pictures.ts';
import { Player } from './player.svelte.ts';
import { searchFacts } from './search-facts.ts';
import { Search } from './search.svelte.ts';
import { ShotSelection } from './selection.svelte.ts';
import { Shell } from './shell.svelte.ts';
import { StyleGallery } from './style-gallery.svelte.ts';
import { StylePreview } from './style-preview.svelte.ts';
import { StyleRenders } from './style-render.svelte.ts';
import { StyleState } from './style.svelte.ts';
import { SummaryDesk } from './summary.svelte.ts';
import { StoryFiles } from './story-files.ts';
import { StoryState } from './story.svelte.ts';
import { TranscriptState } from './transcript.svelte.ts';
import { TightenState } from './tighten.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { shotRanges } from './shot-clips.ts';

/** Everything the window knows, joined. One exists; panels get it from the context. */
export class AppState {
  readonly bridge: Bridge;
  readonly engine = new EngineClient();
  readonly appearance = new Appearance();
  readonly toasts = new Toasts();
  readonly jobs = new Jobs();
  readonly shell = new Shell();
  readonly shots = new ShotSelection();
  readonly pictures = new Pictures(this.engine);
  readonly player: Player;
  readonly media: MediaList;
  readonly edit: EditState;
  readonly captions: CaptionsState;
  readonly desk: CaptionDesk;
  readonly transcript: TranscriptState;
  readonly tighten: TightenState;
  readonly search: Search;
  readonly examinations: Examinations;
  readonly highlights: HighlightsState;
  readonly story: StoryState;
  readonly summary: SummaryDesk;
  readonly chapters: ChaptersState;
  readonly asker: AskState;
  readonly storyFiles: StoryFiles;
  readonly exporter: ExportState;
  readonly style: StyleState;
  readonly styleGallery: StyleGallery;
  readonly stylePreview: StylePreview;
  readonly styleRenders: StyleRenders;
  /** What the models run on; null until it is known. */
  provider = $state<Provider | null>(null);
  #providerAsked = false;
  /** Runs a command that the native menu asked for; set by the registry. */
  onMenuCommand: (id: string) => void = () => undefined;

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    this.media = new MediaList(bridge, this.engine, this.jobs, this.toasts);
    this.media.onProject = (name) => {
      this.loadProject(name).catch((error: unknown) => this.toasts.error(error));
    };
    this.edit = new EditState(this.engine, this.toasts, (id) => this.media.find(id)?.media ?? null);
    this.player = new Player(this.engine, this.toasts, {
      clips: () => this.edit.clips,
      find: (id) => this.media.find(id),
      shown: (id) => this.#playerShows(id),
    });
    this.captions = new CaptionsState(this.engine, bridge, this.jobs, this.toasts, this.edit, {
      entry: () => this.media.current,
      find: (id) => this.media.find(id),
    });
    this.desk = new CaptionDesk(this.captions, this.player);
    this.transcript = new TranscriptState(this.captions, this.edit, this.player, { entry: () => this.media.current });
    this.tighten = new TightenState(this.engine, this.captions, this.edit, this.player, this.toasts, {
      entry: () => this.media.current,
      settings: () => this.appearance.settings.tighten,
      save: (tighten) => void this.saveSettings({ tighten }),
      shown: () => this.shell.left === 'transcript' && this.transcript.mode === 'tighten',
    });
    this.story = new StoryState(this.engine, this.jobs, this.edit, {
      entry: () => this.media.current,
      entries: () => this.media.entries,
      transcribing: (id) => this.captions.isTranscribing(id),
    });
    this.story.onIndexed = () => this.search.refreshSoon();
    this.summary = new SummaryDesk(this.story, this.edit, this.player, () => this.media.currentId);
    this.chapters = new ChaptersState(this.story, this.edit, this.player, () => this.media.currentId);
    this.asker = new AskState(this.engine, this.story, () => this.media.currentId);
    this.storyFiles = new StoryFiles(this.engine, bridge, this.jobs, this.toasts);
    this.media.onAnalysed = (id) => {
      this.captions.snap(id);
      this.examinations.start(id);
    };
    this.media.onCaptions = (captions) => this.captions.take(captions);
    this.search = new Search(this.engine, searchFacts(this));
    this.examinations = new Examinations(this.engine, this.jobs, this.toasts, (id) => this.media.find(id));
    this.examinations.onProgress = () => this.search.refreshSoon();
    this.highlights = new HighlightsState(this.engine, this.jobs, this.edit, {
      entry: () => this.media.current,
      talk: () => this.story,
    });
    const find = (id: MediaId): MediaEntry | null => this.media.find(id);
    this.style = new StyleState(this.edit, this.player, bridge, this.toasts, { find });
    this.styleGallery = new StyleGallery(this.engine, this.jobs);
    this.stylePreview = new StylePreview(this.engine, this.edit, this.player, this.style);
    this.styleRenders = new StyleRenders(this.engine, this.jobs, this.style, { find });
    this.exporter = new ExportState(this.engine, bridge, this.jobs, this.toasts, {
      media: () => this.media.current?.media ?? null,
      clips: () => exportedClips(this.edit.edit),
      shots: () => this.pickedShotRanges(),
      mediaOf: (id) => this.media.find(id)?.media ?? null,
      captions: () => this.edit.captions,
      chaptersOf: (media) => this.chapters.of(media),
    });
  }

  /** Connects to the app and the engine, brings back the project, and opens the files given at the start. */
  async start(): Promise<void> {
    this.engine.onConnect((again) => {
      this.shell.engine = 'ready';
      if (again) this.#engineRestarted().catch((error: unknown) => this.toasts.error(error));
    });
    window.addEventListener('message', (event) => {
      const port = event.ports[0];
      if (event.source === window && event.data === ENGINE_PORT_MESSAGE && port) this.engine.connect(port);
    });
    this.bridge.onEvent((event) => this.#appEvent(event));
    this.bridge.connectEngine();
    const [settings, environment] = await Promise.all([this.bridge.invoke('settings', {}), this.bridge.invoke('environment', {})]);
    this.appearance.settings = settings;
    this.appearance.environment = environment;
    this.appearance.loaded = true;
    await this.media.loadRecent();
    await Promise.all([this.loadProject(), this.media.openStartFiles()]);
  }

  /** Shows the project that the engine holds: the one that was open when Rushes last ended, or the one just opened, with its name. */
  async loadProject(name?: string): Promise<void> {
    const { edit, media, recovered } = await this.engine.call('projectLoad', {});
    this.edit.load(edit);
    if (name !== undefined) this.edit.projectName = name;
    for (const each of media) this.media.add(each);
    if (this.media.currentId === null && media[0]) this.media.select(media[0].id);
    if (recovered && edit.clips.length > 0) this.toasts.show('info', m.panels_project_recovered({ n: edit.clips.length }));
    else if (recovered && edit.captions.length > 0) this.toasts.show('info', m.panels_project_recovered_captions());
  }

  /** Asks once what the models run on. Called when an analysis is done: the answer costs the engine some work. */
  async loadProvider(): Promise<void> {
    if (this.#providerAsked) return;
    this.#providerAsked = true;
    const report = await this.engine.call('doctor', {});
    this.provider = report.models.find((model) => model.runsOn !== null && model.runsOn !== 'cpu')?.runsOn ?? 'cpu';
  }

  async saveSettings(change: Partial<Settings>): Promise<void> {
    try {
      this.appearance.settings = await this.bridge.invoke('setSettings', change);
    } catch (error) {
      this.toasts.error(error);
    }
  }

  /** Picks a shot of the current media, and shows it. */
  selectShot(index: number, how: 'replace' | 'toggle' | 'extend', seek = true): void {
    const item = this.media.current?.analysis.shots[index];
    if (!item) return;
    this.shots.select(index, how);
    this.shell.area = 'shots';
    if (seek) this.player.seek(item.shot.start);
  }

  /** Adds what is picked in the list that the person last worked in (moments of the search, highlights), else the picked shots or the one shown. */
  async addPicked(where: 'behind' | 'end' = 'behind'): Promise<void> {
    await layRanges(this, this.#picked(), where === 'end' ? this.edit.clips.length : null);
  }

  #picked(): ExportRange[] {
    const { area } = this.shell;
    if (area === 'search' && this.search.picked.size > 0) return foundClips(this.search.pickedMoments);
    if (area === 'highlights' && this.highlights.picked.size > 0) return this.highlights.pickedRanges;
    const ranges = this.pickedShotRanges();
    return ranges.length > 0 ? ranges : this.#shotRange(this.media.current?.analysis.shotAt(this.player.time) ?? -1);
  }

  /** Adds the range between the in and out points; the one that is not set is the file's end. */
  addMarkedRange(): void {
    const { media, markIn, markOut, range } = this.player;
    if (!media) return;
    const name = media.name.replace(/\.[^.]+$/, '');
    this.edit.add([{ media: media.id, start: markIn ?? range.start, end: markOut ?? range.end, name }]);
  }

  get canAdd(): boolean {
    const { area } = this.shell;
    if (area === 'search' && this.search.picked.size > 0) return true;
    if (area === 'highlights' && this.highlights.picked.size > 0) return true;
    return (this.media.current?.analysis.shots.length ?? 0) > 0;
  }

  /** Shows a clip's first frame in its own media. */
  showClip(clip: Clip | null): void {
    if (!clip || !this.media.find(clip.media)) return;
    this.showMedia(clip.media);
    this.player.seek(clip.start);
    this.shell.showClips();
  }

  showMedia(id: MediaId): void {
    if (this.media.currentId !== id) this.media.select(id);
    this.followCurrent();
  }

  /** After the current media changed, whoever changed it: the player and what is made for it follow. */
  followCurrent(): void {
    const entry = this.media.current;
    if (this.player.entry === entry) return;
    this.player.show(entry);
    this.shots.clear();
    if (entry) {
      this.media.prepare(entry);
      // The first file's shots (of sound alone: its words) are what is waited for; later the person's own choice of tab stays.
      if (this.media.entries.length === 1) this.shell.left = entry.media.video ? 'shots' : 'transcript';
    }
    if (this.search.scope === 'this') void this.search.run();
  }

  /** The player went on to a clip of another media: the rest of the window follows it. */
  #playerShows(id: MediaId): void {
    this.media.select(id);
    this.shots.clear();
    const entry = this.media.current;
    if (entry) this.media.prepare(entry);
  }

  pickedShotRanges(): ExportRange[] {
    const entry = this.media.current;
    return entry ? shotRanges(entry, this.shots.sorted) : [];
  }

  #shotRange(index: number): ExportRange[] {
    const entry = this.media.current;
    return entry ? shotRanges(entry, [index]) : [];
  }

  #appEvent(event: AppEvent): void {
    switch (event.type) {
      case 'command':
        this.onMenuCommand(event.command);
        return;
      case 'opened':
        this.media.take(event.result);
        return;
      case 'engine':
        this.shell.engine = event.state;
        if (event.state === 'stopped') {
          this.engine.disconnect();
          this.toasts.show('warning', m.panels_engine_stopped());
        }
        return;
      case 'proxy': {
        const entry = this.media.find(event.media);
        if (entry) entry.proxy = 'ready';
        return;
      }
      case 'theme':
        this.appearance.setSystemDark(event.dark);
        return;
    }
  }

  async #engineRestarted(): Promise<void> {
    const { edit } = await this.engine.call('projectLoad', {});
    await this.edit.reconcile(edit);
  }
}

const KEY = Symbol('app');

export function provideApp(app: AppState): void {
  setContext(KEY, app);
}
export function useApp(): AppState {
  return getContext<AppState>(KEY);
}
