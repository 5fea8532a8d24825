/** `rushes doctor`: what is installed and what it would run on. Something missing or altered is an expected failure. */
import { statSync } from 'node:fs';
import { ExpectedError } from '../../shared/errors.ts';
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import type { CommandContext } from './run.ts';
import { doctorLines } from './words.ts';

export async function doctor({ json }: { json: boolean }, context: CommandContext): Promise<void> {
  const { output } = context;
  const report = await (await context.engine()).doctor();
  if (json) await output.line(JSON.stringify(report));
  else for (const line of doctorLines(report)) await output.line(line);
  for (const problem of problems(report)) context.failed(problem);
}

function problems(report: DoctorReport): ExpectedError[] {
  const found: ExpectedError[] = [];
  for (const tool of ['ffmpeg', 'ffprobe'] as const) if (!report[tool]) found.push(new ExpectedError('ffmpeg_missing', { tool }));
  for (const { state, file, bytes } of report.models) {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (state !== 'ok') found.push(new ExpectedError(`model_${state}`, { file, bytes: size, expected: bytes }));
  }
  return found;
}
