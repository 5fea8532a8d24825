/** Moving the focus among the rows of a list by the arrow keys, Home and End. Rows are marked by `data-row`. False for other keys. */
export function moveFocus(event: KeyboardEvent, box: HTMLElement | undefined): boolean {
  if (!box || event.ctrlKey || event.metaKey || event.altKey) return false;
  const rows = [...box.querySelectorAll<HTMLElement>('[data-row]')];
  const from = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const to = targetOf(event.key, from, rows.length);
  if (to === null) return false;
  rows[to]?.focus();
  return true;
}

function targetOf(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(from + 1, count - 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
