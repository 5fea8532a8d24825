/**
 * `bench open`: the real app, from its start to a usable window, from a film's opening to its first keyframe in the window, and
 * the same for a film whose results are stored.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { benchFilm } from './film.ts';
import { installed, openDisplay, projectRoot } from './place.ts';
import { machineLine, report, type Figure } from './table.ts';

export interface OpenBenchOptions {
  /** Length of the film. */
  minutes: number;
  /** Seconds to let the analysis run before the film is opened again; it ends sooner when it is done. */
  analyseFor: number;
  /** Starts and openings; the median is told. */
  rounds: number;
  /** Folder of the sample clips. */
  clips: string;
  print(line: string): void;
}

/** Seconds. */
const TARGETS = { usable: 1.5, firstKeyframe: 2, again: 0.5 } as const;
const USABLE = '[data-testid="window"][data-engine="ready"]';
const PICTURE = ':is([data-testid="first-keyframe"], [data-testid="shot-item"]) img';
const LIMIT_MS = 60_000;

interface Opened {
  app: ElectronApplication;
  page: Page;
  /** Seconds from the start of the process until the window takes commands. */
  usable: number;
}

export async function run({ minutes, analyseFor, rounds, clips, print }: OpenBenchOptions): Promise<boolean> {
  const film = await benchFilm(clips, minutes);
  const display = await openDisplay();
  try {
    print(`${machineLine()}${display.virtual ? '; drawn in software without a display' : ''}; ${minutes} minutes of 720p`);
    const usable: number[] = [];
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const home = makeHome();
      try {
        const fresh = await launch(home);
        usable.push(fresh.usable);
        first.push(await openFilm(fresh, film));
        await waitForAnalysis(fresh.page, analyseFor);
        await fresh.app.close();
        const next = await launch(home);
        usable.push(next.usable);
        again.push(await openFilm(next, film));
        await next.app.close();
      } finally {
        rmSync(home, { recursive: true, force: true, maxRetries: 5 });
      }
    }
    return report(
      [
        figure(`window usable after launch (${usable.length} starts)`, usable, TARGETS.usable),
        figure(`first keyframe of a new film (${first.length})`, first, TARGETS.firstKeyframe),
        figure(`first keyframe, opened again (${again.length})`, again, TARGETS.again),
      ],
      print,
    );
  } finally {
    display.close();
  }
}

function figure(name: string, seconds: number[], target: number): Figure {
  const sorted = seconds.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  return { name, value: median, unit: 's', reference: { name: 'slowest', value: sorted.at(-1) ?? NaN }, target: { kind: 'at_most', value: target } };
}

/** A home of its own, so that neither the person's library nor an earlier run has a part in it. */
function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'rushes-bench-home-'));
  for (const folder of ['data', 'Videos']) mkdirSync(join(home, folder));
  return home;
}

async function launch(home: string): Promise<Opened> {
  const { _electron } = (await import(installed('@playwright/test'))) as typeof import('@playwright/test');
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^(XDG_|RUSHES_|ELECTRON_RUN_AS_NODE$)/.test(name));
  const env: Record<string, string> = { ...(Object.fromEntries(kept) as Record<string, string>), HOME: home, RUSHES_DATA: join(home, 'data') };
  // Root can't use Chromium's sandbox.
  if (process.getuid?.() === 0) env['ELECTRON_DISABLE_SANDBOX'] = '1';
  const started = Date.now();
  const app = await _electron.launch({ args: [projectRoot()], cwd: home, env });
  const page = await app.firstWindow();
  await page.waitForSelector(USABLE, { timeout: LIMIT_MS });
  return { app, page, usable: (Date.now() - started) / 1000 };
}

/** Seconds from the choice in the dialog until a keyframe of the film is drawn. */
async function openFilm({ app, page }: Opened, film: string): Promise<number> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, film);
  const picture = page.waitForFunction((selector) => [...document.querySelectorAll<HTMLImageElement>(selector)].some((image) => image.complete && image.naturalWidth > 0), PICTURE, { timeout: LIMIT_MS, polling: 'raf' });
  const chosen = Date.now();
  await page.click('[data-testid="media-open"]');
  await picture;
  return (Date.now() - chosen) / 1000;
}

async function waitForAnalysis(page: Page, seconds: number): Promise<void> {
  await page.waitForSelector('[data-testid="media-item"][data-status="done"]', { timeout: seconds * 1000 }).catch(() => null);
}
