/** What is installed and what it would run on. */
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import type { Inference } from '../inference/types.ts';
import type { Library } from '../library/types.ts';
import { forgetTools, inspectTools, type Tool } from '../media/ffmpeg.ts';
import { VERSION } from './version.ts';

export async function examine(library: Library, inference: Inference): Promise<DoctorReport> {
  forgetTools();
  const { ffmpeg, ffprobe } = await inspectTools();
  // One after the other: the models are tried on what the providers' trials found.
  const providers = await inference.providerReport();
  const models = await inference.modelReport();
  return {
    version: VERSION,
    ffmpeg: shown(ffmpeg),
    ffprobe: shown(ffprobe),
    providers,
    models,
    library: { path: library.path, bytes: library.bytes(), media: library.countMedia() },
  };
}

const shown = (tool: Tool | null): { path: string; version: string } | null => (tool ? { path: tool.path, version: tool.version } : null);
