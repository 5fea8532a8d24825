/** Where the files of an export go. */
import { access } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import { checkTarget } from '../media/safeFile.ts';
import { containerForPath, extensionFor } from './containers.ts';
import { DEFAULT_PATTERN, fillPattern, freePath, stemOf } from './names.ts';
import { sourceOf, type ExportPlan } from './plan.ts';
import { sidecarPaths } from './sidecar.ts';

/** A file for one output; a folder, and a pattern of names, for several. */
export type ExportTarget = { file: string } | { folder: string; pattern?: string };

export function inputsOf(plan: ExportPlan): string[] {
  return plan.sources.map(({ path }) => path);
}

/**
 * One path for a joined export, else one for each segment. All are checked before anything is written, with the caption files that go
 * beside them; in a folder a name is free when theirs are too. Throws ExpectedError as `checkTarget`.
 */
export async function targetPaths(plan: ExportPlan, target: ExportTarget, options: { overwrite: boolean; captions: ExportedCaptions | null }): Promise<string[]> {
  const { sidecar = [], sidecarFormat = 'srt' } = options.captions ?? {};
  const besides = (path: string): string[] => sidecarPaths(path, sidecar, sidecarFormat);
  const check = async (path: string, overwrite: boolean): Promise<void> => {
    for (const each of [path, ...besides(path)]) await checkTarget({ path: each, overwrite, inputs: inputsOf(plan) });
  };
  const outputs = plan.join ? 1 : plan.segments.length;
  if ('file' in target && outputs === 1) {
    await check(target.file, options.overwrite);
    return [target.file];
  }
  const folder = 'file' in target ? dirname(target.file) : target.folder;
  const pattern = 'file' in target ? `${stemOf(target.file).replaceAll(/[{}]/g, '_')}-{n}` : (target.pattern ?? DEFAULT_PATTERN);
  const asked = 'file' in target && containerForPath(target.file) ? extname(target.file).slice(1) : '';
  const paths: string[] = [];
  const taken = new Set<string>();
  for (const segment of plan.segments.slice(0, outputs)) {
    const values = { media: sourceOf(plan, segment).name, clip: segment.name, number: paths.length + 1, count: plan.segments.length };
    const path = await freeWithBesides(folder, fillPattern(pattern, values), asked || extensionFor(plan.container), { taken, besides });
    await check(path, false);
    for (const each of [path, ...besides(path)]) taken.add(each);
    paths.push(path);
  }
  return paths;
}

/** As `freePath`, but the caption files beside it must be free too. */
async function freeWithBesides(folder: string, stem: string, extension: string, { taken, besides }: { taken: ReadonlySet<string>; besides: (path: string) => string[] }): Promise<string> {
  const refused = new Set(taken);
  for (;;) {
    const path = await freePath(folder, stem, extension, refused);
    const free = await Promise.all(besides(path).map(async (each) => !taken.has(each) && !(await exists(each))));
    if (free.every(Boolean)) return path;
    refused.add(path);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
