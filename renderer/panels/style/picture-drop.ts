/** A picture dragged in from outside: over the styles it is meant as one, not as a file to open. */
import type { Shell } from '../../state/shell.svelte.ts';

interface DropHandlers {
  ondragover: (event: DragEvent) => void;
  ondragleave: (event: DragEvent & { currentTarget: HTMLElement }) => void;
  ondrop: (event: DragEvent) => void;
}

function pictureOf(event: DragEvent): File | null {
  return [...(event.dataTransfer?.files ?? [])].find(({ type }) => type.startsWith('image/')) ?? null;
}
/** While it hovers only the types of what is dragged are told. */
function carriesPicture(event: DragEvent): boolean {
  return [...(event.dataTransfer?.items ?? [])].some(({ kind, type }) => kind === 'file' && type.startsWith('image/'));
}

/** Handlers for the element on which pictures are styles. A drop that was taken is `defaultPrevented` when the window's own handler sees it. */
export function pictureDrop(shell: Shell, take: (file: File) => void): DropHandlers {
  return {
    ondragover: (event) => {
      shell.stylesHovered = carriesPicture(event);
    },
    ondragleave: (event) => {
      if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) shell.stylesHovered = false;
    },
    ondrop: (event) => {
      shell.stylesHovered = false;
      const file = pictureOf(event);
      if (!file) return;
      event.preventDefault();
      take(file);
    },
  };
}
