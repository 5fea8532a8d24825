/** The one window: sandboxed, remembered place, its port to the engine, events to its page. */
import { BrowserWindow, MessageChannelMain, nativeTheme, screen, type Rectangle, type WebContents } from 'electron';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AppEvent } from '../../shared/ipc/app.ts';
import type { EngineHost } from './engineHost.ts';
import { lockContents } from './lockdown.ts';
import { APP_ORIGIN } from './protocol.ts';
import { offerSpelling } from './spelling.ts';
import { openStore, type Store } from './store.ts';

export const EVENT_CHANNEL = 'rushes:event';
export const PORT_CHANNEL = 'rushes:port';

const SMALLEST = { width: 960, height: 600 };
const placeSchema = z.object({
  bounds: z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() }).nullable().default(null),
  maximized: z.boolean().default(false),
});
type Place = z.infer<typeof placeSchema>;

export interface MainWindowOptions {
  preload: string;
  dataFolder: string;
  developer: boolean;
  log: Logger;
  engine: () => EngineHost;
}

export class MainWindow {
  readonly #options: MainWindowOptions;
  readonly #place: Store<Place>;
  #window: BrowserWindow | null = null;
  #wantsEngine = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#place = openStore(options.dataFolder, 'window', placeSchema);
  }

  contents(): WebContents | null {
    return this.#window?.webContents ?? null;
  }

  /** Throws when it is closed: only a page that is open can ask for a dialog. */
  browserWindow(): BrowserWindow {
    if (!this.#window) throw new Error('the window is closed');
    return this.#window;
  }

  open(): void {
    if (this.#window) {
      this.focus();
      return;
    }
    const { bounds, maximized } = this.#place.get();
    const window = new BrowserWindow({
      ...(bounds && isOnScreen(bounds) ? bounds : { width: 1280, height: 800 }),
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#101113' : '#f4f4f5',
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: true,
        navigateOnDragDrop: false,
        devTools: this.#options.developer,
      },
    });
    this.#window = window;
    if (maximized) window.maximize();
    lockContents(window.webContents);
    offerSpelling(window.webContents);
    window.once('ready-to-show', () => window.show());
    window.on('close', () => this.#place.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
    window.on('closed', () => {
      this.#window = null;
      this.#wantsEngine = false;
    });
    this.#reloadAfterCrash(window);
    void window.loadURL(`${APP_ORIGIN}/`).catch((error: unknown) => this.#options.log.error({ err: error }, 'page not loaded'));
  }

  focus(): void {
    if (!this.#window) return;
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  send(event: AppEvent): void {
    this.#window?.webContents.send(EVENT_CHANNEL, event);
  }

  /** The page asks for a port: now when the engine is ready, else as soon as it is. */
  wantEngine(): void {
    this.#wantsEngine = true;
    if (this.#options.engine().state === 'ready') this.connectEngine();
  }

  connectEngine(): void {
    if (!this.#wantsEngine || !this.#window) return;
    const { port1, port2 } = new MessageChannelMain();
    this.#options.engine().connect(port1);
    this.#window.webContents.postMessage(PORT_CHANNEL, null, [port2]);
  }

  /** A page that crashes again at once is left alone: loading it for ever would help nobody. */
  #reloadAfterCrash(window: BrowserWindow): void {
    let lastMs = 0;
    window.webContents.on('render-process-gone', (_event, details) => {
      this.#options.log.error({ details }, 'the page ended');
      this.#wantsEngine = false;
      if (details.reason === 'clean-exit' || Date.now() - lastMs < 10_000) return;
      lastMs = Date.now();
      window.webContents.reload();
    });
  }
}

function isOnScreen(bounds: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching(bounds);
  const overlapX = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
  const overlapY = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
  return overlapX >= SMALLEST.width / 2 && overlapY >= SMALLEST.height / 2;
}
