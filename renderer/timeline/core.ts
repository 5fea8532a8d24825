/** Joins stage, navigator, gestures and painter: everything of the timeline but its markup. */
import { measure } from './brush.ts';
import { readLook, watchLook } from './colours.ts';
import { createGestures, type Gestures } from './gestures.ts';
import { hitTest } from './hit.ts';
import { carryOut, type Cursor } from './intents.ts';
import type { Intent, Lane } from './keyboard.ts';
import { createNavigator, type Navigator } from './navigator.ts';
import { createPainter, type Canvases } from './painter.ts';
import { createStage, settle, type Stage, type Target } from './stage.ts';
import type { Subscribe, TimelineProps } from './types.ts';

export interface Core {
  readonly stage: Stage;
  readonly navigator: Navigator;
  readonly gestures: Gestures;
  readonly cursor: Cursor;
  /** New properties; paints only the layers that show what changed. */
  update(props: TimelineProps): void;
  /** CSS pixels. */
  resize(width: number, height: number): void;
  resizeMinimap(width: number, height: number): void;
  carryOut(intent: Intent, lane: Lane): void;
  /** Something of the stage that is drawn changed. */
  changed(): void;
  dispose(): void;
}

export interface CoreHost {
  readonly canvases: Canvases;
  /** Element whose style has the tokens. */
  readonly element: Element;
  /** The stage as just painted. */
  onframe(stage: Stage): void;
  focusLane(lane: Lane): void;
}

const laneOf = (target: Target): Lane => {
  switch (target.area) {
    case 'ruler':
    case 'in':
    case 'out':
    case 'chapter':
      return 'ruler';
    case 'clip':
    case 'lane':
      return 'clips';
    case 'cue':
    case 'captions':
      return 'captions';
    case 'shots':
    case 'film':
    case 'tags':
    case 'wave':
      return 'shots';
  }
};

export function createCore(host: CoreHost, first: TimelineProps): Core {
  const stage = createStage(first, readLook(host.element));
  const cursor: Cursor = { shot: -1 };
  const sources = new Map<{ onchange: Subscribe }, () => void>();

  const painter = createPainter(host.canvases, stage, {
    before(now) {
      const more = [navigator.tick(now), gestures.tick()].some(Boolean);
      if (more) painter.need('base', 'overlay', 'minimap');
    },
    after: () => host.onframe(stage),
  });
  const all = (): void => painter.need('base', 'overlay', 'minimap');
  const base = (): void => painter.need('base');
  const navigator = createNavigator(stage, all);
  const gestures = createGestures({
    stage,
    navigator,
    hit: (x, y) => hitTest(stage, x, y, (text) => measureText(host.canvases.base, stage, text)),
    changed: all,
    focusLane: (target) => host.focusLane(laneOf(target)),
  });

  /** Pictures and peaks arrive on their own: each source in use repaints when it has more. */
  function follow(props: TimelineProps): void {
    const { model } = props;
    const used = new Set<{ onchange: Subscribe }>();
    for (const source of [model.thumbs, model.pictures, model.waveform]) if (source) used.add(source);
    for (const media of new Set(model.clips.map((clip) => clip.media))) {
      const thumbs = model.clipMedia(media)?.thumbs;
      if (thumbs) used.add(thumbs);
    }
    for (const [source, stop] of sources) {
      if (used.has(source)) continue;
      stop();
      sources.delete(source);
    }
    for (const source of used) if (!sources.has(source)) sources.set(source, source.onchange(base));
  }

  const stopWatching = watchLook(() => {
    stage.look = readLook(host.element);
    all();
  });
  follow(first);

  return {
    stage,
    navigator,
    gestures,
    cursor,
    update(props) {
      const before = stage.props;
      stage.props = props;
      if (props.model.media !== before.model.media) {
        Object.assign(stage, { fitted: true, drag: null, heldTags: null, pointer: null });
        cursor.shot = -1;
      }
      if (props.model !== before.model || props.version !== before.version) {
        settle(stage);
        follow(props);
        all();
      }
      if (props.playhead !== before.playhead || props.playing !== before.playing) {
        navigator.update(before);
        painter.need('overlay', 'minimap');
      }
      const { shots, clips, cues } = before.selection;
      const picked = props.selection.shots !== shots || props.selection.clips !== clips || props.selection.cues !== cues;
      if (picked || props.inPoint !== before.inPoint || props.outPoint !== before.outPoint) all();
    },
    resize(width, height) {
      stage.width = width;
      stage.height = height;
      stage.ratio = devicePixelRatio;
      settle(stage);
      all();
    },
    resizeMinimap(width, height) {
      stage.minimap = { width, height };
      painter.need('minimap');
    },
    carryOut(intent, lane) {
      carryOut(intent, lane, stage, navigator, cursor);
      all();
    },
    changed: all,
    dispose() {
      stopWatching();
      painter.dispose();
      for (const stop of sources.values()) stop();
    },
  };
}

function measureText(canvas: HTMLCanvasElement, stage: Stage, text: string): number {
  const context = canvas.getContext('2d', { alpha: false });
  return context ? measure(context, stage.look.small, text) : 0;
}
