/** Pictures before the export: what has to be rendered is, segment by segment, and told as a part of the whole. */
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { RenderEvent } from '../../shared/style/types.ts';
import { withRendered, type ExportPlan, type ExportSegment } from './plan.ts';
import type { RenderPictures } from './styled.ts';

/** What writing a frame is taken to cost beside rendering it, for the time left only: a guess, as renders differ by a hundred times. */
const WRITING_SHARE = 0.1;

export interface RenderScope {
  /** Frames of all segments to be rendered. */
  frames: number;
  /** Frames to be written after. */
  written: number;
}

/** Renders what has to be. Streams progress in frames of the whole job, and each warning once. Returns the plan with the files. Throws what `render` throws. */
export async function* renderSegments(plan: ExportPlan, render: RenderPictures | null, scope: RenderScope, framesOf: (segment: ExportSegment) => number): AsyncGenerator<ExportEvent, ExportPlan> {
  const rendered = new Map<ExportSegment, Media>();
  const warned = new Set<string>();
  let before = 0;
  for (const segment of plan.segments) {
    if (!segment.render) continue;
    if (!render) throw new Error('pictures are to be rendered, and nothing renders them');
    const frames = framesOf(segment);
    const events = render(segment.render);
    rendered.set(segment, yield* told(events, warned, (event) => asExportEvent(event, { ...scope, before, segment: frames })));
    before += frames;
  }
  return withRendered(plan, rendered);
}

/** Passes on what becomes of a stream's events, each warning once, and its result. */
async function* told(events: ReturnType<RenderPictures>, warned: Set<string>, become: (event: RenderEvent) => ExportEvent | null): AsyncGenerator<ExportEvent, Media> {
  let next: IteratorResult<RenderEvent, Media> | null = null;
  try {
    for (next = await events.next(); !next.done; next = await events.next()) {
      const event = become(next.value);
      if (!event || (event.type === 'warning' && warned.has(event.code))) continue;
      if (event.type === 'warning') warned.add(event.code);
      yield event;
    }
    return next.value;
  } finally {
    // Whoever leaves early leaves nothing running.
    if (next && !next.done) await events.return(undefined as never);
  }
}

/** `before`: frames of the segments rendered already; `segment`: of this one. */
function asExportEvent(event: RenderEvent, scope: RenderScope & { before: number; segment: number }): ExportEvent | null {
  switch (event.type) {
    case 'warning':
      return event;
    case 'rendered':
      return null;
    case 'progress': {
      const share = event.total ? Math.min(1, event.done / event.total) : 0;
      const done = share * scope.segment;
      const left = scope.frames - scope.before - done + WRITING_SHARE * scope.written;
      return { ...event, stage: 'render', done: Math.round(scope.before + done), total: Math.round(scope.frames + scope.written), unit: 'frames', eta: event.rate > 0 ? left / event.rate : null };
    }
  }
}
