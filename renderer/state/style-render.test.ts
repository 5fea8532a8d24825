import { describe, expect, it } from 'vitest';
import { settle } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { A_WHILE, setUpStyled } from '../testing/styled.ts';
import { StyleRenders } from './style-render.svelte.ts';

describe('rendering a clip', () => {
  const progress = (done: number, rate: number) => ({ type: 'progress', stage: 'render', done, total: 100, unit: 'frames', rate, eta: 1 });
  function open() {
    const world = setUpStyled();
    return { ...world, renders: new StyleRenders(world.engine, world.jobs, world.state, { find: (id) => (id === MEDIA_ID ? world.entry : null) }) };
  }

  it('tells its progress, its end, and that another effect is another render', async () => {
    const { renders, state, edit, reply, finish } = open();
    void renders.start();
    reply('renderClip', [progress(20, 10), { type: 'warning', code: 'no_face' }, { type: 'warning', code: 'no_face' }]);
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'running', progress: { done: 20 }, warnings: ['no_face'] });
    expect(renders.canStart).toBe(false);
    reply('renderClip', [{ type: 'rendered', frames: 100, reused: 20 }]);
    finish('renderClip');
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'done', frames: { all: 100, reused: 20 } });
    state.change({ keepColours: true });
    expect(renders.current).toBeNull();
    expect(renders.canStart).toBe(true);
    edit.undo();
    expect(renders.current?.status).toBe('done');
  });

  it('estimates only what it has measured', async () => {
    const { renders, reply } = open();
    expect(renders.estimate('faithful')).toBeNull();
    void renders.start();
    reply('renderClip', [progress(20, 10)]);
    await settle(A_WHILE);
    expect(renders.estimate('faithful')).toBeCloseTo(10);
    expect(renders.estimate('best')).toBeNull();
  });

  it('stops when asked, goes on later, and shows failures', async () => {
    const { renders, end, fail, cancelled } = open();
    void renders.start();
    renders.cancel();
    expect(cancelled()).toEqual([end.asked('renderClip')[0]?.id]);
    end.reply({ kind: 'error', id: end.asked('renderClip')[0]?.id ?? -1, error: { kind: 'cancelled' } });
    await settle(A_WHILE);
    expect(renders.current?.status).toBe('stopped');
    void renders.start();
    expect(end.asked('renderClip')[1]?.args).toEqual(end.asked('renderClip')[0]?.args);
    fail('renderClip', 'disk_full');
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'failed', error: { code: 'disk_full' } });
  });
});
