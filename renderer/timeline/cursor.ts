import type { Stage } from './stage.ts';

/** The CSS cursor for what the pointer is on or does. */
export function cursorOf(stage: Stage): string {
  const { drag, pointer } = stage;
  if (drag) {
    switch (drag.kind) {
      case 'trim':
      case 'in':
      case 'out':
        return 'ew-resize';
      case 'cue':
        return drag.part !== 'body' ? 'ew-resize' : drag.moved ? 'grabbing' : 'default';
      case 'reorder':
      case 'pan':
        return 'grabbing';
      case 'scrub':
      case 'range':
      case 'press':
        return 'default';
    }
  }
  const target = pointer?.target;
  if (!target) return 'default';
  if (target.area === 'in' || target.area === 'out') return 'ew-resize';
  if (target.area === 'chapter') return target.index >= 0 ? 'pointer' : 'default';
  if (target.area === 'captions') return target.track === null ? 'default' : 'pointer';
  if (target.area === 'clip' || target.area === 'cue') return target.part === 'body' ? 'default' : 'ew-resize';
  return 'shot' in target && (target.tag !== null || target.keyframe !== null) ? 'pointer' : 'default';
}
