/** Chapters as a quiet band under the ruler: where each begins, and its title as far as there is room. */
import { clipped, fill, verticalLine, write, type Brush } from './brush.ts';
import type { Stage } from './stage.ts';
import type { TimelineChapter } from './types.ts';
import { endOf, xAt } from './viewport.ts';

const INSET = 5;
/** Narrower than this a chapter is only its border: pixels. */
const TEXT_FROM = 28;
/** Borders nearer than this are one. */
const LEAST = 2;

/** Index of the chapter at `time`; -1 before the first. */
export function chapterAtTime(chapters: readonly TimelineChapter[], time: number): number {
  return chapters.findLastIndex((chapter) => chapter.start <= time);
}

export function drawChapters(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.chapters;
  if (height === 0) return;
  const { colours, small } = brush.look;
  const { chapters } = stage.props.model;
  const { view, pointer } = stage;
  const under = pointer?.target?.area === 'chapter' ? pointer.target.index : -1;
  const here = chapterAtTime(chapters, stage.props.playhead);
  fill(brush, colours.panel, 0, top, stage.width, height);
  clipped(brush, 0, top, stage.width, height, () => {
    let drawn = -Infinity;
    for (let index = Math.max(0, chapterAtTime(chapters, view.origin)); index < chapters.length; index += 1) {
      const chapter = chapters[index];
      if (!chapter || chapter.start > endOf(view)) break;
      const x0 = xAt(view, chapter.start);
      const x1 = xAt(view, chapters[index + 1]?.start ?? stage.bounds.end);
      if (index === under) fill(brush, colours.hover, x0, top, x1 - x0, height);
      if (x0 - drawn >= LEAST) {
        verticalLine(brush, index === here ? colours.accent : colours.muted, x0, top + 2, height - 4);
        drawn = x0;
      }
      const left = Math.max(x0, 0) + INSET;
      if (x1 - left >= TEXT_FROM) write(brush, chapter.title, left, top + height / 2, { font: small, colour: index === here ? colours.text : colours.secondary, room: x1 - left - INSET });
    }
  });
}
