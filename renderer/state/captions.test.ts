import { describe, expect, it } from 'vitest';
import type { CaptionTrack, Cue } from '../../shared/captions/types.ts';
import type { Bridge } from '../../shared/ipc/app.ts';
import { audioStreamSchema } from '../../shared/media.ts';
import type { SpeechEvent } from '../../shared/speech.ts';
import { fromSeconds } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { someCue } from '../testing/captions.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia, someShot } from '../testing/facts.ts';
import { CaptionsState } from './captions.svelte.ts';
import { EditState } from './edit.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const audio = audioStreamSchema.parse({ kind: 'audio', index: 1, codec: 'aac', profile: null, sampleRate: 48_000, channels: 2, channelLayout: null, startTime: 0, duration: fromSeconds(60), bitRate: null, language: null, isDefault: true });

function setUp() {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const toasts = new Toasts();
  const media = { ...someMedia(60), audio };
  const entry = new MediaEntry(media);
  const edit = new EditState(engine, toasts, (id) => (id === MEDIA_ID ? media : null));
  const captions = new CaptionsState(engine, {} as Bridge, new Jobs(), toasts, edit, { entry: () => entry, find: (id) => (id === MEDIA_ID ? entry : null) });
  const send = async (events: SpeechEvent[]): Promise<void> => {
    end.reply({ kind: 'events', id: end.asked('transcribe').at(-1)?.id, events });
    await settle(60);
  };
  const finish = async (running: Promise<void>): Promise<void> => {
    end.reply({ kind: 'end', id: end.asked('transcribe').at(-1)?.id });
    await running;
  };
  return { captions, edit, end, entry, toasts, send, finish };
}
const language: SpeechEvent = { type: 'language', language: 'zh', probability: 0.9, from: fromSeconds(0) };
const event = (cue: Cue): SpeechEvent => ({ type: 'cue', cue, until: cue.end });
const texts = (track: CaptionTrack | null): string[] => track?.cues.map((cue) => cue.text) ?? [];

describe('CaptionsState', () => {
  it('streams what is recognised into one track, and undo takes none of it away', async () => {
    const { captions, edit, send, finish } = setUp();
    const running = captions.start({ prompt: 'Rushes' });
    await send([language, event(someCue('c1', 0, 'One two')), { type: 'speakers', speakers: [{ id: 'A', name: 'A' }] }]);
    const corrected = captions.current?.cues[0];
    expect(captions.current).toMatchObject({ kind: 'speech', language: 'zh-Hans', speakers: [{ id: 'A' }] });
    if (corrected) captions.replace({ remove: ['c1'], insert: [{ ...corrected, text: 'One too', touched: true }] });
    await send([event(someCue('c2', 2, 'Three'))]);
    expect(texts(captions.current)).toEqual(['One too', 'Three']);
    edit.undo();
    expect(texts(captions.current)).toEqual(['One two', 'Three']);
    await finish(running);
    expect(captions.transcribing.status).toBe('done');
    expect(captions.unfinished).toBeNull();
  });

  it('goes on as it was asked, and what a person removed stays away', async () => {
    const { captions, end, send, finish } = setUp();
    const first = captions.start({ prompt: 'Rushes', language: 'zh' });
    await send([language, event(someCue('c1', 0, 'One')), event(someCue('c2', 2, 'Two'))]);
    captions.cancel();
    end.reply({ kind: 'error', id: end.asked('transcribe').at(-1)?.id, error: { kind: 'cancelled' } });
    await first;
    expect(captions.transcribing.status).toBe('cancelled');
    expect(captions.unfinished).not.toBeNull();
    captions.replace({ remove: ['c1'], insert: [] });
    const second = captions.resume();
    expect(end.asked('transcribe').at(-1)?.args).toMatchObject({ prompt: 'Rushes', language: 'zh', task: 'transcribe' });
    await send([language, event(someCue('c1', 0, 'One')), event(someCue('c2', 2, 'Two')), event(someCue('c3', 4, 'Three'))]);
    await finish(second);
    expect(captions.tracks).toHaveLength(1);
    expect(texts(captions.current)).toEqual(['Two', 'Three']);
  });

  it('makes a track of its own for a translation', async () => {
    const { captions, send, finish } = setUp();
    const first = captions.start();
    await send([language, event(someCue('c1', 0, '你好'))]);
    await finish(first);
    const second = captions.start({ task: 'translate' });
    await send([language, event(someCue('c1', 0, 'Hello'))]);
    await finish(second);
    expect(captions.tracks.map((track) => [track.kind, track.language])).toEqual([
      ['speech', 'zh-Hans'],
      ['translation', 'en'],
    ]);
    expect(captions.current?.kind).toBe('speech');
  });

  it('snaps cues to cuts once both are known, but none that a person changed', async () => {
    const { captions, entry, send, finish } = setUp();
    const running = captions.start();
    const near = (id: string, start: number): Cue => ({ ...someCue(id, start, 'One two'), end: fromSeconds(start + 1.5) });
    await send([language, event(near('c1', 1.1)), event(near('c2', 5.1))]);
    const second = captions.current?.cues[1];
    if (second) captions.replace({ remove: ['c2'], insert: [{ ...second, touched: true }] });
    await finish(running);
    expect(captions.current?.cues[0]?.start).toBe(fromSeconds(1.1));
    entry.analysis.apply(Array.from({ length: 8 }, (_, index) => someShot(index)));
    entry.analysis.status = 'done';
    captions.snap(MEDIA_ID);
    expect(captions.current?.cues[0]?.start).toBe(fromSeconds(1));
    expect(captions.current?.cues[1]?.start).toBe(fromSeconds(5.1));
  });

  it('merges speakers in one step, and later cues follow', async () => {
    const { captions, edit, send } = setUp();
    void captions.start();
    await send([language, { type: 'speakers', speakers: [{ id: 'A', name: 'A' }, { id: 'B', name: 'B' }] }, event(someCue('c1', 0, 'One', 'A')), event(someCue('c2', 2, 'Two', 'B'))]);
    const id = captions.current?.id ?? '';
    captions.mergeSpeakers(id, 'B', 'A');
    await send([event(someCue('c3', 4, 'Three', 'B'))]);
    expect(captions.current?.cues.map((cue) => cue.speaker)).toEqual(['A', 'A', 'A']);
    expect(captions.current?.speakers.map((speaker) => speaker.id)).toEqual(['A']);
    edit.undo();
    expect(captions.current?.cues[1]?.speaker).toBe('B');
  });

  it('picks cues and finds the one at a time', async () => {
    const { captions, send } = setUp();
    void captions.start();
    await send([language, ...['c1', 'c2', 'c3'].map((id, index) => event(someCue(id, index * 2, 'One two')))]);
    captions.select('c1', 'replace');
    captions.select('c3', 'extend');
    expect([...captions.selected]).toEqual(['c1', 'c2', 'c3']);
    expect(captions.cueAt(fromSeconds(2.5))?.id).toBe('c2');
    expect(captions.cueAt(fromSeconds(3.5))).toBeNull();
    captions.replace({ remove: ['c2'], insert: [] });
    expect([...captions.selected]).toEqual(['c1', 'c3']);
  });
});
