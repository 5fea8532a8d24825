/**
 * Arguments of encode jobs. fluent-ffmpeg builds them: it keeps input, output and filter options in the order ffmpeg
 * wants. It never runs anything here; `process.ts` does.
 */
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { fileUrl, inputOptions, pipeName } from './process.ts';

export type { FfmpegCommand };

/** Arguments for a command that reads `inputs` (paths) and is completed by `configure`. */
export function encodeArguments(inputs: readonly string[], configure: (command: FfmpegCommand) => void): string[] {
  const command = ffmpeg();
  for (const input of inputs) command.input(fileUrl(input)).inputOptions(inputOptions());
  configure(command);
  return command._getArguments();
}

/**
 * An extra output of an encode job that ends it when this process dies. A job that writes only to a file would go on
 * without us; this one also writes a line for each packet of one input stream to a pipe, and ffmpeg stops everything
 * when a pipe breaks. Costs nothing to speak of: packets are not decoded for it.
 */
export function lifeline(streamIndex: number, pipe: number): string[] {
  return ['-map', `0:${streamIndex}`, '-c', 'copy', '-flush_packets', '1', '-f', 'framecrc', pipeName(pipe)];
}
