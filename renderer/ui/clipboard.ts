/**
 * Puts text on the clipboard. By the copy command of the page itself, as the window grants no permission, not even that
 * of the clipboard's own interface.
 */
export function copyText(text: string): void {
  const oncopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', oncopy, { capture: true });
  document.execCommand('copy');
  document.removeEventListener('copy', oncopy, { capture: true });
}
