/** A bare Electron window around the built harness page: `electron window.mjs PAGE QUERY WIDTH HEIGHT`. */
import { app, BrowserWindow } from 'electron';

const [page, query, width, height] = process.argv.slice(-4);
app.setPath('userData', `${app.getPath('temp')}/rushes-timeline-harness-${process.pid}`);
// Not awaited here: the app is ready only once this module has run.
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: Number(width), height: Number(height), useContentSize: true, webPreferences: { sandbox: true, backgroundThrottling: false } });
  return window.loadFile(page, { search: query });
});
app.on('window-all-closed', () => app.quit());
