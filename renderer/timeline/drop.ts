/** Ranges dragged from elsewhere onto the clip lane: where between the clips they would go. */
import { xAt } from './viewport.ts';
import type { Drop, Stage } from './stage.ts';

/** The gap between clips that is nearest to `x` (CSS pixels): a clip's middle divides its two sides. */
export function dropAt(stage: Stage, x: number): Pick<Drop, 'at' | 'x'> {
  const { lane, offsets } = stage;
  const count = offsets.length - 1;
  let at = 0;
  while (at < count && (xAt(lane, offsets[at] as number) + xAt(lane, offsets[at + 1] as number)) / 2 < x) at++;
  return { at, x: xAt(lane, offsets[at] as number) };
}

export interface DropHost {
  readonly stage: Stage;
  /** Something that is drawn changed. */
  changed(): void;
}

/** Listens until the returned function is called. What is not carried by this window's own lists is left to others. */
export function listenToDrops(element: HTMLElement, { stage, changed }: DropHost): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const show = (drop: Drop | null): void => {
    if (drop === null && stage.drop === null) return;
    stage.drop = drop;
    changed();
  };
  const over = (event: DragEvent): void => {
    const { drops } = stage.props;
    if (!drops?.accepts(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    show({ ...dropAt(stage, event.clientX - element.getBoundingClientRect().left), carried: drops.carried() });
  };
  element.addEventListener('dragenter', over, { signal });
  element.addEventListener('dragover', over, { signal });
  element.addEventListener('dragleave', (event) => {
    if (event.relatedTarget instanceof Node && element.contains(event.relatedTarget)) return;
    show(null);
  }, { signal });
  element.addEventListener('drop', (event) => {
    if (!stage.props.drops?.accepts(event)) return;
    event.preventDefault();
    const { at } = dropAt(stage, event.clientX - element.getBoundingClientRect().left);
    show(null);
    stage.props.actions.onDropRanges?.(event, at);
  }, { signal });
  return () => stop.abort();
}
