/** A media of 20 s with cues, and the state of the window that its words are read and cut with. */
import { RULES } from '../../shared/captions/rules.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack, type Cue } from '../../shared/captions/types.ts';
import type { Bridge } from '../../shared/ipc/app.ts';
import { audioStreamSchema, type Media } from '../../shared/media.ts';
import { fromSeconds } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { CaptionsState } from '../state/captions.svelte.ts';
import { EditState } from '../state/edit.svelte.ts';
import { Jobs } from '../state/jobs.svelte.ts';
import { MediaEntry } from '../state/media-list.svelte.ts';
import { Player } from '../state/player.svelte.ts';
import { Toasts } from '../state/toasts.svelte.ts';
import { EngineEnd } from './engine-end.ts';
import { MEDIA_ID, someMedia } from './facts.ts';

const SECONDS = 20;
const audio = audioStreamSchema.parse({ kind: 'audio', index: 1, codec: 'aac', profile: null, sampleRate: 48_000, channels: 2, channelLayout: null, startTime: 0, duration: fromSeconds(SECONDS), bitRate: null, language: null, isDefault: true });

function trackOf(cues: readonly Cue[]): CaptionTrack {
  const fixed = { id: 't', media: MEDIA_ID, language: 'en', name: '', kind: 'speech', speakers: [], isDefault: true, extras: {} } as const;
  return { ...fixed, speakers: [], extras: {}, cues: [...cues], rules: RULES['netflix-en'], style: { ...DEFAULT_CAPTION_STYLE }, streamedUntil: fromSeconds(SECONDS) };
}

export function setUpSpoken(cues: readonly Cue[]) {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const toasts = new Toasts();
  const media: Media = { ...someMedia(SECONDS), audio };
  const entry = new MediaEntry(media);
  const find = (id: string): MediaEntry | null => (id === MEDIA_ID ? entry : null);
  const edit = new EditState(engine, toasts, (id) => find(id)?.media ?? null);
  const captions = new CaptionsState(engine, {} as Bridge, new Jobs(), toasts, edit, { entry: () => entry, find });
  const player = new Player(engine, toasts, { clips: () => edit.clips, find, shown: () => undefined });
  player.show(entry);
  captions.addTrack(trackOf(cues));
  return { engine, end, toasts, entry, edit, captions, player };
}
