/**
 * Finds the ffmpeg and ffprobe to use. Order: FFMPEG_BIN / FFPROBE_BIN, the folder given by the app (its packaged
 * resources), the optional `ffmpeg-static`, then PATH; ffprobe is also looked for beside the ffmpeg found.
 * A candidate counts only when it runs and tells its version, so a half-installed one is passed over.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';

export interface Tool {
  path: string;
  /** As the tool prints it: "5.1.9-0+deb12u1", "8.0", "N-117770-g…". */
  version: string;
  /** Major version; null for development builds, which are newer than any release known here. */
  major: number | null;
}
export interface Tools {
  ffmpeg: Tool;
  ffprobe: Tool;
}
export type ToolName = keyof Tools;

const suffix = process.platform === 'win32' ? '.exe' : '';
let binDir: string | null = null;
let found: Promise<Tools> | null = null;
const filterLists = new Map<string, Promise<ReadonlySet<string>>>();

/** Sets the folder of the tools bundled with the app and forgets what was found before. */
export function setBinDir(folder: string | null): void {
  binDir = folder;
  forgetTools();
}

/** Looks again at the next call: after the person installed ffmpeg, or in tests. */
export function forgetTools(): void {
  found = null;
  filterLists.clear();
}

/** Both tools, found once. Throws ExpectedError('ffmpeg_missing') and looks again next time. */
export function findTools(): Promise<Tools> {
  found ??= search().catch((error: unknown) => {
    found = null;
    throw error;
  });
  return found;
}

/** What `findTools` would give, with null for what is not there. For the doctor: never throws. */
export async function inspectTools(): Promise<{ ffmpeg: Tool | null; ffprobe: Tool | null }> {
  // At the same time: each start costs, and the shortest commands feel it.
  const [ffmpeg, ffprobe] = await Promise.all([firstWorking('ffmpeg', candidates('ffmpeg')), firstWorking('ffprobe', candidates('ffprobe'))]);
  const beside = ffmpeg && !ffprobe ? [siblingOf(ffmpeg.path, 'ffprobe')] : [];
  return { ffmpeg, ffprobe: ffprobe ?? (await firstWorking('ffprobe', beside)) };
}

async function search(): Promise<Tools> {
  const { ffmpeg, ffprobe } = await inspectTools();
  if (!ffmpeg) throw new ExpectedError('ffmpeg_missing', { tool: 'ffmpeg' });
  if (!ffprobe) throw new ExpectedError('ffmpeg_missing', { tool: 'ffprobe' });
  return { ffmpeg, ffprobe };
}

function candidates(name: ToolName): string[] {
  const fromEnvironment = process.env[name === 'ffmpeg' ? 'FFMPEG_BIN' : 'FFPROBE_BIN'];
  const bundled = binDir ? join(binDir, name + suffix) : null;
  const packaged = name === 'ffmpeg' ? staticFfmpeg() : null;
  return [fromEnvironment, bundled, packaged, name].filter((path): path is string => Boolean(path));
}

/** Where `ffmpeg-static` keeps its binary; null when the optional package is absent. It may not have been downloaded. */
function staticFfmpeg(): string | null {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    // A program cannot be started from inside an asar archive; the packager unpacks it beside.
    return typeof path === 'string' ? path.replace(/app\.asar([/\\])/, 'app.asar.unpacked$1') : null;
  } catch {
    return null;
  }
}

function siblingOf(path: string, name: ToolName): string {
  return path.includes('/') || path.includes('\\') ? join(dirname(path), name + suffix) : name;
}

async function firstWorking(name: ToolName, paths: string[]): Promise<Tool | null> {
  for (const path of paths) {
    const version = await readVersion(name, path);
    if (version !== null) return { path, version, major: majorOf(version) };
  }
  return null;
}

/** Output of a short run of a tool; null when it can't be started or fails. */
function runShort(path: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(path, args, { timeout: 10_000, windowsHide: true, maxBuffer: 4 << 20 }, (error, stdout) => {
      resolve(error ? null : stdout);
    });
  });
}

async function readVersion(name: ToolName, path: string): Promise<string | null> {
  const output = await runShort(path, ['-hide_banner', '-version']);
  return output === null ? null : (new RegExp(`^${name} version (\\S+)`).exec(output)?.[1] ?? null);
}

/** Major version of "5.1.9-0+deb12u1", "n7.1", "8.0-static"; null for "N-…" and "git-…" builds. */
export function majorOf(version: string): number | null {
  const match = /^n?(\d+)\./.exec(version);
  return match ? Number(match[1]) : null;
}

/** True when this ffmpeg has all the named filters. The list is read once for each ffmpeg. */
export async function hasFilters(...names: string[]): Promise<boolean> {
  const { path } = (await findTools()).ffmpeg;
  let list = filterLists.get(path);
  if (!list) {
    list = runShort(path, ['-hide_banner', '-filters']).then((output) => parseFilterList(output ?? ''));
    filterLists.set(path, list);
  }
  const filters = await list;
  return names.every((name) => filters.has(name));
}

/** Names out of `ffmpeg -filters`: " TSC scale  V->V  …" (flags are two letters on ffmpeg 8). */
export function parseFilterList(output: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of output.split('\n')) {
    const name = /^\s*[T.][S.][C.]?\s+(\w+)\s+\S+->\S+/.exec(line)?.[1];
    if (name) names.add(name);
  }
  return names;
}
