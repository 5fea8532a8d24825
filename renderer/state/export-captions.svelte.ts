import type { CaptionFormat } from '../../shared/captions/formats/types.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';

export type CaptionsHow = 'none' | 'burn' | 'embed' | 'beside';

/** What the captions of an export need to know of the rest. */
export interface CaptionsAroundExport {
  tracks(): readonly CaptionTrack[];
  /** Media that the ranges are of. */
  media(): ReadonlySet<MediaId>;
  current(): Media | null;
}

/** Which captions go with the exported clips, and how; and the track that is exported on its own. */
export class ExportCaptions {
  how = $state<CaptionsHow>('none');
  /** Format of files beside the clips, and of a caption file on its own. */
  format = $state<CaptionFormat>('srt');
  /** A caption file's times: as in the media, or as the cut puts them. */
  times = $state<'media' | 'cut'>('media');
  /** Tracks that the person left out of what is embedded or written beside. */
  #left = $state.raw<ReadonlySet<string>>(new Set());
  /** By media, the track that is burned in; null for none of it. */
  #burned = $state.raw<ReadonlyMap<MediaId, string | null>>(new Map());
  #single = $state<string | null>(null);

  readonly #around: CaptionsAroundExport;

  constructor(around: CaptionsAroundExport) {
    this.#around = around;
  }

  /** Tracks with cues of the media that are exported. */
  readonly tracks: readonly CaptionTrack[] = $derived.by(() => {
    const media = this.#around.media();
    return this.#around.tracks().filter((track) => media.has(track.media) && track.cues.length > 0);
  });
  readonly available = $derived(this.tracks.length > 0);
  /** What is done: nothing where there is no track. */
  readonly doing: CaptionsHow = $derived(this.available ? this.how : 'none');
  /** One track of each media: the one picked, else its default, else its first. */
  readonly burned: readonly CaptionTrack[] = $derived.by(() =>
    [...new Set(this.tracks.map(({ media }) => media))].flatMap((media) => {
      const own = this.tracks.filter((track) => track.media === media);
      const picked = this.#burned.get(media);
      if (picked === null) return [];
      return own.find(({ id }) => id === picked) ?? own.find(({ isDefault }) => isDefault) ?? own[0] ?? [];
    }),
  );
  readonly burns = $derived(this.doing === 'burn' && this.burned.length > 0);
  readonly included: readonly CaptionTrack[] = $derived.by(() => this.tracks.filter(({ id }) => !this.#left.has(id)));
  /** Tracks of the file that is shown: one of them can be exported on its own. */
  readonly ownTracks: readonly CaptionTrack[] = $derived.by(() => {
    const media = this.#around.current()?.id;
    return this.#around.tracks().filter((track) => track.media === media && track.cues.length > 0);
  });
  readonly single: CaptionTrack | null = $derived.by(() => this.ownTracks.find(({ id }) => id === this.#single) ?? this.ownTracks[0] ?? null);

  include(id: string, on: boolean): void {
    const left = new Set(this.#left);
    if (on) left.delete(id);
    else left.add(id);
    this.#left = left;
  }

  burn(media: MediaId, id: string | null): void {
    this.#burned = new Map([...this.#burned, [media, id]]);
  }

  pickSingle(id: string): void {
    this.#single = id;
  }

  /** As the engine is told; null when no captions go with the clips. */
  request(): ExportedCaptions | null {
    const nothing = { burn: [], embed: [], sidecar: [], sidecarFormat: this.format };
    switch (this.doing) {
      case 'none':
        return null;
      case 'burn':
        return this.burned.length === 0 ? null : { ...nothing, burn: [...this.burned] };
      case 'embed':
        return this.included.length === 0 ? null : { ...nothing, embed: [...this.included] };
      case 'beside':
        return this.included.length === 0 ? null : { ...nothing, sidecar: [...this.included] };
    }
  }
}
