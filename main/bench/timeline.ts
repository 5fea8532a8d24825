/**
 * `bench -- timeline`: the timeline with 10,000 made-up shots beside 1,000, scrolled and zoomed by a scripted hand for ten
 * seconds each in a real window. The page is built for this alone (renderer/timeline/harness) and not shipped.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { installed, openDisplay, projectRoot } from './place.ts';
import { busyPerFrame } from './timeline-trace.ts';

export interface TimelineBenchOptions {
  /** Numbers of shots, each measured in its own window. */
  shots?: readonly number[];
  width?: number;
  height?: number;
  print?: (line: string) => void;
}

export interface FrameFigures {
  frames: number;
  /** Milliseconds. */
  median: number;
  p95: number;
  max: number;
  /** Of all frames, those within 16.7 ms: 0 to 1. */
  within: number;
}

export interface TimelineFigures {
  shots: number;
  /** The main thread's busy time in each frame, from Chromium's trace: script, style, layout and paint. */
  busy: FrameFigures;
  /** Of that, what the processor spent: without the turns that other programs had in between. */
  processor: FrameFigures;
  /** Script alone: animation-frame callbacks and input handlers, by performance.now around them. */
  script: FrameFigures;
  /** From frame to frame. */
  apart: FrameFigures;
}

const BUDGET_MS = 1000 / 60;
/** A display's beat is told to a tenth of a millisecond: a frame in time may read 16.8. */
const CLOCK_JITTER_MS = 0.2;
const TARGET = 0.95;
const TRACED = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Measures and prints; returns the figures, and whether the first number of shots is within the target. */
export async function run(options: TimelineBenchOptions = {}): Promise<{ figures: TimelineFigures[]; passed: boolean }> {
  const { shots = [10_000, 1000], width = 1280, height = 800, print = console.log } = options;
  const root = projectRoot();
  await buildPage(root);
  const display = await openDisplay();
  try {
    const figures: TimelineFigures[] = [];
    for (const count of shots) figures.push(await measure(root, count, width, height));
    print(`timeline, ${width}x${height}${display.virtual ? ', drawn in software without a display' : ''}; target: ${TARGET * 100} % of frames within ${BUDGET_MS.toFixed(1)} ms of script and paint`);
    print('  shots   what               frames   median     p95     max   within 16.7 ms');
    for (const one of figures) {
      print(row(one.shots, 'script and paint', one.busy));
      print(row(one.shots, '  processor time', one.processor));
      print(row(one.shots, 'script alone', one.script));
      print(row(one.shots, 'frame to frame', one.apart));
    }
    const passed = (figures[0]?.busy.within ?? 0) >= TARGET;
    print(passed ? '  within the target' : '  NOT within the target');
    return { figures, passed };
  } finally {
    display.close();
  }
}

function row(shots: number, what: string, figures: FrameFigures): string {
  const number = (value: number): string => `${value.toFixed(1)} ms`.padStart(9);
  return `${String(shots).padStart(7)}   ${what.padEnd(17)} ${String(figures.frames).padStart(7)}${number(figures.median)}${number(figures.p95)}${number(figures.max)}   ${(figures.within * 100).toFixed(1)} %`;
}

/** `limit` in milliseconds. */
export function figuresOf(milliseconds: readonly number[], limit = BUDGET_MS): FrameFigures {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { frames: sorted.length, median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0, within: sorted.filter((value) => value <= limit).length / Math.max(1, sorted.length) };
}

async function measure(root: string, shots: number, width: number, height: number): Promise<TimelineFigures> {
  const { _electron } = (await import(installed('@playwright/test'))) as typeof import('@playwright/test');
  const app = await _electron.launch({ args: [join(root, 'renderer/timeline/harness/window.mjs'), join(root, 'dist/timeline-harness/index.html'), `shots=${shots}&captions=${shots}`, String(width), String(height)] });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction('window.harness !== undefined');
    await page.waitForTimeout(1500);
    await trace(app);
    const frames = (await page.evaluate('window.harness.run()')) as { script: number[]; apart: number[] };
    const path = await app.evaluate(({ contentTracing }) => contentTracing.stopRecording());
    const busy = busyPerFrame(path);
    rmSync(path, { force: true });
    return { shots, busy: figuresOf(busy.wall), processor: figuresOf(busy.processor), script: figuresOf(frames.script), apart: figuresOf(frames.apart, BUDGET_MS + CLOCK_JITTER_MS) };
  } finally {
    await app.close();
  }
}

function trace(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ contentTracing }, included_categories) => contentTracing.startRecording({ included_categories }), TRACED);
}

async function buildPage(root: string): Promise<void> {
  const { build } = (await import(installed('vite'))) as typeof import('vite');
  await build({ configFile: join(root, 'renderer/timeline/harness/vite.config.ts'), logLevel: 'error' });
}
