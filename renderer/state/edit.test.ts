import { describe, expect, it } from 'vitest';
import { replay } from '../../shared/editHistory.ts';
import { someCue, someTrack } from '../../shared/captions/testTracks.ts';
import type { EditCommand } from '../../shared/edit.ts';
import { EMPTY_EDIT } from '../../shared/edit.ts';
import { frameDuration, fromSeconds, subtract } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia } from '../testing/facts.ts';
import { EditState, type NewClip } from './edit.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const range = (from: number, name = `clip ${from}`): NewClip => ({ media: MEDIA_ID, start: fromSeconds(from), end: fromSeconds(from + 2), name });
const FRAME = frameDuration({ num: 25, den: 1 });

function setUp(): { edit: EditState; end: EngineEnd; toasts: Toasts; engine: EngineClient } {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const toasts = new Toasts();
  return { edit: new EditState(engine, toasts, (id) => (id === MEDIA_ID ? someMedia(60) : null)), end, toasts, engine };
}
const names = (edit: EditState): string[] => edit.clips.map((clip) => clip.name);

/** Answers each append as it comes and gives back all commands that were journalled. */
async function journal(end: EngineEnd): Promise<EditCommand[]> {
  for (let answered = 0; ; answered += 1) {
    await settle();
    const requests = end.asked('projectAppend');
    const request = requests[answered];
    if (!request) return requests.flatMap((each) => (each.args as { commands: EditCommand[] }).commands);
    end.reply({ kind: 'result', id: request.id, result: {} });
  }
}

describe('EditState', () => {
  it('journals every command in order: replaying the journal gives the same edit', async () => {
    const { edit, end } = setUp();
    edit.add([range(0), range(10), range(20)]);
    edit.select(edit.clips[0]?.id ?? '', 'replace');
    edit.shift(1);
    edit.trimFrames('start', 10);
    edit.undo();
    edit.redo();
    edit.rename(edit.lead ?? '', 'the best');
    edit.remove([edit.clips[2]?.id ?? '']);
    edit.undo();
    const commands = await journal(end);
    expect(commands.map((command) => command.type)).toEqual(['clips.insert', 'clip.move', 'clip.trim', 'undo', 'redo', 'clip.rename', 'clips.remove', 'undo']);
    expect(replay(EMPTY_EDIT, commands).edit.clips).toEqual(edit.clips);
  });

  it('adds behind the picked clip and picks what was added', () => {
    const { edit } = setUp();
    edit.add([range(0), range(10)]);
    edit.select(edit.clips[0]?.id ?? '', 'replace');
    edit.add([range(30)]);
    expect(names(edit)).toEqual(['clip 0', 'clip 30', 'clip 10']);
    expect(edit.leadClip?.name).toBe('clip 30');
  });

  it('trims by frames, within the media and never to nothing', () => {
    const { edit } = setUp();
    edit.add([range(0)]);
    edit.trimFrames('start', 1);
    expect(edit.clips[0]?.start).toBe(FRAME);
    edit.trimFrames('start', -50);
    expect(edit.clips[0]?.start).toBe(0);
    edit.trimFrames('end', -1000);
    const clip = edit.clips[0];
    expect(clip && subtract(clip.end, clip.start)).toBe(FRAME);
    edit.trimFrames('end', 10_000);
    expect(edit.clips[0]?.end).toBe(fromSeconds(60));
  });

  it('lets go of picks that undo took away, and picks the neighbour after removing', () => {
    const { edit } = setUp();
    edit.add([range(0), range(10)]);
    edit.undo();
    expect(edit.picked.size).toBe(0);
    edit.redo();
    edit.select(edit.clips[0]?.id ?? '', 'replace');
    edit.remove();
    expect(names(edit)).toEqual(['clip 10']);
    expect(edit.leadClip?.name).toBe('clip 10');
  });

  it('picks ranges and single clips', () => {
    const { edit } = setUp();
    edit.add([range(0), range(10), range(20)]);
    const [a, b, c] = edit.clips.map((clip) => clip.id) as [string, string, string];
    edit.select(a, 'replace');
    edit.select(c, 'extend');
    expect([...edit.picked]).toEqual([a, b, c]);
    edit.select(b, 'toggle');
    expect([...edit.picked]).toEqual([a, c]);
  });

  it('writes what a stopped engine did not get to journal', async () => {
    const { edit, end, engine, toasts } = setUp();
    edit.add([range(0)]);
    await settle();
    end.answer('projectAppend', {});
    const kept = edit.edit;
    await settle();
    edit.add([range(10)]);
    edit.run({ type: 'captions.add', track: someTrack('t', MEDIA_ID, [someCue('a', 0, 10)]) });
    await settle();
    engine.disconnect();
    await settle();
    expect(toasts.items).toEqual([]);
    const next = new EngineEnd();
    engine.connect(next.port);
    const done = edit.reconcile(kept);
    const commands = await journal(next);
    await done;
    expect(replay(kept, commands).edit).toEqual(edit.edit);
    expect(edit.captions[0]?.cues).toHaveLength(1);
    expect(commands).toHaveLength(1);
  });
});
