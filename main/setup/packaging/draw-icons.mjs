/**
 * Draws icons/<size>x<size>.png from icon.svg. Run by hand after a change of the drawing, with a display:
 * `ELECTRON_DISABLE_SANDBOX=1 npx electron main/setup/packaging/draw-icons.mjs`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const here = import.meta.dirname;
const drawing = `data:image/svg+xml;base64,${readFileSync(join(here, 'icon.svg')).toString('base64')}`;

/** Runs in the page, where Chromium draws the SVG at exactly this size. */
const draw = (size) => `(async () => {
  const picture = new Image();
  picture.src = ${JSON.stringify(drawing)};
  await picture.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: ${size}, height: ${size} });
  canvas.getContext('2d').drawImage(picture, 0, 0, ${size}, ${size});
  return canvas.toDataURL('image/png');
})()`;

void app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false });
  await window.loadURL('about:blank');
  for (const size of SIZES) {
    const url = await window.webContents.executeJavaScript(draw(size));
    writeFileSync(join(here, 'icons', `${size}x${size}.png`), Buffer.from(url.split(',')[1], 'base64'));
  }
  app.quit();
});
